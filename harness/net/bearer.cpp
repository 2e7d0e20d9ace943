// The m1 scheme of the lifecycle contract. Every refusal looks the same to the peer and takes the
// same path as long as possible: an unknown key is compared against the signature of a throw-away
// key.
#include "net/bearer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"

namespace muster::net {
namespace {

constexpr std::string_view scheme = "Bearer ";
constexpr std::size_t nonce_bytes = 16;
constexpr std::size_t min_nonce = 8;
constexpr std::size_t max_nonce = 128;
constexpr std::size_t signature_digits = 43;  // base64url of 32 bytes

bool is_base64url(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

std::string signature(std::string_view secret, std::string_view signing_string) {
  const auto mac = hmac_sha256(secret, signing_string);
  return to_base64url({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

/// The five parts of `m1.<kid>.<t>.<nonce>.<signature>`.
struct M1 {
  std::string kid, nonce, signature;
  std::int64_t t = 0;
};

std::optional<M1> parse_m1(std::string_view credentials) {
  if (credentials.size() > 512) return std::nullopt;
  auto parts = split(credentials, '.');
  if (parts.size() != 5 || parts[0] != "m1") return std::nullopt;
  for (const auto& part : parts) {
    if (part.empty() || !is_base64url(part)) return std::nullopt;
  }
  const auto& digits = parts[2];
  const bool number = digits.size() <= 12 &&
                      digits.find_first_not_of("0123456789") == digits.npos &&
                      (digits.size() == 1 || digits[0] != '0');
  if (!number || parts[1].size() > 64 || parts[3].size() < min_nonce ||
      parts[3].size() > max_nonce || parts[4].size() != signature_digits) {
    return std::nullopt;
  }
  M1 out{std::move(parts[1]), std::move(parts[3]), std::move(parts[4])};
  std::from_chars(digits.data(), digits.data() + digits.size(), out.t);
  return out;
}

}  // namespace

Result<BearerMode> parse_bearer_mode(std::string_view name) {
  if (name == "m1") return BearerMode::m1;
  if (name == "static") return BearerMode::fixed;
  return error("bearer_mode_name",
               fmt::format("`{}` is no bearer mode", printable(shorten(name, 40))),
               "m1 and static are");
}

std::string bearer_signing_string(std::string_view method, std::string_view target, std::int64_t t,
                                  std::string_view nonce, std::string_view body) {
  return fmt::format("m1\n{}\n{}\n{}\n{}\n{}\n", method, target, t, nonce, sha256_hex(body));
}

std::string bearer_sign(const BearerKey& key, std::string_view method, std::string_view target,
                        std::string_view body, std::int64_t t, std::string_view nonce) {
  const auto text = bearer_signing_string(method, target, t, nonce, body);
  return fmt::format("Bearer m1.{}.{}.{}.{}", key.kid(), t, nonce, signature(key.secret(), text));
}

Result<std::string> bearer_sign(const KeyRing& keys, BearerMode mode, std::string_view method,
                                std::string_view target, std::string_view body,
                                const Clock& clock) {
  const auto now = clock.wall();
  const auto* key = keys.signing_key(now);
  if (key == nullptr) return error("bearer_keys", "every key has expired");
  if (mode == BearerMode::fixed) return std::string(scheme) + key->token();
  return bearer_sign(*key, method, target, body, now.seconds,
                     to_base64url(random_bytes(nonce_bytes)));
}

std::string_view to_string(BearerReason reason) {
  switch (reason) {
    case BearerReason::missing:
      return "missing";
    case BearerReason::bad_format:
      return "bad_format";
    case BearerReason::unknown_key:
      return "unknown_key";
    case BearerReason::bad_signature:
      return "bad_signature";
    case BearerReason::skew:
      return "skew";
    case BearerReason::replay:
      return "replay";
    case BearerReason::expired_key:
      return "expired_key";
  }
  return "unknown";
}

std::string_view bearer_refusal_body() {
  return R"({"error":{"code":"unauthorized","message":"the bearer is not accepted",)"
         R"("retryable":false}})";
}

Verifier::Verifier(KeyRing keys, BearerMode mode, const Clock& clock)
    : keys_(std::move(keys)), mode_(mode), clock_(&clock) {}

std::optional<BearerReason> Verifier::verify(std::string_view authorization,
                                             std::string_view method, std::string_view target,
                                             std::string_view body) {
  if (authorization.empty()) return BearerReason::missing;
  if (!authorization.starts_with(scheme)) return BearerReason::bad_format;
  const auto credentials = authorization.substr(scheme.size());
  return mode_ == BearerMode::m1 ? verify_m1(credentials, method, target, body)
                                 : verify_fixed(credentials);
}

std::optional<BearerReason> Verifier::verify_m1(std::string_view credentials,
                                                std::string_view method, std::string_view target,
                                                std::string_view body) {
  const auto claim = parse_m1(credentials);
  if (!claim) return BearerReason::bad_format;
  const auto wall = clock_->wall();
  const auto* key = keys_.find(claim->kid);
  static const std::string nobody(32, '\0');
  const auto text = bearer_signing_string(method, target, claim->t, claim->nonce, body);
  const bool genuine = constant_time_equal(signature(key != nullptr ? key->secret() : nobody, text),
                                           claim->signature);
  if (key == nullptr) return BearerReason::unknown_key;
  if (!genuine) return BearerReason::bad_signature;
  if (!key->live(wall)) return BearerReason::expired_key;
  const auto age = wall.seconds - claim->t;
  if (age > window_s || age < -window_s) return BearerReason::skew;
  forget_old(wall.seconds);
  auto name = claim->kid + "." + claim->nonce;
  if (nonces_.size() >= max_nonces || nonces_.contains(name)) return BearerReason::replay;
  expiry_.emplace(wall.seconds + 2 * window_s, name);
  nonces_.insert(std::move(name));
  return std::nullopt;
}

std::optional<BearerReason> Verifier::verify_fixed(std::string_view token) const {
  const auto wall = clock_->wall();
  std::optional<BearerReason> verdict = BearerReason::bad_signature;
  for (const auto& key : keys_.keys()) {  // all of them, so that the time says nothing of which
    if (!constant_time_equal(key.token(), token)) continue;
    verdict = key.live(wall) ? std::nullopt : std::optional(BearerReason::expired_key);
  }
  return verdict;
}

void Verifier::forget_old(std::int64_t now) {
  // A nonce is forgotten after its second has passed, not in it: a token of now + 30 is still good
  // at its 60th second.
  while (!expiry_.empty() && expiry_.begin()->first < now) {
    nonces_.erase(expiry_.begin()->second);
    expiry_.erase(expiry_.begin());
  }
}

}  // namespace muster::net
