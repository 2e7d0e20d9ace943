// The steps of the Compatibility Kit's sample skipped-exception.
#include "muster/step.hpp"

using namespace muster;

GIVEN("I skip a step") = [] { skip("skipping"); };
