// The steps of the Compatibility Kit's sample global-hooks.
#include <stdexcept>

#include "muster/step.hpp"

using namespace muster;

BEFORE_ALL() = [] {};

BEFORE_ALL() = [] {};

WHEN("a step passes") = [] {};

WHEN("a step fails") = [] { throw std::runtime_error("Exception in step"); };

AFTER_ALL() = [] {};

AFTER_ALL() = [] {};
