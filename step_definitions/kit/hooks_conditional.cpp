// The steps of the Compatibility Kit's sample hooks-conditional.
#include <stdexcept>

#include "muster/step.hpp"

using namespace muster;

BEFORE("@passing-hook") = [] {};

BEFORE("@fail-before") = [] { throw std::runtime_error("Exception in conditional hook"); };

WHEN("a step passes") = [] {};

AFTER("@fail-after") = [] { throw std::runtime_error("Exception in conditional hook"); };

AFTER("@passing-hook") = [] {};
