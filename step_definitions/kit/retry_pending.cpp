// The steps of the Compatibility Kit's sample retry-pending.
#include "muster/step.hpp"

using namespace muster;

GIVEN("a pending step") = [] { pending(); };
