#pragma once

#include <string_view>

#include "gherkin/find_byte.hpp"

namespace muster::gherkin {

/// One line of a source, without its line end ("\n" or "\r\n").
struct Line {
  int number = 0;  ///< from 1
  int indent = 0;  ///< code points of the leading blanks
  std::string_view text;
  std::string_view trimmed;  ///< without the leading blanks
};

/// Cuts a source into lines. A value: a copy looks ahead without moving the original.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text), ends_(text, OneByte{'\n'}) {}

  /// Reads the next line; false at the end, when only `line.number` is set (one after the last
  /// line). What follows the last line end is no line if it is blank.
  bool next(Line& line);

 private:
  std::string_view text_;
  ByteWalk<OneByte> ends_;  // of lines
  std::size_t at_ = 0;      // where the next line begins
  int number_ = 0;
  bool ended_ = false;
};

}  // namespace muster::gherkin
