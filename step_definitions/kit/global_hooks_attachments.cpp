// The steps of the Compatibility Kit's sample global-hooks-attachments.
#include "muster/step.hpp"

using namespace muster;

BEFORE_ALL() = [] { attach("Attachment from BeforeAll hook", "text/plain"); };

WHEN("a step passes") = [] {};

AFTER_ALL() = [] { attach("Attachment from AfterAll hook", "text/plain"); };
