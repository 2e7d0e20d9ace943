// The steps of the Compatibility Kit's sample failedish-combinations.
#include <stdexcept>

#include "muster/step.hpp"

using namespace muster;

GIVEN("^a step$") = [] {};

GIVEN("^a skipped step$") = [] { skip(); };

GIVEN("^a pending step$") = [] { pending(); };

GIVEN("^an ambiguous (.*?)$") = [](std::string) {};

GIVEN("^(.*?) ambiguous step$") = [](std::string) {};

GIVEN("^a failing step$") = [] { throw std::runtime_error("whoops"); };
