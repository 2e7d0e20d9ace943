#include "fixtures/worlds/lifecycle.hpp"
#include "fixtures/worlds/parameters.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

GIVEN("hearth, the console and ralph are running",
      timeout(std::chrono::seconds(15))) = [](Lifecycle& lifecycle) { lifecycle.start(); };

GIVEN("the {program} program is missing") = [](Lifecycle& lifecycle, ProgramName program) {
  lifecycle.remove_program(program.text);
};

GIVEN("the console and ralph hold different keys") = [](Lifecycle& lifecycle) {
  lifecycle.drift_keys();
};
