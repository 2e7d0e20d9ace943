// The steps of the Compatibility Kit's sample unused-steps.
#include "muster/step.hpp"

using namespace muster;

GIVEN("a step that is used") = [] {};

GIVEN("a step that is not used") = [] {};
