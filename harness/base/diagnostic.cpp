#include "base/diagnostic.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace muster {

std::string to_string(const Place& place) {
  std::string out = place.uri;
  if (place.line > 0) {
    if (!out.empty()) out += ':';
    out += std::to_string(place.line);
    if (place.column > 0) out += ':' + std::to_string(place.column);
  }
  return out;
}

std::string render(const Diagnostic& diagnostic) {
  std::string out;
  const std::string where = to_string(diagnostic.place);
  if (!where.empty()) out += where + ": ";
  out += "error: " + diagnostic.message + '\n';
  if (!diagnostic.excerpt.empty()) {
    const std::string number =
        diagnostic.place.line > 0 ? std::to_string(diagnostic.place.line) : std::string();
    out += "  " + number + " | " + printable(diagnostic.excerpt) + '\n';
    if (diagnostic.place.column > 0) {
      out += "  " + std::string(number.size(), ' ') + " | " +
             std::string(static_cast<std::size_t>(diagnostic.place.column - 1), ' ') +
             std::string(static_cast<std::size_t>(std::max(1, diagnostic.width)), '^') + '\n';
    }
  }
  if (!diagnostic.hint.empty()) out += "  hint: " + diagnostic.hint + '\n';
  return out;
}

std::string_view line_of(std::string_view text, int line) {
  for (; line > 1; --line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace muster
