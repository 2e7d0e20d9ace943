#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "profile/audit.hpp"

namespace muster::profile {

/// What the steps of a profile name, by the definitions they match.
struct Coverage {
  std::map<std::string, Place> modules;       ///< imported
  std::map<std::string, Place> versions;      ///< modules whose __version__ is asked for
  std::map<std::string, Place> scripts;       ///< `is executable`, as paths below the project
  std::map<std::string, Place> config;        ///< paths of the configuration, aliases resolved
  std::map<std::string, Place> migrations;    ///< folders whose migrations are judged
  std::map<std::string, Place> entry_points;  ///< one entry when all are called
};

Coverage coverage_of(const Settings& settings, const std::vector<StepUse>& steps);

/// `text` as an argument `{string}` of a step.
std::string quoted_argument(const std::string& text);

}  // namespace muster::profile
