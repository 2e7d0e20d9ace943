// The steps of the Compatibility Kit's sample global-hooks-afterall-error.
#include <stdexcept>

#include "muster/step.hpp"

using namespace muster;

BEFORE_ALL() = [] {};

BEFORE_ALL() = [] {};

WHEN("a step passes") = [] {};

AFTER_ALL() = [] {};

AFTER_ALL() = [] { throw std::runtime_error("AfterAll hook went wrong"); };

AFTER_ALL() = [] {};
