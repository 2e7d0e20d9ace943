// The steps of the Compatibility Kit's sample stack-traces.
#include <stdexcept>

#include "muster/step.hpp"

using namespace muster;

WHEN("a step throws an exception") = [] { throw std::runtime_error("BOOM"); };
