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

GIVEN("hearth runs on the {word} driver") = [](Lifecycle& lifecycle, std::string driver) {
  lifecycle.faults().hearth_driver = std::move(driver);
};

WHEN("hearth is restarted", timeout(std::chrono::seconds(15))) = [](Lifecycle& lifecycle) {
  lifecycle.restart_hearth();
};
