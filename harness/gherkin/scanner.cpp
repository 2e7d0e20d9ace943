#include "gherkin/scanner.hpp"

#include "gherkin/blank.hpp"

namespace muster::gherkin {

bool Scanner::next(Line& line) {
  const std::size_t end = ended_ ? std::string_view::npos : ends_.next();
  const bool last = end == std::string_view::npos;
  std::string_view text = text_.substr(at_, last ? end : end - at_);
  if (ended_ || (last && trim_left(text).empty())) {
    line = {number_ + 1, 0, {}, {}};
    return false;
  }
  if (!last && text.ends_with('\r')) text.remove_suffix(1);
  line.number = ++number_;
  line.text = text;
  const std::size_t spaces = leading_spaces(text);
  line.trimmed = trim_left(text.substr(spaces), line.indent);
  line.indent += static_cast<int>(spaces);
  if (last) {
    ended_ = true;
  } else {
    at_ = end + 1;
  }
  return true;
}

}  // namespace muster::gherkin
