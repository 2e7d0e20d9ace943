#pragma once

#include <string>
#include <string_view>

namespace muster {

/// `text` with secrets replaced by `[redacted]`: values of `Authorization`, `Cookie`, `Set-Cookie`
/// and `Proxy-Authorization` headers, `Bearer …` and `Basic …` credentials, passwords in URLs, and
/// values of names that contain token, secret, password, passwd, api_key, apikey, credential or
/// private_key, as `name=value`, `name: value` or a JSON member.
std::string redact(std::string_view text);

}  // namespace muster
