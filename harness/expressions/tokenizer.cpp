#include "base/text.hpp"
#include "expressions/problem.hpp"
#include "expressions/token.hpp"

namespace muster::expressions {
namespace {

TokenType type_of(std::string_view code_point) {
  switch (code_point[0]) {
    case ' ':
      return TokenType::white_space;
    case '/':
      return TokenType::alternation;
    case '{':
      return TokenType::begin_parameter;
    case '}':
      return TokenType::end_parameter;
    case '(':
      return TokenType::begin_optional;
    case ')':
      return TokenType::end_optional;
    default:
      return TokenType::text;
  }
}

bool can_escape(std::string_view code_point) {
  return code_point == "\\" || type_of(code_point) != TokenType::text;
}

bool joins(TokenType previous, TokenType current) {
  return previous == current && (current == TokenType::white_space || current == TokenType::text);
}

}  // namespace

std::string_view to_string(TokenType type) {
  switch (type) {
    case TokenType::start_of_line:
      return "START_OF_LINE";
    case TokenType::end_of_line:
      return "END_OF_LINE";
    case TokenType::white_space:
      return "WHITE_SPACE";
    case TokenType::begin_optional:
      return "BEGIN_OPTIONAL";
    case TokenType::end_optional:
      return "END_OPTIONAL";
    case TokenType::begin_parameter:
      return "BEGIN_PARAMETER";
    case TokenType::end_parameter:
      return "END_PARAMETER";
    case TokenType::alternation:
      return "ALTERNATION";
    case TokenType::text:
      return "TEXT";
  }
  return {};
}

std::string_view symbol_of(TokenType type) {
  switch (type) {
    case TokenType::begin_optional:
      return "(";
    case TokenType::end_optional:
      return ")";
    case TokenType::begin_parameter:
      return "{";
    case TokenType::end_parameter:
      return "}";
    case TokenType::alternation:
      return "/";
    default:
      return {};
  }
}

Result<std::vector<Token>> tokenize(std::string_view expression) {
  std::vector<Token> tokens{{TokenType::start_of_line, "", 0, 0}};
  std::size_t index = 0;  // in code points
  for (std::size_t at = 0; at < expression.size(); ++index) {
    const std::size_t from = index;
    std::size_t bytes = code_point_offset(expression.substr(at), 1);
    std::string_view code_point = expression.substr(at, bytes);
    TokenType type = type_of(code_point);
    if (code_point == "\\") {
      at += bytes;
      if (at == expression.size()) return end_of_line_escaped(expression, index);
      bytes = code_point_offset(expression.substr(at), 1);
      code_point = expression.substr(at, bytes);
      ++index;
      if (!can_escape(code_point)) return can_not_escape(expression, index);
      type = TokenType::text;
    }
    if (!joins(tokens.back().type, type)) tokens.push_back({type, "", from, from});
    tokens.back().text += code_point;
    tokens.back().end = index + 1;
    at += bytes;
  }
  tokens.push_back({TokenType::end_of_line, "", index, index});
  return tokens;
}

}  // namespace muster::expressions
