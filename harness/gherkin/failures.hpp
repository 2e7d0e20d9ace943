#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/document.hpp"

namespace muster::gherkin {

/// The errors of one file, in the order in which they were found, each once.
class Failures {
 public:
  /// `limit`: errors that are collected; the one after them ends the parse and is kept as well, as
  /// the official implementation does.
  Failures(std::string_view uri, std::size_t limit) : uri_(uri), limit_(limit) {}

  /// Adds `(line:column): text`; column 0 means that only the line is known.
  void add(int line, int column, std::string_view text);
  /// As before, but what the message says differs from the location that is given with it.
  void add(int line, int column, std::string_view text, messages::Location location);

  bool empty() const { return errors_.empty(); }
  /// So many errors that the parse ends here.
  bool full() const { return errors_.size() > limit_; }
  std::vector<messages::ParseError> take() { return std::move(errors_); }

 private:
  std::string uri_;
  std::size_t limit_;
  std::vector<messages::ParseError> errors_;
};

}  // namespace muster::gherkin
