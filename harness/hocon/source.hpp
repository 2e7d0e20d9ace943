#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster::hocon {

enum class Syntax { hocon, json, properties };

/// A file as it is read: valid UTF-8, what was malformed replaced by U+FFFD.
struct Source {
  std::string name;
  std::string text;
  Syntax syntax = Syntax::hocon;
  bool malformed = false;  ///< something was replaced
};

/// A place in a source; line and column count from 1, columns in code points.
struct Spot {
  const Source* source = nullptr;
  int line = 0;
  int column = 0;
};

/// Ends reading or resolving from any depth. Thrown and caught inside this folder; its callers get
/// the error as a Result.
struct Failure {
  Error error;
};

/// An error at a spot, with the source line as excerpt.
Error located(std::string code, std::string message, const Spot& spot, std::string hint = {});

[[noreturn]] void refuse(std::string code, std::string message, const Spot& spot,
                         std::string hint = {});

Place place_of(const Spot& spot);

/// By the ending of the file's name.
Syntax syntax_of(std::string_view name);

/// Decodes as the JDK does: how many bytes one U+FFFD stands for is its choice, and it shows in the
/// values.
Source make_source(std::string name, std::string_view bytes, Syntax syntax);

/// The code point at `at` of valid UTF-8, and how many bytes it takes.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;
};
CodePoint code_point_at(std::string_view text, std::size_t at);

void append_utf8(std::string& text, char32_t code_point);

/// White space of HOCON.md: Unicode separators, the no-break ones too, controls, the byte order
/// mark.
bool is_space(char32_t code_point);

/// `text` without HOCON's white space at both ends.
std::string_view trim_space(std::string_view text);

}  // namespace muster::hocon
