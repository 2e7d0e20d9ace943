// Dijkstra's shunting yard into postfix order, as cucumber/tag-expressions has it: `not` binds
// tighter than `and`, `and` tighter than `or`, both of them to the left. An escape makes any name
// of `\ `, `\(`, `\)` or `\\`; the words and, or, not are operators however they were written.
#include "expressions/tag_expression.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"

namespace muster::expressions {

struct TagExpression::Node {
  enum class Kind { tag, negation, conjunction, disjunction };
  Kind kind = Kind::tag;
  std::string tag;
};

namespace {

using Kind = TagExpression::Node::Kind;
constexpr std::size_t kMaxDepth = 1000;

struct Token {
  std::string text;
  std::size_t start = 0;  // in code points
  std::size_t width = 1;
};

Error problem(std::string_view source, std::string code, std::string message, std::size_t start,
              std::size_t width, std::string hint) {
  Error made = error(std::move(code), std::move(message), std::move(hint));
  made.place = {"", 1, static_cast<int>(start) + 1};
  made.excerpt = std::string(source);
  made.width = static_cast<int>(std::max<std::size_t>(width, 1));
  return made;
}

Error syntax(std::string_view source, std::string message, const Token& token, std::string hint) {
  return problem(source, "tag_expression_syntax", std::move(message), token.start, token.width,
                 std::move(hint));
}

/// ECMAScript's `\s`
bool is_space(std::string_view code_point) {
  static const std::vector<std::string> wide = {"\u00A0", "\u1680", "\u2000", "\u2001", "\u2002",
                                                "\u2003", "\u2004", "\u2005", "\u2006", "\u2007",
                                                "\u2008", "\u2009", "\u200A", "\u2028", "\u2029",
                                                "\u202F", "\u205F", "\u3000", "\uFEFF"};
  if (code_point.size() == 1)
    return code_point[0] == ' ' || (code_point[0] >= '\t' && code_point[0] <= '\r');
  return std::find(wide.begin(), wide.end(), code_point) != wide.end();
}

Result<std::vector<Token>> tokenize_tags(std::string_view source) {
  std::vector<Token> tokens;
  std::optional<Token> name;
  std::size_t index = 0;
  const auto end_name = [&] {
    if (!name) return;
    name->width = index - name->start;
    tokens.push_back(std::move(*name));
    name.reset();
  };
  for (std::size_t at = 0; at < source.size(); ++index) {
    const std::size_t from = index;
    std::string_view code_point = source.substr(at, code_point_offset(source.substr(at, 4), 1));
    at += code_point.size();
    if (code_point == "\\") {
      // as in cucumber, a backslash at the very end is nothing
      if (at == source.size()) continue;
      code_point = source.substr(at, code_point_offset(source.substr(at, 4), 1));
      ++index;
      if (code_point != "(" && code_point != ")" && code_point != "\\" && !is_space(code_point))
        return problem(source, "tag_expression_syntax",
                       "illegal escape before '" + std::string(code_point) + "'", from, 2,
                       R"(only '(', ')', '\' and white space can be escaped)");
      at += code_point.size();
    } else if (code_point == "(" || code_point == ")") {
      end_name();
      tokens.push_back({std::string(code_point), from, 1});
      continue;
    } else if (is_space(code_point)) {
      end_name();
      continue;
    }
    if (!name) name = Token{"", from, 1};
    name->text += code_point;
  }
  end_name();
  return tokens;
}

/// An escaped parenthesis alone is taken for a parenthesis, too: cucumber's tokens do not keep how
/// they were written.
bool is(const Token& token, std::string_view text) {
  return token.text == text;
}

int precedence(const Token& token) {
  if (is(token, "not")) return 2;
  if (is(token, "and")) return 1;
  return is(token, "or") ? 0 : -1;
}

Kind kind_of(const Token& token) {
  if (is(token, "not")) return Kind::negation;
  return is(token, "and") ? Kind::conjunction : Kind::disjunction;
}

constexpr const char* kOperatorHint = "join tags with 'and' or 'or'";
constexpr const char* kOperandHint = "a tag, 'not' or '(' has to stand here";

}  // namespace

Result<TagExpression> TagExpression::parse(std::string_view source) {
  Result<std::vector<Token>> tokens = tokenize_tags(source);
  if (!tokens) return std::move(tokens).error();
  TagExpression made;
  if (tokens->empty()) return made;
  std::vector<Node> nodes;
  std::vector<Token> operators;
  bool operand_expected = true;
  const auto reduce = [&] {
    nodes.push_back({kind_of(operators.back()), ""});
    operators.pop_back();
  };
  for (Token& token : *tokens) {
    const bool binary = is(token, "and") || is(token, "or");
    const bool expects_operator = binary || is(token, ")");
    if (expects_operator && operand_expected)
      return syntax(source, "expected an operand before '" + token.text + "'", token, kOperandHint);
    if (!expects_operator && !operand_expected)
      return syntax(source, "expected an operator before '" + token.text + "'", token,
                    kOperatorHint);
    if (operators.size() >= kMaxDepth)
      return problem(source, "tag_expression_too_deep", "the tag expression nests too deep",
                     token.start, token.width, "at most 1000 levels are taken");
    if (is(token, "not") || is(token, "(")) {
      operators.push_back(std::move(token));
    } else if (binary) {
      while (!operators.empty() && precedence(token) <= precedence(operators.back())) reduce();
      operators.push_back(std::move(token));
      operand_expected = true;
    } else if (is(token, ")")) {
      while (!operators.empty() && !is(operators.back(), "(")) reduce();
      if (operators.empty())
        return syntax(source, "the ')' has no matching '('", token, "remove it, or escape it: \\)");
      operators.pop_back();
    } else {
      nodes.push_back({Kind::tag, std::move(token.text)});
      operand_expected = false;
    }
  }
  if (operand_expected) {
    const Token& last = operators.back();
    for (const Token& open : operators)
      if (is(open, "("))
        return syntax(source, "the '(' has no matching ')'", open, "close it, or escape it: \\(");
    return syntax(source, "expected an operand after '" + last.text + "'", last, kOperandHint);
  }
  while (!operators.empty()) {
    if (is(operators.back(), "("))
      return syntax(source, "the '(' has no matching ')'", operators.back(),
                    "close it, or escape it: \\(");
    reduce();
  }
  made.nodes_ = std::make_shared<const std::vector<Node>>(std::move(nodes));
  return made;
}

bool TagExpression::evaluate(const std::vector<std::string>& tags) const {
  if (!nodes_) return true;
  std::vector<bool> stack;
  for (const Node& node : *nodes_) {
    if (node.kind == Kind::tag) {
      stack.push_back(std::find(tags.begin(), tags.end(), node.tag) != tags.end());
      continue;
    }
    const bool right = stack.back();
    if (node.kind == Kind::negation) {
      stack.back() = !right;
      continue;
    }
    stack.pop_back();
    const bool left = stack.back();
    stack.back() = node.kind == Kind::conjunction ? left && right : left || right;
  }
  return stack.back();
}

std::string TagExpression::to_string() const {
  if (!nodes_) return {};
  struct Piece {
    std::string text;
    bool enclosed = false;
  };
  std::vector<Piece> stack;
  for (const Node& node : *nodes_) {
    if (node.kind == Kind::tag) {
      std::string escaped;
      for (std::size_t at = 0; at < node.tag.size();) {
        const std::size_t size = code_point_offset(std::string_view(node.tag).substr(at, 4), 1);
        const std::string_view code_point = std::string_view(node.tag).substr(at, size);
        if (is_space(code_point)) {
          escaped += "\\ ";
        } else {
          if (code_point == "\\" || code_point == "(" || code_point == ")") escaped += '\\';
          escaped += code_point;
        }
        at += size;
      }
      stack.push_back({std::move(escaped), false});
    } else if (node.kind == Kind::negation) {
      Piece& operand = stack.back();
      operand.text = operand.enclosed ? "not " + operand.text : "not ( " + operand.text + " )";
      operand.enclosed = false;
    } else {
      const Piece right = std::move(stack.back());
      stack.pop_back();
      const char* word = node.kind == Kind::conjunction ? " and " : " or ";
      stack.back() = {"( " + stack.back().text + word + right.text + " )", true};
    }
  }
  return stack.back().text;
}

std::vector<std::string> TagExpression::tags() const {
  std::vector<std::string> names;
  if (!nodes_) return names;
  for (const Node& node : *nodes_)
    if (node.kind == Kind::tag && std::find(names.begin(), names.end(), node.tag) == names.end())
      names.push_back(node.tag);
  return names;
}

}  // namespace muster::expressions
