// The steps of the Compatibility Kit's sample doc-strings.
#include "muster/step.hpp"

using namespace muster;

GIVEN("a doc string:") = [](const DocString&) {};
