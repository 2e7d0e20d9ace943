#include "fixtures/worlds/program_shapes.hpp"
#include "fixtures/worlds/stack.hpp"
#include "muster/programs.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

GIVEN("programs are held by {word}") = [](Stack& stack, std::string backend) {
  if (!stack.hold_by(backend)) skip(backend + " does not work here");
};

GIVEN("a service of the shape {string}") = [](Stack& stack, std::string shape) {
  stack.declare_shape(shape);
};

WHEN("the environment has come up or failed",
     timeout(std::chrono::seconds(20))) = [](Stack& stack) {
  stack.env({"start"});
  EXPECT_TRUE(stack.was_up()) << stack.output();
};

WHEN("it is stopped", timeout(std::chrono::seconds(20))) = [](Stack& stack) {
  stack.env({"stop"});
};

WHEN("its keeper is killed") = [](Stack& stack) { stack.kill_keeper(); };

WHEN("a scenario that starts a program of the shape {string} has ended",
     timeout(std::chrono::seconds(30))) = [](Stack& stack, std::string shape) {
  stack.play_shape(shape);
  EXPECT_NE(stack.machine().output().find("1 scenario"), std::string::npos)
      << stack.machine().output();
};

GIVEN("a program of the shape {string} marked {string} runs", timeout(std::chrono::seconds(20))) =
    [](Programs& programs, std::string shape, std::string mark) {
      const ProgramShape& wanted = program_shape(shape);
      Command command;
      command.words = {"/bin/sh", "-c", wanted.script, "shape", mark};
      command.ready = wanted.crashes ? ReadyWhen::started() : ReadyWhen::line("up");
      Program& program = programs.start("shape", command);
      if (wanted.crashes) program.await_exit(std::chrono::seconds(10));
    };

THEN("nothing of it survives {int} ms") = [](Stack& stack, int within) {
  const auto alive = stack.survivors(std::chrono::milliseconds(within));
  EXPECT_EQ(alive, std::vector<std::string>{});
};
