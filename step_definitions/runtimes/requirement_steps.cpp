#include "fixtures/worlds/machine.hpp"
#include "fixtures/worlds/machine_parameters.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

WHEN("the feature is run", timeout(std::chrono::seconds(60))) = [](Machine& machine) {
  machine.play({});
};

WHEN("the feature is run with {word}", timeout(std::chrono::seconds(60))) =
    [](Machine& machine, std::string option) { machine.play({option}); };

THEN("its scenario {string} is {ending}") = [](Machine& machine, std::string name,
                                               EndingName wanted) {
  EXPECT_EQ(machine.ending(name).status, wanted.text) << machine.output();
};

THEN("its scenario {string} is {ending} because {string}") =
    [](Machine& machine, std::string name, EndingName wanted, std::string reason) {
      const Ending ending = machine.ending(name);
      EXPECT_EQ(ending.status, wanted.text) << machine.output();
      EXPECT_EQ(ending.reason, reason);
    };

THEN("it started {int} processes") = [](Machine& machine, int processes) {
  EXPECT_EQ(machine.started(), processes) << machine.output();
};
