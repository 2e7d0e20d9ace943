// The steps of the Compatibility Kit's sample all-statuses.
#include <stdexcept>

#include "muster/step.hpp"

using namespace muster;

GIVEN("^a step$") = [] {};

GIVEN("^a failing step$") = [] { throw std::runtime_error("whoops"); };

GIVEN("^a pending step$") = [] { pending(); };

GIVEN("^a skipped step$") = [] { skip(); };

GIVEN("^an ambiguous (.*?)$") = [](std::string) {};

GIVEN("^(.*?) ambiguous step$") = [](std::string) {};
