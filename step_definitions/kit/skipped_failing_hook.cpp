// The steps of the Compatibility Kit's sample skipped-failing-hook.
#include <stdexcept>

#include "muster/step.hpp"

using namespace muster;

GIVEN("a step that skips") = [] { skip(); };

AFTER() = [] { throw std::runtime_error("whoops"); };
