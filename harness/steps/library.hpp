#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/diagnostic.hpp"
#include "expressions/matcher.hpp"
#include "expressions/parameter_types.hpp"
#include "expressions/tag_expression.hpp"
#include "muster/definition.hpp"

namespace muster::steps {

/// What the macros registered in this program so far, in the order of linking.
struct Registered {
  std::vector<detail::StepDefinition> steps;
  std::vector<detail::HookDefinition> hooks;
};
const Registered& registered();

/// A step definition that fits a text.
struct StepMatch {
  std::size_t definition = 0;  ///< into Library::steps
  expressions::Match match;
};

/// A hook with its compiled tag expression.
struct Hook {
  detail::HookDefinition definition;
  expressions::TagExpression tags;
};

/// A step definition that names a parameter type that nobody defined; no step fits it.
struct UndefinedType {
  std::string expression;
  std::string name;
  const char* file = "";
  int line = 0;
  Diagnostic problem;
};

/// All step definitions, hooks and parameter types of a program, compiled. Its order is by file and
/// line, never that of linking.
class Library {
 public:
  std::vector<detail::StepDefinition> steps;
  /// BEFORE kinds by order, then place; AFTER kinds the other way round.
  std::vector<Hook> hooks;
  expressions::ParameterTypes types;
  /// Names and patterns of types of the users' own, in order of registration.
  std::vector<detail::CustomParameter> custom_types;
  /// Definitions that were left out of `steps`.
  std::vector<UndefinedType> undefined_types;
  /// SHA-256 hex over the sorted lines `kind text file:line` (part of the plan key).
  std::string digest;

  /// All definitions that fit: none is undefined, several are ambiguous.
  /// A regular expression that gives no answer within its bound does not fit; `exceeded`, if given,
  /// gets such definitions, as indices into `steps`.
  std::vector<StepMatch> match(std::string_view text,
                               std::vector<std::size_t>* exceeded = nullptr) const;

  /// Hooks of one kind that take part in a scenario with these tags, as indices into `hooks`.
  std::vector<std::size_t> hooks_for(detail::HookKind kind,
                                     const std::vector<std::string>& tags) const;

  /// Compiles what was registered. Errors are located at the definition: a bad expression, a doubly
  /// defined parameter type, a bad tag expression. An undefined parameter type is none: the steps
  /// that its definition was for become undefined.
  static std::variant<Library, std::vector<Diagnostic>> compile(const Registered& registered);

 private:
  expressions::Matcher matcher_;
};

/// `given`, `when`, `then`, `any`; `before`, ….
std::string_view to_string(detail::StepKeyword keyword);
std::string_view to_string(detail::HookKind kind);

}  // namespace muster::steps
