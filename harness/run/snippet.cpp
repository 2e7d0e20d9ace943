#include "run/snippet.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace muster::run {
namespace {

std::string_view macro_of(const messages::PickleStep& step) {
  switch (step.type.value_or(messages::PickleStepType::unknown)) {
    case messages::PickleStepType::context:
      return "GIVEN";
    case messages::PickleStepType::action:
      return "WHEN";
    case messages::PickleStepType::outcome:
      return "THEN";
    case messages::PickleStepType::unknown:
      break;
  }
  return "STEP";
}

/// The C++ type of a built-in parameter type; a custom one is named like its parameter, in
/// PascalCase.
std::string type_of(const std::string& name) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {"int", "int"},
      {"float", "double"},
      {"double", "double"},
      {"word", "std::string"},
      {"string", "std::string"},
      {"", "std::string"},
      {"byte", "std::int8_t"},
      {"short", "std::int16_t"},
      {"long", "std::int64_t"},
      {"bigdecimal", "std::string"},
      {"biginteger", "std::string"}};
  for (const auto& [known, type] : kTypes) {
    if (known == name) return std::string(type);
  }
  std::string made;
  bool upper = true;
  for (const char c : name) {
    if (c == '_' || c == '-') {
      upper = true;
    } else {
      made += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
      upper = false;
    }
  }
  return made;
}

std::string literal(std::string_view text) {
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') made += '\\';
    made += c;
  }
  return made + '"';
}

}  // namespace

std::string snippet(const expressions::Proposal& proposal, const messages::PickleStep& step) {
  std::vector<std::string> parameters;
  for (std::size_t i = 0; i < proposal.parameter_types.size(); ++i) {
    parameters.push_back(type_of(proposal.parameter_types[i]) + " " + proposal.parameter_names[i]);
  }
  if (step.argument && step.argument->data_table) parameters.emplace_back("const Table& table");
  if (step.argument && step.argument->doc_string) parameters.emplace_back("const DocString& text");
  return fmt::format("{}({}) = []({}) {{\n  pending();\n}};", macro_of(step),
                     literal(proposal.expression), join(parameters, ", "));
}

}  // namespace muster::run
