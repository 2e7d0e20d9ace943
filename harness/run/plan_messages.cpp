#include "run/plan_messages.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "muster/binding.hpp"

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

/// A message about something in a step file; they are told in the order of the files.
struct Placed {
  std::string_view file;
  int line;
  messages::Envelope message;
};

messages::Group group_message(const expressions::Group& group) {
  messages::Group made;
  made.value = group.value;
  if (group.start) made.start = static_cast<int>(*group.start);
  if (!group.children.empty()) made.children.emplace();
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
  std::vector<Placed> placed;
  const auto add = [&](const char* file, int line, messages::Envelope message) {
    placed.push_back({file, line, std::move(message)});
  };
  for (const auto& custom : library.custom_types) {
    messages::ParameterType made;
    made.name = custom.names.front();
    made.regular_expressions = {custom.pattern};
    made.id = ids.next();
    made.source_reference = reference(custom.file, custom.line);
    add(custom.file, custom.line, std::move(made));
  }
  for (const auto& undefined : library.undefined_types) {
    add(undefined.file, undefined.line,
        messages::UndefinedParameterType{undefined.expression, undefined.name});
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
    add(step.file, step.line, std::move(made));
  }
  for (std::size_t i = 0; i < library.hooks.size(); ++i) {
    const auto& hook = library.hooks[i].definition;
    messages::Hook made;
    made.id = plan.hook_ids[i];
    if (!hook.name.empty()) made.name = hook.name;
    if (!hook.tags.empty()) made.tag_expression = hook.tags;
    made.type = hook_type(hook.kind);
    made.source_reference = reference(hook.file, hook.line);
    add(hook.file, hook.line, std::move(made));
  }
  std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    return std::tie(a.file, a.line) < std::tie(b.file, b.line);
  });
  std::vector<messages::Envelope> out;
  out.reserve(placed.size());
  for (auto& it : placed) out.push_back(std::move(it.message));
  return out;
}

messages::TestCase case_message(const Plan& plan, std::size_t index, Matching& matching) {
  const PlannedCase& planned = plan.cases.at(index);
  messages::TestCase made;
  made.id = plan.ids.text(planned.id);
  made.pickle_id = plan.ids.text(planned.pickle_id);
  made.test_steps.reserve(planned.steps.size());
  for (const PlannedStep& step : planned.steps) {
    messages::TestStep& it = made.test_steps.emplace_back();
    it.id = plan.ids.text(step.id);
    if (step.hook) {
      it.hook_id = plan.hook_ids.at(*step.hook);
      continue;
    }
    it.pickle_step_id = plan.ids.text(step.pickle_step_id);
    it.step_definition_ids.emplace();
    it.step_match_arguments_lists.emplace();
    if (step.fitting == 0) continue;
    const auto& matches =
        matching.of(planned.info.steps.at(step.pickle_step).text, step.type).matches;
    for (const auto& match : matches) {
      it.step_definition_ids->push_back(plan.definition_ids.at(match.definition));
      it.step_match_arguments_lists->push_back(arguments_message(match));
    }
  }
  return made;
}

}  // namespace muster::run
