// The steps of the Compatibility Kit's sample hooks-attachment.
#include <filesystem>

#include "muster/step.hpp"

using namespace muster;

namespace {

std::string picture(const Scenario& scenario) {
  return (std::filesystem::path(scenario.uri()).parent_path() / "cucumber.svg").string();
}

}  // namespace

BEFORE() = [](Scenario& scenario) { scenario.attach_file(picture(scenario), "image/svg+xml"); };

WHEN("a step passes") = [] {};

AFTER() = [](Scenario& scenario) { scenario.attach_file(picture(scenario), "image/svg+xml"); };
