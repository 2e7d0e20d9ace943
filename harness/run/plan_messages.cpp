#include "run/plan_messages.hpp"

#include <set>

#include "expressions/snippet.hpp"
#include "muster/binding.hpp"
#include "run/snippet.hpp"

namespace muster::run {
namespace {

messages::SourceReference reference(const char* file, int line) {
  messages::SourceReference made;
  made.uri = file;
  made.location = messages::Location{line, std::nullopt};
  return made;
}

messages::HookType hook_type(detail::HookKind kind) {
  using H = messages::HookType;
  switch (kind) {
    case detail::HookKind::before:
      return H::before_test_case;
    case detail::HookKind::after:
      return H::after_test_case;
    case detail::HookKind::before_step:
      return H::before_test_step;
    case detail::HookKind::after_step:
      return H::after_test_step;
    case detail::HookKind::before_all:
      return H::before_test_run;
    case detail::HookKind::after_all:
      break;
  }
  return H::after_test_run;
}

messages::Group group_message(const expressions::Group& group) {
  messages::Group made;
  made.value = group.value;
  if (group.start) made.start = static_cast<int>(*group.start);
  made.children.emplace();
  for (const auto& child : group.children) made.children->push_back(group_message(child));
  return made;
}

messages::StepMatchArgumentsList arguments_message(const steps::StepMatch& match) {
  messages::StepMatchArgumentsList made;
  for (const auto& argument : match.match.arguments) {
    messages::StepMatchArgument& it = made.step_match_arguments.emplace_back();
    it.group = group_message(argument.group);
    if (argument.registered) it.parameter_type_name = argument.parameter_type;
  }
  return made;
}

}  // namespace

std::vector<messages::Envelope> library_messages(const steps::Library& library, const Plan& plan,
                                                 IncrementalIds& ids) {
  std::vector<messages::Envelope> out;
  for (const auto& custom : library.custom_types) {
    messages::ParameterType made;
    made.name = custom.names.front();
    made.regular_expressions = {custom.pattern};
    made.id = ids.next();
    out.emplace_back(std::move(made));
  }
  for (std::size_t i = 0; i < library.steps.size(); ++i) {
    const auto& step = library.steps[i];
    messages::StepDefinition made;
    made.id = plan.definition_ids[i];
    made.pattern.source = step.text;
    if (detail::is_regular_expression(step.text)) {
      made.pattern.type = messages::StepDefinitionPatternType::regular_expression;
    }
    made.source_reference = reference(step.file, step.line);
    out.emplace_back(std::move(made));
  }
  for (std::size_t i = 0; i < library.hooks.size(); ++i) {
    const auto& hook = library.hooks[i].definition;
    messages::Hook made;
    made.id = plan.hook_ids[i];
    if (!hook.name.empty()) made.name = hook.name;
    if (!hook.tags.empty()) made.tag_expression = hook.tags;
    made.type = hook_type(hook.kind);
    made.source_reference = reference(hook.file, hook.line);
    out.emplace_back(std::move(made));
  }
  return out;
}

messages::TestCase case_message(const Plan& plan, std::size_t index,
                                const messages::Pickle& pickle) {
  const PlannedCase& planned = plan.cases.at(index);
  messages::TestCase made;
  made.id = planned.id;
  made.pickle_id = planned.pickle_id;
  for (const PlannedStep& step : planned.steps) {
    messages::TestStep& it = made.test_steps.emplace_back();
    it.id = step.id;
    if (step.hook) {
      it.hook_id = plan.hook_ids.at(*step.hook);
      continue;
    }
    it.pickle_step_id = pickle.steps.at(step.pickle_step).id;
    it.step_definition_ids.emplace();
    it.step_match_arguments_lists.emplace();
    for (const auto& match : step.matches) {
      it.step_definition_ids->push_back(plan.definition_ids.at(match.definition));
      it.step_match_arguments_lists->push_back(arguments_message(match));
    }
  }
  return made;
}

std::vector<messages::Envelope> suggestions(const Plan& plan,
                                            const std::vector<LoadedFeature>& features,
                                            const std::vector<ChosenPickle>& chosen,
                                            const steps::Library& library, IncrementalIds& ids) {
  std::vector<messages::Envelope> out;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < plan.cases.size(); ++i) {
    const auto& pickle = features[chosen[i].feature].pickles[chosen[i].pickle];
    for (const PlannedStep& step : plan.cases[i].steps) {
      if (step.hook || !step.matches.empty()) continue;
      const auto& pickle_step = pickle.steps.at(step.pickle_step);
      if (!seen.insert(pickle_step.text).second) continue;
      messages::Suggestion made;
      made.id = ids.next();
      made.pickle_step_id = pickle_step.id;
      for (const auto& proposal : expressions::propose(pickle_step.text, library.types, 1)) {
        made.snippets.push_back({"cpp", snippet(proposal, pickle_step)});
      }
      if (!made.snippets.empty()) out.emplace_back(std::move(made));
    }
  }
  return out;
}

}  // namespace muster::run
