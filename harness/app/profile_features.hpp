#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "profile/audit.hpp"

namespace muster::app {

/// Where the scenarios of a project's runtime profile are.
struct ProfileFeatures {
  std::vector<std::string> paths;  ///< files and folders
  std::string folder;              ///< that new ones are written to
};

/// `given` if there are any; else features/runtime_profile of the project, else of the current
/// folder. A project that has none gets its own: then there are no paths.
ProfileFeatures profile_features(const std::vector<std::string>& given, const std::string& project);

/// The steps of their scenarios up to `tier` that fit one definition of this program, read without
/// running anything. Errors: those of choose_scenarios and compile_library, `bad_tier`, and
/// `undefined_steps` when a step fits none or several definitions.
Result<std::vector<profile::StepUse>> steps_in(const ProfileFeatures& features,
                                               const std::string& tier);

}  // namespace muster::app
