#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "chain/pattern.hpp"

namespace muster::chain {

struct Token {
  enum class Kind {
    word,       ///< name, keyword, pointer, number, count, duration, `$label/pointer`
    string,     ///< `text` is its value
    symbol,     ///< `{ } [ ] ,` or an operator
    separator,  ///< an arrow or a line end
    end,
  };

  Kind kind = Kind::end;
  std::string text;
  Span span;
  bool new_line = false;  ///< a separator that is a line end
};

/// Scans the text of a chain. Comments run from `#` at the start of a word to the line end. Places
/// are counted from `origin`: its uri, its line as that of the text's first line, its column added
/// to every column (0 for none). Errors: `chain_syntax`.
Result<std::vector<Token>> scan(std::string_view text, const Place& origin);

/// An error of the chain at `span`, with the line of `text` as excerpt.
Error located(std::string code, std::string message, const Span& span, std::string_view text,
              const Place& origin, std::string hint = {});

}  // namespace muster::chain
