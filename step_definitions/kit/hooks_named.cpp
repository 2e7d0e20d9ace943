// The steps of the Compatibility Kit's sample hooks-named.
#include "muster/step.hpp"

using namespace muster;

BEFORE(name("A named before hook")) = [] {};

WHEN("a step passes") = [] {};

AFTER(name("A named after hook")) = [] {};
