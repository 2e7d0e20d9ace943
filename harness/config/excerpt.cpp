#include "config/excerpt.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "base/redact.hpp"
#include "base/text.hpp"

namespace muster::config {
namespace {

constexpr std::size_t kLongestExcerpt = 160;

/// A line of TOML without what may be secret: base/redact knows `name=value` but no quotes behind
/// the `=`.
std::string without_secrets(std::string line) {
  static const RE2 member(
      R"((?i)((?:token|secret|password|passwd|api_?key|credential|private_?key)[a-z0-9_."'-]*[ \t]*=[ \t]*).+$)");
  RE2::GlobalReplace(&line, member, R"(\1[redacted])");
  return redact(line);
}

}  // namespace

Diagnostic at(std::string_view text, Place place, int width, std::string code, std::string message,
              std::string hint) {
  Diagnostic made;
  made.code = std::move(code);
  made.message = std::move(message);
  made.hint = std::move(hint);
  const std::string line = valid_utf8(line_of(text, place.line));
  const auto column = static_cast<std::size_t>(std::max(place.column, 1));
  if (column <= kLongestExcerpt) {
    made.excerpt = shorten(without_secrets(line), kLongestExcerpt + 40);
    const auto shown = code_points(made.excerpt);
    // a caret under text that is not shown would point at nothing
    width = std::min(width, static_cast<int>(shown) - place.column + 1);
  }
  made.width = std::max(width, 1);
  made.place = std::move(place);
  return made;
}

}  // namespace muster::config
