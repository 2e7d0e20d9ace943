#include "app/step_library.hpp"

#include <iostream>
#include <utility>

namespace muster::app {
namespace {

std::string_view macro_of(detail::StepKeyword keyword) {
  switch (keyword) {
    case detail::StepKeyword::given:
      return "GIVEN";
    case detail::StepKeyword::when:
      return "WHEN";
    case detail::StepKeyword::then:
      return "THEN";
    case detail::StepKeyword::any:
      break;
  }
  return "STEP";
}

Error no_steps() {
  return error("no_steps", "0 steps registered",
               "link the step definitions as OBJECT libraries, so that none is dropped");
}

Result<steps::Library> compile_registered() {
  auto compiled = steps::Library::compile(steps::registered());
  if (auto* problems = std::get_if<std::vector<Diagnostic>>(&compiled)) {
    for (std::size_t i = 0; i + 1 < problems->size(); ++i) std::cerr << render((*problems)[i]);
    return problems->back();
  }
  return std::move(std::get<steps::Library>(compiled));
}

}  // namespace

Result<steps::Library> compile_library() {
  auto library = compile_registered();
  if (!library) return library;
  if (library->steps.empty() && library->undefined_types.empty()) return no_steps();
  for (const auto& undefined : library->undefined_types) {
    if (&undefined == &library->undefined_types.back()) return undefined.problem;
    std::cerr << render(undefined.problem);
  }
  return library;
}

Result<steps::Library> compile_library_for_run(bool allow_none) {
  auto library = compile_registered();
  if (!library) return library;
  for (const auto& undefined : library->undefined_types) std::cerr << render(undefined.problem);
  const bool none =
      library->steps.empty() && library->hooks.empty() && library->undefined_types.empty();
  if (none && !allow_none) return no_steps();
  return library;
}

std::string as_written(const detail::StepDefinition& step) {
  std::string written(macro_of(step.keyword));
  written += "(\"";
  for (const char c : step.text) {
    if (c == '"' || c == '\\') written += '\\';
    written += c;
  }
  return written + "\")";
}

Error too_slow(const detail::StepDefinition& step) {
  Error made = error("expression_regex_too_slow",
                     "the regular expression gives no answer within its bound: " + as_written(step),
                     "avoid nested repetitions, look-around and back references");
  made.place = {step.file, step.line, 0};
  return made;
}

Json to_json(const detail::StepDefinition& step) {
  return {{"keyword", steps::to_string(step.keyword)},
          {"text", step.text},
          {"file", step.file},
          {"line", step.line}};
}

}  // namespace muster::app
