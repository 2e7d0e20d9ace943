#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chain/parser.hpp"
#include "chain/scanner.hpp"

namespace muster::chain {

/// Ends the parse at the first error; never leaves the parser.
struct ParseFailure {
  Error error;
};

/// The parser of chains: recursive descent over the tokens, one token ahead.
class Parser {
 public:
  Parser(std::string_view text, const Place& origin, const SchemaLoader& schemas,
         std::vector<Token> tokens)
      : text_(text), origin_(origin), schemas_(schemas), tokens_(std::move(tokens)) {}

  Pattern pattern();
  /// A list of predicates and nothing after it.
  std::vector<Predicate> predicates_only();

 private:
  static constexpr int kDepth = 32;

  // headers and items: parser.cpp
  bool header(Pattern& pattern);
  std::vector<Item> items(bool in_braces);
  Item item();
  Item step();
  Item never();
  Item any_order();
  Item either();
  Item repeat();
  Item between();
  Step bare_step();
  std::vector<Item> block();

  // clauses: parse_clauses.cpp
  void clauses(Step& step);
  bool clause_follows();
  Count count(const Token& token);
  Within within();
  std::vector<Predicate> predicates();
  Predicate predicate();
  void right_side(Predicate& predicate);
  void schema(Predicate& predicate);
  Json literal();
  events::Pointer pointer();
  std::string label(const char* after);

  const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  const Token& take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool is_word(std::string_view text, std::size_t ahead = 0) const {
    return peek(ahead).kind == Token::Kind::word && peek(ahead).text == text;
  }
  bool is_symbol(std::string_view text) const {
    return peek().kind == Token::Kind::symbol && peek().text == text;
  }
  bool take_word(std::string_view text);
  bool take_symbol(std::string_view text);
  void skip_separators();
  void skip_line_ends();
  NamePattern name();
  [[noreturn]] void fail(std::string code, std::string message, const Span& span,
                         std::string hint = {}) const;
  [[noreturn]] void expected(const std::string& what, std::string hint = {}) const;

  std::string_view text_;
  const Place& origin_;
  const SchemaLoader& schemas_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace muster::chain
