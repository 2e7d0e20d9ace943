// The steps of the Compatibility Kit's sample global-hooks-beforeall-error.
#include <stdexcept>

#include "muster/step.hpp"

using namespace muster;

BEFORE_ALL() = [] {};

BEFORE_ALL() = [] { throw std::runtime_error("BeforeAll hook went wrong"); };

BEFORE_ALL() = [] {};

WHEN("a step passes") = [] {};

AFTER_ALL() = [] {};

AFTER_ALL() = [] {};
