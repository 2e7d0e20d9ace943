#include "app/profile_features.hpp"

#include <filesystem>

#include "app/chosen_scenarios.hpp"
#include "app/step_library.hpp"
#include "expressions/match.hpp"
#include "run/tier.hpp"

namespace muster::app {

ProfileFeatures profile_features(const std::vector<std::string>& given,
                                 const std::string& project) {
  namespace fs = std::filesystem;
  std::error_code failed;
  if (!given.empty()) {
    const fs::path first = given.front();
    return {given, fs::is_directory(first, failed) ? first.string() : first.parent_path().string()};
  }
  const std::string name = "features/runtime_profile";
  const std::string own = (fs::path(project) / name).string();
  if (fs::is_directory(own, failed)) return {{own}, own};
  if (fs::is_directory(name, failed)) return {{name}, name};
  return {{}, own};
}

Result<std::vector<profile::StepUse>> steps_in(const ProfileFeatures& features,
                                               const std::string& tier) {
  std::vector<profile::StepUse> uses;
  if (features.paths.empty()) return uses;
  const auto highest = run::Tier::parse(tier);
  if (!highest) return highest.error();
  const auto library = compile_library();
  if (!library) return library.error();
  const auto scenarios = choose_scenarios({features.paths, {}});
  if (!scenarios) return scenarios.error();
  for (std::size_t i = 0; i < scenarios->chosen.size(); ++i) {
    const auto& choice = scenarios->chosen[i];
    const auto& pickle = scenarios->features[choice.feature].pickles[choice.pickle];
    std::vector<std::string> tags;
    for (const auto& tag : pickle.tags) tags.push_back(tag.name);
    if (run::Tier::of(tags) > *highest) continue;
    for (const auto& step : pickle.steps) {
      const auto matches = library->match(step.text);
      if (matches.size() != 1) {
        Error problem = error(
            "undefined_steps",
            (matches.empty() ? "no definition fits " : "several definitions fit ") + step.text,
            "muster check " + pickle.uri);
        problem.place = {pickle.uri, pickle.location ? pickle.location->line : 0, 0};
        return problem;
      }
      profile::StepUse use;
      use.definition = library->steps[matches.front().definition].text;
      for (const auto& argument : matches.front().match.arguments)
        use.arguments.push_back(expressions::plain_text(argument));
      use.place = {pickle.uri, pickle.location ? pickle.location->line : 0, 0};
      use.scenario = i;
      uses.push_back(std::move(use));
    }
  }
  return uses;
}

}  // namespace muster::app
