// expression  := ( alternation | optional | parameter | text )*
// alternation := (?<=left-boundary) alternative* ( '/' alternative* )+ (?=right-boundary)
//   left-boundary  := white space | '}' | start of line
//   right-boundary := white space | '{' | end of line
// alternative := optional | parameter | text
// optional    := '(' ( optional | parameter | text )* ')'
// parameter   := '{' name* '}'
// text        := white space | ')' | '}' | anything else
// A '/' elsewhere than in an alternation can only stand in an optional, where it is an error.
#include <algorithm>
#include <initializer_list>
#include <utility>

#include "expressions/ast.hpp"
#include "expressions/problem.hpp"
#include "expressions/token.hpp"

namespace muster::expressions {
namespace {

constexpr int kMaxDepth = 100;

class Parser {
 public:
  Parser(std::string_view expression, const std::vector<Token>& tokens)
      : expression_(expression), tokens_(tokens) {}

  Result<Node> run() {
    Node root{NodeType::expression, 0, tokens_.back().end, "", {}};
    at_ = 1;
    while (!looking_at(TokenType::end_of_line)) {
      Result<bool> alternated = alternation(root.nodes);
      if (!alternated) return std::move(alternated).error();
      if (*alternated) continue;
      Result<Node> next = piece(0);
      if (!next) return std::move(next).error();
      root.nodes.push_back(std::move(*next));
    }
    return root;
  }

 private:
  bool looking_at(TokenType type) const { return tokens_[at_].type == type; }
  bool looking_at_any(std::initializer_list<TokenType> types) const {
    return std::find(types.begin(), types.end(), tokens_[at_].type) != types.end();
  }

  Node take_text() {
    const Token& token = tokens_[at_++];
    return {NodeType::text, token.start, token.end, token.text, {}};
  }

  Result<Node> piece(int depth) {
    if (looking_at(TokenType::begin_optional)) return optional(depth);
    if (looking_at(TokenType::begin_parameter)) return parameter();
    if (looking_at(TokenType::alternation))
      return alternation_in_optional(expression_, tokens_[at_]);
    return take_text();
  }

  Result<Node> optional(int depth) {
    const Token& begin = tokens_[at_];
    Node made{NodeType::optional, begin.start, begin.end, "", {}};
    if (depth >= kMaxDepth) return optional_in_optional(expression_, made);
    ++at_;
    while (!looking_at_any({TokenType::end_optional, TokenType::end_of_line})) {
      Result<Node> next = piece(depth + 1);
      if (!next) return next;
      made.nodes.push_back(std::move(*next));
    }
    return close(std::move(made), begin, TokenType::end_optional);
  }

  Result<Node> parameter() {
    const Token& begin = tokens_[at_++];
    Node made{NodeType::parameter, begin.start, begin.end, "", {}};
    while (!looking_at_any({TokenType::end_parameter, TokenType::end_of_line})) {
      if (!looking_at_any({TokenType::white_space, TokenType::text}))
        return invalid_parameter_name(expression_, tokens_[at_]);
      made.nodes.push_back(take_text());
    }
    return close(std::move(made), begin, TokenType::end_parameter);
  }

  Result<Node> close(Node made, const Token& begin, TokenType end) {
    if (!looking_at(end)) return missing_end_token(expression_, begin.type, end, begin);
    made.end = tokens_[at_++].end;
    return made;
  }

  /// Appends the alternation that starts here and answers true, or leaves everything as it is.
  Result<bool> alternation(std::vector<Node>& into) {
    const TokenType previous = tokens_[at_ - 1].type;
    if (previous != TokenType::start_of_line && previous != TokenType::white_space &&
        previous != TokenType::end_parameter)
      return false;
    const std::size_t from = at_;
    Node made{NodeType::alternation, tokens_[from].start, 0, "", {}};
    Node alternative{NodeType::alternative, made.start, 0, "", {}};
    while (!looking_at_any(
        {TokenType::white_space, TokenType::end_of_line, TokenType::begin_parameter})) {
      if (looking_at(TokenType::alternation)) {
        const Token& separator = tokens_[at_++];
        alternative.end = separator.start;
        made.nodes.push_back(std::move(alternative));
        alternative = {NodeType::alternative, separator.end, 0, "", {}};
        continue;
      }
      Result<Node> next = piece(0);
      if (!next) return std::move(next).error();
      alternative.nodes.push_back(std::move(*next));
    }
    if (made.nodes.empty()) {
      at_ = from;
      return false;
    }
    made.end = alternative.end = tokens_[at_].start;
    made.nodes.push_back(std::move(alternative));
    into.push_back(std::move(made));
    return true;
  }

  std::string_view expression_;
  const std::vector<Token>& tokens_;
  std::size_t at_ = 0;
};

}  // namespace

std::string_view to_string(NodeType type) {
  switch (type) {
    case NodeType::text:
      return "TEXT_NODE";
    case NodeType::optional:
      return "OPTIONAL_NODE";
    case NodeType::alternation:
      return "ALTERNATION_NODE";
    case NodeType::alternative:
      return "ALTERNATIVE_NODE";
    case NodeType::parameter:
      return "PARAMETER_NODE";
    case NodeType::expression:
      return "EXPRESSION_NODE";
  }
  return {};
}

std::string Node::text() const {
  if (nodes.empty()) return token;
  std::string all;
  for (const Node& node : nodes) all += node.text();
  return all;
}

Result<Node> parse(std::string_view expression) {
  Result<std::vector<Token>> tokens = tokenize(expression);
  if (!tokens) return std::move(tokens).error();
  return Parser(expression, *tokens).run();
}

}  // namespace muster::expressions
