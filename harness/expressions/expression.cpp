#include "expressions/expression.hpp"

#include <utility>

#include "expressions/compiled.hpp"
#include "expressions/problem.hpp"

namespace muster::expressions {
namespace {

/// Bounds the recursion over the tree and the size of the programs.
constexpr std::size_t kMaxExpression = 4096;

}  // namespace

const std::string& Expression::source() const {
  return compiled_->source;
}
bool Expression::is_regular_expression() const {
  return compiled_->regular_expression;
}
const std::string& Expression::pattern() const {
  return compiled_->pattern;
}
const std::vector<std::string>& Expression::parameter_types() const {
  return compiled_->parameter_types;
}
const std::vector<Fragment>& Expression::fragments() const {
  return compiled_->fragments;
}
const std::string* Expression::linear_regex() const {
  const bool linear =
      compiled_->regular_expression && compiled_->regex->engine() == Pattern::Engine::re2;
  return linear ? &compiled_->source : nullptr;
}
std::string_view Expression::literal_prefix() const {
  return compiled_->literal_prefix;
}

std::optional<Match> Expression::match(std::string_view text) const {
  Result<std::optional<Match>> tried = attempt(text);
  if (!tried) return std::nullopt;
  return std::move(*tried);
}

Result<std::optional<Match>> Expression::attempt(std::string_view text) const {
  const Compiled& compiled = *compiled_;
  if (text.substr(0, compiled.literal_prefix.size()) != compiled.literal_prefix)
    return std::optional<Match>();
  std::optional<std::vector<std::optional<Span>>> spans;
  if (compiled.program) {
    spans = compiled.program->run(text);
  } else {
    auto searched = compiled.regex->search(text);
    if (!searched) {
      Error slow = std::move(searched).error();
      slow.place = {"", 1, 1};
      slow.excerpt = compiled.source;
      return slow;
    }
    spans = std::move(*searched);
  }
  if (!spans) return std::optional<Match>();
  Match match;
  for (std::size_t i = 0; i < compiled.groups.size(); ++i) {
    Argument argument;
    argument.group = build_group(compiled.groups[i], text, *spans);
    argument.parameter_type = compiled.parameter_types[i];
    argument.registered = compiled.registered[i];
    argument.captures = captures_of(argument.group);
    match.arguments.push_back(std::move(argument));
  }
  return std::optional<Match>(std::move(match));
}

Result<Expression> compile(std::string_view source, const ParameterTypes& types) {
  if (source.size() > kMaxExpression) return expression_too_long(source, kMaxExpression);
  if (source.substr(0, 1) == "^" || (!source.empty() && source.back() == '$'))
    return compile_regex(source, types);
  return compile_cucumber(source, types);
}

std::string plain_text(const Argument& argument) {
  std::string text;
  for (const std::optional<std::string>& capture : argument.captures) {
    if (!capture || capture->empty()) continue;
    text = *capture;
    break;
  }
  if (argument.parameter_type != "string") return text;
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '"' || text[at + 1] == '\''))
      ++at;
    plain += text[at];
  }
  return plain;
}

}  // namespace muster::expressions
