// The steps of the Compatibility Kit's sample cdata.
#include "muster/step.hpp"

using namespace muster;

GIVEN("I have {int} <![CDATA[cukes]]> in my belly") = [](int) {};
