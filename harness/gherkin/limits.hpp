#pragma once

#include <cstddef>
#include <string>

namespace muster::gherkin {

/// What a file may cost. Going over a limit is a ParseError at the place where it happens.
struct Limits {
  std::size_t file_bytes = 8 << 20;
  std::size_t line_bytes = 64 << 10;
  std::size_t pickles = 100'000;
  /// Memory of all pickles of a file together: a table in a background, or values that hold
  /// placeholders, multiply.
  std::size_t pickle_bytes = 512 << 20;
  /// Errors that are collected; the one after them ends the parse and is kept too (as the official
  /// implementation does).
  std::size_t errors = 10;
};

struct ParseOptions {
  Limits limits;
  std::string language = "en";  ///< of files without a `# language:` header
};

}  // namespace muster::gherkin
