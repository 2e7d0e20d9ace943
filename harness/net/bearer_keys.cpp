#include <fcntl.h>
#include <fmt/format.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "net/bearer.hpp"

namespace muster::net {
namespace {

constexpr std::size_t min_key_bytes = 32;
constexpr std::size_t max_live_keys = 3;
constexpr std::size_t max_file_bytes = 64 * 1024;

Error bad_keys(std::string message) {
  return error("bearer_keys", std::move(message));
}

bool is_kid(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

/// One entry of `keys`; messages name its position and kid, never its secret.
Result<BearerKey> read_key(const Json& entry, std::size_t index) {
  if (!entry.is_object()) return bad_keys(fmt::format("key {} is no object", index));
  auto kid = string_at(entry, "kid");
  if (!is_kid(kid)) {
    return bad_keys(
        fmt::format("the kid of key {} is missing or not [A-Za-z0-9_-]{{1,64}}", index));
  }
  auto token = string_at(entry, "secret");
  auto secret = from_base64(token);
  if (token.empty() || !secret) {
    return bad_keys(fmt::format("the secret of key `{}` is missing or not base64", kid));
  }
  if (secret->size() < min_key_bytes) {
    return bad_keys(fmt::format("the secret of key `{}` has {} bytes, at least {} are needed", kid,
                                secret->size(), min_key_bytes));
  }
  std::optional<WallTime> not_after;
  if (const auto found = entry.find("not_after"); found != entry.end() && !found->is_null()) {
    if (found->is_string()) not_after = parse_rfc3339(found->get<std::string>());
    if (!not_after) {
      return bad_keys(fmt::format("not_after of key `{}` is no RFC 3339 time", kid));
    }
  }
  return BearerKey(std::move(kid), std::move(*secret), std::move(token), not_after);
}

Result<std::string> read_all(int fd, const std::string& name) {
  std::string text;
  char buffer[4096];
  for (;;) {
    const auto count = ::read(fd, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return error("bearer_file", fmt::format("cannot read {}: {}", name, strerror(errno)));
    }
    if (count == 0) break;
    text.append(buffer, static_cast<std::size_t>(count));
    if (text.size() > max_file_bytes) {
      return error("bearer_file", fmt::format("{} is larger than {} bytes", name, max_file_bytes));
    }
  }
  explicit_bzero(buffer, sizeof buffer);
  return text;
}

void wipe(std::string& text) {
  explicit_bzero(text.data(), text.size());
}

Result<KeyRing> parse_and_wipe(Result<std::string> text, const std::string& name,
                               const Clock& clock) {
  if (!text) return text.error();
  auto ring = KeyRing::parse(*text, clock);
  wipe(*text);
  if (ring) return ring;
  auto failure = ring.error();
  failure.place.uri = name;
  return failure;
}

}  // namespace

BearerKey::BearerKey(std::string kid, std::string secret, std::string token,
                     std::optional<WallTime> not_after)
    : kid_(std::move(kid)),
      secret_(std::move(secret)),
      token_(std::move(token)),
      not_after_(not_after) {}

BearerKey::~BearerKey() {
  wipe(secret_);
  wipe(token_);
}

bool BearerKey::live(WallTime now) const {
  if (!not_after_) return true;
  return now.seconds < not_after_->seconds ||
         (now.seconds == not_after_->seconds && now.nanos <= not_after_->nanos);
}

std::string BearerKey::fingerprint() const {
  return sha256_hex(secret_).substr(0, 8);
}

Result<KeyRing> KeyRing::parse(std::string_view text, const Clock& clock) {
  const auto json = parse_json(text);
  // The parser's message quotes its input, which is a secret here.
  if (!json) return bad_keys("the key file is not valid JSON");
  if (!json->is_object() || !json->contains("keys") || !json->at("keys").is_array()) {
    return bad_keys("the key file has no `keys` list");
  }
  KeyRing ring;
  std::size_t live = 0;
  for (const auto& entry : json->at("keys")) {
    auto key = read_key(entry, ring.keys_.size() + 1);
    if (!key) return key.error();
    if (ring.find(key->kid()) != nullptr) {
      return bad_keys(fmt::format("the kid `{}` is given twice", key->kid()));
    }
    if (key->live(clock.wall())) ++live;
    ring.keys_.push_back(std::move(*key));
  }
  if (ring.keys_.empty()) return bad_keys("the key file has no key");
  if (live > max_live_keys) {
    return bad_keys(fmt::format("{} live keys, at most {} are allowed", live, max_live_keys));
  }
  return ring;
}

Result<KeyRing> KeyRing::load(const std::string& path, const Clock& clock) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0) {
    return error("bearer_file",
                 fmt::format("cannot open the key file {}: {}", printable(path), strerror(errno)));
  }
  if (!S_ISREG(info.st_mode)) {
    return error("bearer_file", fmt::format("the key file {} is no regular file", printable(path)));
  }
  if (info.st_uid != ::geteuid() && info.st_uid != 0) {
    return error("bearer_mode",
                 fmt::format("the key file {} belongs to another user", printable(path)));
  }
  if ((info.st_mode & 0177U) != 0) {
    return error("bearer_mode",
                 fmt::format("the key file {} has mode {:04o}, wider than 0600", printable(path),
                             info.st_mode & 07777U),
                 fmt::format("chmod 600 {}", printable(path)));
  }
  return parse_and_wipe(read_all(fd.get(), path), path, clock);
}

Result<KeyRing> KeyRing::load_descriptor(int fd, const Clock& clock) {
  const auto name = fmt::format("descriptor {}", fd);
  return parse_and_wipe(read_all(fd, name), name, clock);
}

const BearerKey* KeyRing::find(std::string_view kid) const {
  for (const auto& key : keys_) {
    if (key.kid() == kid) return &key;
  }
  return nullptr;
}

const BearerKey* KeyRing::signing_key(WallTime now) const {
  for (const auto& key : keys_) {
    if (key.live(now)) return &key;
  }
  return nullptr;
}

std::vector<std::string> KeyRing::fingerprints() const {
  std::vector<std::string> out;
  for (const auto& key : keys_) out.push_back(key.fingerprint());
  return out;
}

}  // namespace muster::net
