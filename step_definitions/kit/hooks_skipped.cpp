// The steps of the Compatibility Kit's sample hooks-skipped.
#include "muster/step.hpp"

using namespace muster;

BEFORE() = [] {};

BEFORE("@skip-before") = [] { skip(); };

BEFORE() = [] {};

GIVEN("a normal step") = [] {};

GIVEN("a step that skips") = [] { skip(); };

AFTER() = [] {};

AFTER("@skip-after") = [] { skip(); };

AFTER() = [] {};
