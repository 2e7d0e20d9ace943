#include "steps/library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace muster {
namespace {

steps::Registered& registry() {
  static steps::Registered
      all;  // not destroyed before the static initialisers of step files have run
  return all;
}

}  // namespace

namespace detail {

bool register_step(StepDefinition definition) {
  registry().steps.push_back(std::move(definition));
  return true;
}

bool register_hook(HookDefinition definition) {
  registry().hooks.push_back(std::move(definition));
  return true;
}

}  // namespace detail

namespace steps {
namespace {

using detail::HookKind;

auto place_key(const auto& definition) {
  return std::make_tuple(std::string_view(definition.file), definition.line);
}

bool runs_backwards(HookKind kind) {
  return kind == HookKind::after || kind == HookKind::after_step || kind == HookKind::after_all;
}

/// A diagnostic of an expression, moved from column of the text to the definition's file and line.
Diagnostic at_definition(Diagnostic diagnostic, const char* file, int line) {
  diagnostic.place.uri = file;
  diagnostic.place.line = line;
  return diagnostic;
}

/// The name is what the caret of the error stands under, without its braces.
UndefinedType undefined_type(const detail::StepDefinition& step, const Diagnostic& problem) {
  std::string_view name = step.text;
  name.remove_prefix(code_point_offset(name, static_cast<std::size_t>(problem.place.column - 1)));
  name = name.substr(0, code_point_offset(name, static_cast<std::size_t>(problem.width)));
  if (name.starts_with('{') && name.ends_with('}')) name = name.substr(1, name.size() - 2);
  return {step.text, std::string(name), step.file, step.line,
          at_definition(problem, step.file, step.line)};
}

void add_types(Library& library, const detail::StepDefinition& step,
               std::vector<Diagnostic>& problems) {
  for (const auto& custom : step.custom) {
    for (const std::string& name : custom.names) {
      const auto known =
          std::find_if(library.custom_types.begin(), library.custom_types.end(),
                       [&](const auto& other) { return other.names.front() == name; });
      if (known != library.custom_types.end()) {
        if (known->pattern != custom.pattern) {
          Diagnostic clash = error("parameter_type_duplicate",
                                   fmt::format("two types call themselves {{{}}}", name),
                                   "give one of them another name in Parameter<T>::names");
          problems.push_back(at_definition(std::move(clash), step.file, step.line));
        }
        continue;
      }
      expressions::ParameterType type;
      type.name = name;
      type.patterns = {custom.pattern};
      if (auto added = library.types.add(std::move(type)); !added) {
        problems.push_back(at_definition(added.error(), step.file, step.line));
        continue;
      }
      library.custom_types.push_back({{name}, custom.pattern, step.file, step.line});
    }
  }
}

std::string digest_of(const Library& library) {
  std::vector<std::string> lines;
  for (const auto& step : library.steps) {
    lines.push_back(
        fmt::format("{} {} {}:{}", to_string(step.keyword), step.text, step.file, step.line));
  }
  for (const auto& hook : library.hooks) {
    const auto& it = hook.definition;
    lines.push_back(fmt::format("{} {} {}:{}", to_string(it.kind), it.tags, it.file, it.line));
  }
  std::sort(lines.begin(), lines.end());
  return sha256_hex(join(lines, "\n"));
}

}  // namespace

const Registered& registered() {
  return registry();
}

std::string_view to_string(detail::StepKeyword keyword) {
  static constexpr std::string_view kNames[] = {"given", "when", "then", "any"};
  return kNames[static_cast<int>(keyword)];
}

std::string_view to_string(HookKind kind) {
  static constexpr std::string_view kNames[] = {"before",     "after",      "before_step",
                                                "after_step", "before_all", "after_all"};
  return kNames[static_cast<int>(kind)];
}

std::vector<StepMatch> Library::match(std::string_view text,
                                      std::vector<std::size_t>* exceeded) const {
  std::vector<StepMatch> out;
  for (auto& candidate : matcher_.match(text, exceeded)) {
    out.push_back({candidate.definition, std::move(candidate.match)});
  }
  return out;
}

std::vector<std::size_t> Library::hooks_for(HookKind kind,
                                            const std::vector<std::string>& tags) const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < hooks.size(); ++i) {
    if (hooks[i].definition.kind == kind && hooks[i].tags.evaluate(tags)) out.push_back(i);
  }
  return out;
}

std::variant<Library, std::vector<Diagnostic>> Library::compile(const Registered& registered) {
  Library library;
  std::vector<Diagnostic> problems;

  auto definitions = registered.steps;
  std::stable_sort(definitions.begin(), definitions.end(),
                   [](const auto& a, const auto& b) { return place_key(a) < place_key(b); });
  for (const auto& step : definitions) add_types(library, step, problems);
  for (auto& step : definitions) {
    auto expression = expressions::compile(step.text, library.types);
    if (expression) {
      library.matcher_.add(library.steps.size(), std::move(expression).value());
      library.steps.push_back(std::move(step));
    } else if (expression.error().code == "expression_undefined_parameter_type") {
      library.undefined_types.push_back(undefined_type(step, expression.error()));
    } else {
      problems.push_back(at_definition(expression.error(), step.file, step.line));
    }
  }

  for (const auto& definition : registered.hooks) {
    auto tags = expressions::TagExpression::parse(definition.tags);
    if (!tags) {
      problems.push_back(at_definition(tags.error(), definition.file, definition.line));
      continue;
    }
    library.hooks.push_back({definition, std::move(tags).value()});
  }
  std::stable_sort(library.hooks.begin(), library.hooks.end(), [](const Hook& a, const Hook& b) {
    const auto& x = a.definition;
    const auto& y = b.definition;
    if (x.kind != y.kind) return x.kind < y.kind;
    const auto key = [](const auto& d) {
      return std::tuple_cat(std::make_tuple(d.order), place_key(d));
    };
    return runs_backwards(x.kind) ? key(y) < key(x) : key(x) < key(y);
  });

  if (!problems.empty()) return problems;
  library.digest = digest_of(library);
  return library;
}

}  // namespace steps
}  // namespace muster
