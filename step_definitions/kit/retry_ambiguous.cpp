// The steps of the Compatibility Kit's sample retry-ambiguous.
#include "muster/step.hpp"

using namespace muster;

GIVEN("an ambiguous step") = [] {};

GIVEN("an ambiguous step") = [] {};
