// The steps of the Compatibility Kit's sample undefined.
#include "muster/step.hpp"

using namespace muster;

GIVEN("an implemented step") = [] {};

GIVEN("a step that will be skipped") = [] {};
