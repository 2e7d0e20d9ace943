// The steps of the Compatibility Kit's sample multiple-features.
#include "muster/step.hpp"

using namespace muster;

GIVEN("an order for {string}") = [](std::string) {};
