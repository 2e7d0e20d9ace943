// The steps of the Compatibility Kit's sample hooks.
#include <stdexcept>

#include "muster/step.hpp"

using namespace muster;

BEFORE() = [] {};

WHEN("a step passes") = [] {};

WHEN("a step fails") = [] { throw std::runtime_error("Exception in step"); };

AFTER() = [] {};
