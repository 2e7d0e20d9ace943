// The steps of the Compatibility Kit's sample undefined-multiple.
#include "muster/step.hpp"

using namespace muster;

GIVEN("an implemented step") = [] {};

GIVEN("a step that will be skipped") = [] {};
