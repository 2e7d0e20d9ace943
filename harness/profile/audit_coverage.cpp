#include "profile/audit_coverage.hpp"

#include <filesystem>

namespace muster::profile {
namespace {

/// What the first argument of a step definition names. The texts are those of
/// step_definitions/runtime_profile; a test holds them against the library.
struct Naming {
  std::string_view definition;
  std::map<std::string, Place> Coverage::*names;
};

constexpr Naming kNamings[] = {
    {"I import {string}", &Coverage::modules},
    {"{module}.__version__ is defined", &Coverage::modules},
    {"{module}.__version__ is defined", &Coverage::versions},
    {"the file {string} is executable", &Coverage::scripts},
    {"the config has {field} > {float}", &Coverage::config},
    {"the config sets {string}", &Coverage::config},
    {"migration files exist in {string}", &Coverage::migrations},
};
constexpr std::string_view kEveryEntryPoint = "every entry point can be called";
constexpr std::string_view kMigrationVerdict = "every migration has a valid UP block";

std::string normal(const std::string& path) {
  std::string made = std::filesystem::path(path).lexically_normal().string();
  while (made.size() > 1 && made.back() == '/') made.pop_back();
  return made;
}

}  // namespace

Coverage coverage_of(const Settings& settings, const std::vector<StepUse>& steps) {
  std::set<std::size_t> judged;  // scenarios that ask for a verdict on migrations
  for (const StepUse& step : steps) {
    if (step.definition == kMigrationVerdict) judged.insert(step.scenario);
  }
  Coverage coverage;
  for (const StepUse& step : steps) {
    if (step.definition == kEveryEntryPoint) coverage.entry_points.emplace("all", step.place);
    for (const Naming& naming : kNamings) {
      if (step.definition != naming.definition || step.arguments.empty()) continue;
      std::string name = step.arguments.front();
      if (naming.names == &Coverage::migrations && judged.count(step.scenario) == 0) continue;
      if (naming.names == &Coverage::migrations || naming.names == &Coverage::scripts)
        name = normal(name);
      const auto alias = settings.config.aliases.find(name);
      if (naming.names == &Coverage::config && alias != settings.config.aliases.end())
        name = alias->second;
      (coverage.*naming.names).emplace(std::move(name), step.place);
    }
  }
  return coverage;
}

std::string quoted_argument(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace muster::profile
