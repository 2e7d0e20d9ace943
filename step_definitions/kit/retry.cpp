// The steps of the Compatibility Kit's sample retry.
#include <stdexcept>

#include "muster/step.hpp"

using namespace muster;

GIVEN("a step that always passes") = [] {};

GIVEN("a step that passes the second time") = [](Scenario& scenario) {
  if (scenario.attempt() < 1) throw std::runtime_error("Exception in step");
};

GIVEN("a step that passes the third time") = [](Scenario& scenario) {
  if (scenario.attempt() < 2) throw std::runtime_error("Exception in step");
};

GIVEN("a step that always fails") = [] { throw std::runtime_error("Exception in step"); };
