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

}  // namespace

Result<steps::Library> compile_library() {
  auto compiled = steps::Library::compile(steps::registered());
  if (auto* problems = std::get_if<std::vector<Diagnostic>>(&compiled)) {
    for (std::size_t i = 0; i + 1 < problems->size(); ++i) std::cerr << render((*problems)[i]);
    return problems->back();
  }
  auto& library = std::get<steps::Library>(compiled);
  if (library.steps.empty()) {
    return error("no_steps", "0 steps registered",
                 "link the step definitions as OBJECT libraries, so that none is dropped");
  }
  return std::move(library);
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

Json to_json(const detail::StepDefinition& step) {
  return {{"keyword", steps::to_string(step.keyword)},
          {"text", step.text},
          {"file", step.file},
          {"line", step.line}};
}

}  // namespace muster::app
