#include "app/steps_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/data_output.hpp"
#include "app/step_library.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "expressions/expression.hpp"

namespace muster::app {
namespace {

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

std::string hook_text(const detail::HookDefinition& hook) {
  std::string text(steps::to_string(hook.kind));
  for (char& c : text) c = static_cast<char>(c == '_' ? '_' : c - 'a' + 'A');
  text += hook.tags.empty() ? "()" : fmt::format("(\"{}\")", hook.tags);
  return hook.name.empty() ? text : text + "  " + hook.name;
}

std::string text_of(const steps::Library& library) {
  std::string text;
  for (const auto& step : library.steps) {
    text += fmt::format("{}:{}: {}\n", step.file, step.line, as_written(step));
  }
  for (const auto& hook : library.hooks) {
    const auto& it = hook.definition;
    text += fmt::format("{}:{}: {}\n", it.file, it.line, hook_text(it));
  }
  for (const auto& type : library.custom_types) {
    text += fmt::format("{{{}}}: {}\n", join(type.names, "}, {"), type.pattern);
  }
  return text;
}

Json json_of(const steps::Library& library) {
  Json steps = Json::array();
  for (const auto& step : library.steps) {
    Json made = to_json(step);
    // it has compiled before
    const auto expression = expressions::compile(step.text, library.types);
    made["regularExpression"] = expression->is_regular_expression();
    made["pattern"] = expression->pattern();
    made["parameterTypes"] = expression->parameter_types();
    if (step.timeout) made["timeoutMs"] = step.timeout->count();
    if (step.tail == detail::StepTail::table) made["takes"] = "table";
    if (step.tail == detail::StepTail::doc_string) made["takes"] = "docString";
    steps.push_back(std::move(made));
  }
  Json hooks = Json::array();
  for (const auto& hook : library.hooks) {
    const auto& it = hook.definition;
    Json made = {{"kind", steps::to_string(it.kind)},
                 {"order", it.order},
                 {"file", it.file},
                 {"line", it.line}};
    if (!it.tags.empty()) made["tags"] = it.tags;
    if (!it.name.empty()) made["name"] = it.name;
    if (it.timeout) made["timeoutMs"] = it.timeout->count();
    hooks.push_back(std::move(made));
  }
  Json types = Json::array();
  for (const auto& type : library.types.all()) {
    types.push_back({{"name", type.name}, {"patterns", type.patterns}, {"builtin", type.builtin}});
  }
  return {{"steps", std::move(steps)},
          {"hooks", std::move(hooks)},
          {"parameterTypes", std::move(types)}};
}

int steps_command(const std::string& format) {
  const auto library = compile_library();
  if (!library) return fail(library.error());
  DataOutput out;
  out.pending() = format == "json" ? json_of(*library).dump(2) + "\n" : text_of(*library);
  const auto written = out.finish();
  return written ? 0 : fail(written.error());
}

}  // namespace

Execute add_steps_command(CLI::App& app, const std::string&) {
  auto format = std::make_shared<std::string>("text");
  auto* command = app.add_subcommand(
      "steps", "Lists the step definitions, hooks and parameter types with their places");
  command->add_option("--format", *format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->footer("Example: muster steps --format json");
  return [format] { return steps_command(*format); };
}

}  // namespace muster::app
