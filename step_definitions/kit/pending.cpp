// The steps of the Compatibility Kit's sample pending.
#include "muster/step.hpp"

using namespace muster;

GIVEN("an implemented non-pending step") = [] {};

GIVEN("an implemented step that is skipped") = [] {};

GIVEN("an unimplemented pending step") = [] { pending(); };
