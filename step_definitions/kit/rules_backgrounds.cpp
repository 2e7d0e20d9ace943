// The steps of the Compatibility Kit's sample rules-backgrounds.
#include "muster/step.hpp"

using namespace muster;

GIVEN("an order for {string}") = [](std::string) {};

WHEN("an action") = [] {};

THEN("an outcome") = [] {};
