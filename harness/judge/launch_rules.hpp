#pragma once

#include <span>
#include <string>
#include <string_view>

namespace muster::judge {

class Bench;

using LaunchCheck = void (*)(Bench& bench, const std::string& program);

/// A rule of the launch contract, which every program keeps.
struct LaunchRule {
  const char* id;
  const char* contract;
  LaunchCheck check;
  std::string_view programs;  ///< those that it is for; all when empty

  bool applies_to(std::string_view program) const {
    return programs.empty() || programs.find(program) != std::string_view::npos;
  }
};

std::span<const LaunchRule> launch_rules();

}  // namespace muster::judge
