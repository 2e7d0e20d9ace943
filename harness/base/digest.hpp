#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace muster {

using Sha256 = std::array<std::uint8_t, 32>;

/// SHA-256 of `bytes`.
Sha256 sha256(std::string_view bytes);

/// SHA-256 of `bytes` as 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

/// HMAC-SHA-256 (RFC 2104) of `bytes` under `key`.
Sha256 hmac_sha256(std::string_view key, std::string_view bytes);

/// Lower-case hex of `bytes`.
std::string to_hex(std::string_view bytes);
inline std::string to_hex(const Sha256& digest) {
  return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

/// Base64 (RFC 4648 section 4, padded) and its URL-safe form (section 5, unpadded).
std::string to_base64(std::string_view bytes);
std::string to_base64url(std::string_view bytes);

/// The bytes of base64 in either alphabet, padded or not; nullopt for anything else (blanks, bad
/// length, set spare bits).
std::optional<std::string> from_base64(std::string_view text);

/// Equal, in a time that depends on the lengths alone.
bool constant_time_equal(std::string_view a, std::string_view b);

}  // namespace muster
