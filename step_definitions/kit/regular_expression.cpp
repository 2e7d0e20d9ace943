// The steps of the Compatibility Kit's sample regular-expression.
#include "muster/step.hpp"

using namespace muster;

GIVEN("^a (.*?)(?: and a (.*?))?(?: and a (.*?))?$") = [](std::string, std::string, std::string) {};
