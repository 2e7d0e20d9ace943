#pragma once

#include <string>

#include "preflight/check.hpp"

namespace muster::preflight {

/// What a language's own parser says of a file, without running it.
struct SyntaxVerdict {
  enum class Outcome {
    good,
    warned,   ///< it parses, with a complaint
    bad,      ///< a syntax error
    unknown,  ///< no parser for this interpreter
    broken,   ///< the parser itself failed or took too long
  };
  Outcome outcome = Outcome::good;
  int line = 0;
  std::string message;
};

/// Parses `path` by its interpreter (an absolute path): `-n` of a shell, compile() of a Python
/// (what py_compile does, without writing a file). Blocks, at most to the deadline.
SyntaxVerdict check_syntax(const std::string& interpreter, const std::string& path,
                           const Deadline& deadline);

/// compile() of `path` by the Python `python` (a path, or a name on PATH).
SyntaxVerdict check_python(const std::string& python, const std::string& path,
                           const Deadline& deadline);

}  // namespace muster::preflight
