#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gherkin/scanner.hpp"
#include "gherkin/tree.hpp"
#include "messages/document.hpp"

namespace muster::gherkin {

/// The kinds of lines, in the order in which the official implementation lists what it expected.
/// `none` is a line that fits nothing that is accepted.
enum class TokenKind {
  eof,
  language,
  table_row,
  doc_string_separator,
  step_line,
  background_line,
  tag_line,
  feature_line,
  examples_line,
  scenario_line,
  rule_line,
  comment,
  empty,
  other,
  none
};

/// The official name, e.g. `StepLine`.
std::string_view to_text(TokenKind kind);

/// The kinds that may come at a point of the grammar.
class Accept {
 public:
  constexpr Accept() = default;
  constexpr Accept(TokenKind kind) : bits_(1U << static_cast<unsigned>(kind)) {}
  constexpr Accept(std::initializer_list<TokenKind> kinds) {
    for (const TokenKind kind : kinds) bits_ |= Accept(kind).bits_;
  }

  constexpr bool has(TokenKind kind) const { return (bits_ & Accept(kind).bits_) != 0; }
  friend constexpr Accept operator|(Accept a, Accept b) {
    a.bits_ |= b.bits_;
    return a;
  }

 private:
  std::uint32_t bits_ = 0;
};

/// `#EOF, #TableRow, …` of what is accepted, in the official order.
std::string expected_text(Accept accept);

/// A tag of a tag line.
struct TagItem {
  int column = 0;  ///< from 1, code points
  std::string_view name;
};

/// A line and what it was matched as. Views point into the source, `text` of a doc string line
/// maybe into its matcher; all hold until the next line is matched.
struct Token {
  TokenKind kind = TokenKind::none;
  Line line;
  int column = 1;            ///< from 1, code points
  std::string_view keyword;  ///< empty where there is none
  std::string_view text;
  std::optional<messages::StepKeywordType> keyword_type;
  std::vector<TagItem> tags;

  tree::Place place() const { return {line.number, column}; }
};

/// The token in the `.tokens` form of the official test data, its line ended.
std::string token_line(const Token& token);

}  // namespace muster::gherkin
