// The steps of the Compatibility Kit's sample ambiguous.
#include "muster/step.hpp"

using namespace muster;

GIVEN("^a (.*?) with (.*?)$") = [](std::string, std::string) {};

GIVEN("^a step with (.*?)$") = [](std::string) {};
