#include "gherkin/scanner.hpp"

#include "gherkin/blank.hpp"

namespace muster::gherkin {

bool Scanner::next(Line& line) {
  const auto end = rest_.find('\n');
  const bool last = end == std::string_view::npos;
  std::string_view text = rest_.substr(0, end);
  if (ended_ || (last && trim_left(text).empty())) {
    line = {number_ + 1, 0, {}, {}};
    return false;
  }
  if (!last && text.ends_with('\r')) text.remove_suffix(1);
  line.number = ++number_;
  line.text = text;
  line.trimmed = trim_left(text, line.indent);
  if (last) {
    ended_ = true;
  } else {
    rest_.remove_prefix(end + 1);
  }
  return true;
}

}  // namespace muster::gherkin
