// The steps of the Compatibility Kit's sample test-run-exception.
#include "muster/step.hpp"

using namespace muster;

GIVEN("a step") = [] {};
