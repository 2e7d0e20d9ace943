#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "expressions/match.hpp"
#include "expressions/parameter_types.hpp"

namespace muster::expressions {

/// A piece of literal text without blanks, and where it stands in the text that an expression fits:
/// it is all of what stands between two blanks (or the ends of the text), or the beginning of that,
/// or its end.
struct Fragment {
  enum class Kind { word, beginning, end };
  Kind kind = Kind::word;
  std::string text;

  friend bool operator==(const Fragment&, const Fragment&) = default;
};

/// A compiled step text: a Cucumber Expression or a regular expression. Cheap to copy; matching is
/// const and may be done from several threads.
class Expression {
 public:
  struct Compiled;
  explicit Expression(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

  /// The text it was compiled from.
  const std::string& source() const;
  /// True when the source starts with `^` or ends with `$`.
  bool is_regular_expression() const;
  /// The regular expression it stands for, as cucumber/cucumber-expressions writes it.
  const std::string& pattern() const;
  /// The names of the parameter types in order, one per argument; empty for `{}` and for untyped
  /// captures.
  const std::vector<std::string>& parameter_types() const;
  /// Text that every match starts with; may be empty.
  std::string_view literal_prefix() const;
  /// Literal text that stands in every match; none for a regular expression. With `literal_prefix`
  /// what an index can go by.
  const std::vector<Fragment>& fragments() const;
  /// The regular expression, when it is one of the user's own and RE2 is what matches it; else
  /// null. For an index that asks many of them at once.
  const std::string* linear_regex() const;

  /// The arguments when `text` fits: the whole of it for a Cucumber Expression, any part for a
  /// regular expression, as its anchors say. Time is linear in the text, or bounded for a regular
  /// expression that only Boost.Regex takes (see pattern.hpp): one that exceeds its bound does not
  /// match here; `attempt` tells.
  std::optional<Match> match(std::string_view text) const;

  /// As `match`; the error `expression_regex_too_slow` when the bound was exceeded.
  Result<std::optional<Match>> attempt(std::string_view text) const;

 private:
  std::shared_ptr<const Compiled> compiled_;
};

/// Compiles a step text. Errors carry line 1, the column in code points, the source and the width
/// of the caret: `expression_syntax`, `expression_undefined_parameter_type`, `expression_regex`,
/// `expression_ambiguous_parameter_type`.
Result<Expression> compile(std::string_view source, const ParameterTypes& types);

/// An error of `compile` for a Cucumber Expression in the words of cucumber/cucumber-expressions:
/// "This Cucumber Expression has a problem at column …", the source, the caret, the problem, the
/// solution.
std::string cucumber_text(const Error& error);

}  // namespace muster::expressions
