#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace muster::net {

/// A shared secret. Nothing here prints it; the memory is wiped when the key dies.
class BearerKey {
 public:
  BearerKey(std::string kid, std::string secret, std::string token,
            std::optional<WallTime> not_after = {});
  BearerKey(const BearerKey&) = default;
  BearerKey& operator=(const BearerKey&) = default;
  ~BearerKey();

  const std::string& kid() const { return kid_; }
  const std::string& secret() const { return secret_; }
  /// What static mode sends: the base64 text of the secret as the key file has it.
  const std::string& token() const { return token_; }
  bool live(WallTime now) const;
  /// First 8 hex digits of SHA-256(secret): tells keys apart in logs and reports without giving
  /// them away.
  std::string fingerprint() const;

 private:
  std::string kid_, secret_, token_;
  std::optional<WallTime> not_after_;
};

/// Up to three live keys, for rotation; the first live one signs.
class KeyRing {
 public:
  /// Reads `{"keys":[{"kid","secret":base64,"not_after"?: RFC 3339}]}`. Keys have at least 32
  /// bytes, kids are unique and match
  /// `[A-Za-z0-9_-]{1,64}`. Errors: `bearer_keys` with what is wrong, never with a secret.
  static Result<KeyRing> parse(std::string_view json, const Clock& clock = system_clock());
  /// Reads a key file, which must be a regular file of this user (or root) without rights for group
  /// and others. Errors: `bearer_file`, `bearer_mode`, `bearer_keys`.
  static Result<KeyRing> load(const std::string& path, const Clock& clock = system_clock());
  /// Reads the same from an inherited descriptor to its end.
  static Result<KeyRing> load_descriptor(int fd, const Clock& clock = system_clock());

  const std::vector<BearerKey>& keys() const { return keys_; }
  const BearerKey* find(std::string_view kid) const;
  const BearerKey* signing_key(WallTime now) const;
  /// Fingerprints of the keys, in order.
  std::vector<std::string> fingerprints() const;

 private:
  std::vector<BearerKey> keys_;
};

enum class BearerMode { m1, fixed };
/// `m1` or `static` as ROCKY_RALPH_BEARER has it; `bearer_mode_name` otherwise.
Result<BearerMode> parse_bearer_mode(std::string_view name);

/// The string that m1 signs: "m1\n" METHOD "\n" path?query "\n" t "\n" nonce "\n"
/// hex(SHA-256(body)) "\n".
std::string bearer_signing_string(std::string_view method, std::string_view target, std::int64_t t,
                                  std::string_view nonce, std::string_view body);

/// The Authorization value `Bearer m1.<kid>.<t>.<nonce>.<base64url(HMAC-SHA256)>` under a given
/// key, time and nonce.
std::string bearer_sign(const BearerKey& key, std::string_view method, std::string_view target,
                        std::string_view body, std::int64_t t, std::string_view nonce);

/// The Authorization value for a request, now, with a fresh nonce, under the ring's signing key
/// (static mode: `Bearer <token>`). Error: `bearer_keys` when no key is live.
Result<std::string> bearer_sign(const KeyRing& keys, BearerMode mode, std::string_view method,
                                std::string_view target, std::string_view body,
                                const Clock& clock = system_clock());

/// Why a bearer was refused: for logs and the harness, never for the peer.
enum class BearerReason {
  missing,
  bad_format,
  unknown_key,
  bad_signature,
  skew,
  replay,
  expired_key
};
std::string_view to_string(BearerReason reason);

/// The one body of every 401, whatever the reason.
std::string_view bearer_refusal_body();

/// Judges Authorization values. Not thread-safe.
class Verifier {
 public:
  static constexpr std::int64_t window_s = 30;  ///< |now - t| at most
  static constexpr std::size_t max_nonces =
      1U << 17U;  ///< remembered for twice the window; when full, refused as replay

  Verifier(KeyRing keys, BearerMode mode, const Clock& clock = system_clock());

  /// nullopt when the request is genuine. `target` is path?query as sent, `body` without transfer
  /// coding. A genuine m1 value is consumed: the second time it is a replay.
  std::optional<BearerReason> verify(std::string_view authorization, std::string_view method,
                                     std::string_view target, std::string_view body);

  const KeyRing& keys() const { return keys_; }
  std::size_t remembered() const { return nonces_.size(); }

 private:
  std::optional<BearerReason> verify_m1(std::string_view credentials, std::string_view method,
                                        std::string_view target, std::string_view body);
  std::optional<BearerReason> verify_fixed(std::string_view token) const;
  void forget_old(std::int64_t now);

  KeyRing keys_;
  BearerMode mode_;
  const Clock* clock_;
  std::set<std::string, std::less<>> nonces_;        ///< kid.nonce
  std::multimap<std::int64_t, std::string> expiry_;  ///< second from which a nonce may be forgotten
};

}  // namespace muster::net
