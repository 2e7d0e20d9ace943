#include "gherkin/failures.hpp"

namespace muster::gherkin {

void Failures::add(int line, int column, std::string_view text) {
  messages::Location location{line, std::nullopt};
  if (column > 0) location.column = column;
  add(line, column, text, location);
}

void Failures::add(int line, int column, std::string_view text, messages::Location location) {
  if (full()) return;
  std::string message = "(" + std::to_string(line) + ":" + std::to_string(column) + "): ";
  message += text;
  for (const auto& known : errors_) {
    if (known.message == message) return;
  }
  messages::ParseError error;
  error.source.uri = uri_;
  error.source.location = location;
  error.message = std::move(message);
  errors_.push_back(std::move(error));
}

}  // namespace muster::gherkin
