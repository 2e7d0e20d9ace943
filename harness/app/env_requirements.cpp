#include "app/env_requirements.hpp"

#include <iostream>
#include <utility>

#include "environment/control.hpp"

namespace muster::app {
namespace {

constexpr std::chrono::seconds kPatience{5};

}  // namespace

Result<std::vector<requirements::RequirementSpec>> declared_requirements(
    const config::Config& config, const std::vector<services::ServiceSpec>& services) {
  auto read = requirements::read_requirements(config, services);
  if (const auto* problems = std::get_if<std::vector<Diagnostic>>(&read)) {
    for (const Diagnostic& problem : *problems) std::cerr << render(problem);
    return error("config_invalid", "the requirements are not valid; see above", "mend muster.toml");
  }
  return std::move(std::get<std::vector<requirements::RequirementSpec>>(read));
}

std::map<std::string, std::string> requirement_variables(EnvSession& session,
                                                         const std::string& project) {
  std::map<std::string, std::string> variables;
  const auto repository = session.repository();
  if (!repository) return variables;
  const auto answer =
      environment::ask_keeper((*repository)->folder(), {{"do", "variables"}}, kPatience);
  if (!answer) return variables;
  const Json of_all = answer->value("variables", Json::object());
  const Json of_one = of_all.value(project, Json::object());
  for (const auto& [name, value] : of_one.items())
    if (value.is_string()) variables[name] = value.get<std::string>();
  return variables;
}

}  // namespace muster::app
