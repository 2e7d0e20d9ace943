#include "base/secret_names.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace muster {
namespace {

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

bool names_secret(std::string_view name) {
  static const RE2 secret(
      "(?i)token|secret|password|passwd|passphrase|credential|"
      "(?:api|access|auth|private|signing|encryption|session)[_-]?key|[_-]pwd$|"
      "^(?:proxy-)?authorization$|^(?:set-)?cookie$");
  return RE2::PartialMatch(piece(name), secret);
}

bool tells_nothing(std::string_view name, std::string_view value) {
  constexpr std::array<std::string_view, 7> words{"",     "true",      "false",     "null",
                                                  "none", "undefined", "[redacted]"};
  if (std::any_of(words.begin(), words.end(), [&](auto word) { return iequals(value, word); }))
    return true;
  return value.size() <= 9 && to_lower(name).ends_with("tokens") &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace muster
