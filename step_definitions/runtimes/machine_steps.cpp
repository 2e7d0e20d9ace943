#include <filesystem>

#include "base/text.hpp"
#include "fixtures/worlds/machine.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

GIVEN("a program {string} that prints {string}") = [](Machine& machine, std::string name,
                                                      std::string text) {
  machine.add_program(name, "echo '" + text + "'");
};

GIVEN("a program {string}:") = [](Machine& machine, std::string name, const DocString& script) {
  machine.add_program(name, script.content);
};

GIVEN("a runtime {string} verified by the program {string}") =
    [](Machine& machine, std::string name, std::string binary) {
      machine.add_runtime(name, binary);
    };

GIVEN("the variable {word} is {string}") = [](Machine& machine, std::string name,
                                              std::string value) {
  machine.set_variable(name, value);
};

GIVEN("this muster.toml:") = [](Machine& machine, const DocString& text) {
  machine.write("muster.toml", text.content);
};

GIVEN("this feature:") = [](Machine& machine, const DocString& text) {
  machine.write("a.feature", text.content);
};

WHEN("muster is run with {string}", timeout(std::chrono::seconds(60))) =
    [](Machine& machine, std::string arguments) { machine.run(split(arguments, ' ')); };

THEN("the file {string} is not there") = [](Machine& machine, std::string name) {
  EXPECT_FALSE(std::filesystem::exists(machine.path(name)));
};

THEN("the exit code is {int}") = [](Machine& machine, int code) {
  EXPECT_EQ(machine.exit_code(), code) << machine.output();
};

THEN("the output has {string}") = [](Machine& machine, std::string words) {
  EXPECT_NE(machine.output().find(words), std::string::npos) << machine.output();
};

THEN("the program {string} was run {int} time(s)") = [](Machine& machine, std::string name,
                                                        int times) {
  EXPECT_EQ(machine.runs_of(name), times) << machine.output();
};
