// The steps of the Compatibility Kit's sample skipped.
#include "muster/step.hpp"

using namespace muster;

GIVEN("a step that does not skip") = [] {};

GIVEN("a step that is skipped") = [] {};

GIVEN("I skip a step") = [] { skip(); };
