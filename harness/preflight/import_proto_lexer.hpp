#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::preflight {

enum class ProtoTokenKind { word, number, string, symbol, end };

struct ProtoToken {
  ProtoTokenKind kind = ProtoTokenKind::end;
  std::string text;  ///< of a string: its bytes; of a word: with its dots
  int line = 1;
  int column = 1;  ///< in bytes
};

/// The tokens of a .proto, the last of kind `end`. Error `proto`.
Result<std::vector<ProtoToken>> lex_proto(std::string_view text);

/// The bytes that the inside of a quoted string with C's and Python's escapes stands for.
std::string unescape_bytes(std::string_view text);

}  // namespace muster::preflight
