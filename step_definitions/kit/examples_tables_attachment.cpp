// The steps of the Compatibility Kit's sample examples-tables-attachment.
#include <filesystem>

#include "muster/step.hpp"

using namespace muster;

namespace {

std::string beside(const Scenario& scenario, const char* file) {
  return (std::filesystem::path(scenario.uri()).parent_path() / file).string();
}

}  // namespace

WHEN("a JPEG image is attached") = [](Scenario& scenario) {
  scenario.attach_file(beside(scenario, "cucumber.jpeg"), "image/jpeg");
};

WHEN("a PNG image is attached") = [](Scenario& scenario) {
  scenario.attach_file(beside(scenario, "cucumber.png"), "image/png");
};
