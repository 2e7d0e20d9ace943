// The steps of the Compatibility Kit's sample pending-exception.
#include "muster/step.hpp"

using namespace muster;

GIVEN("an unimplemented pending step") = [] { pending("to do"); };
