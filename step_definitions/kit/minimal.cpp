// The steps of the Compatibility Kit's sample minimal.
#include "muster/step.hpp"

using namespace muster;

GIVEN("I have {int} cukes in my belly") = [](int) {};
