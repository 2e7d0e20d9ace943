// The steps of the Compatibility Kit's sample hooks-undefined.
#include "muster/step.hpp"

using namespace muster;

BEFORE() = [] {};

AFTER() = [] {};
