#pragma once

#include <string_view>

namespace muster {

/// What stands where a secret was.
inline constexpr std::string_view kRedacted = "[redacted]";

/// Whether what is called `name` is a secret: the name contains token, secret, password, passwd,
/// passphrase, credential, or api, access, auth, private, signing, encryption or session before key
/// (with `_`, `-` or nothing between), ends in `_pwd`, or is that of a header that carries
/// credentials (Authorization, Proxy-Authorization, Cookie, Set-Cookie).
bool names_secret(std::string_view name);

/// Whether `value` tells nothing although its name says secret: empty, a flag, null, what is
/// redacted already, or the number of tokens for a name that ends in `tokens`.
bool tells_nothing(std::string_view name, std::string_view value);

}  // namespace muster
