#include <filesystem>
#include <fstream>
#include <string>

#include "muster/programs.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace std::chrono_literals;

/// The greeter and its folder. A fixture: made on first use, gone with its scenario, and with it
/// every process that it started.
struct Greeter {
  explicit Greeter(Scenario& scenario) : programs(scenario.get<Programs>()) {
    std::string name = (std::filesystem::temp_directory_path() / "greeter-XXXXXX").string();
    REQUIRE_TRUE(mkdtemp(name.data()) != nullptr);
    inbox = name;
  }
  ~Greeter() { std::filesystem::remove_all(inbox); }

  Program& program() { return programs.at("greeter"); }

  Programs& programs;
  std::filesystem::path inbox;
};

GIVEN("the greeter is running") = [](Greeter& greeter) {
  greeter.programs.start("greeter", {.words = {"bin/greeter", greeter.inbox.string()},
                                     .ready = ReadyWhen::line("ready")});
};

WHEN("{string} is named") = [](Greeter& greeter, std::string name) {
  std::ofstream(greeter.inbox / name).flush();
};

WHEN("the greeter is stopped") = [](Greeter& greeter) {
  EXPECT_TRUE(greeter.program().stop().success());
};

THEN("it says {string} within {int} s") = [](Greeter& greeter, std::string words, int seconds) {
  greeter.program().await_line(words, std::chrono::seconds(seconds));
};

THEN("it has said {string}") = [](Greeter& greeter, std::string words) {
  EXPECT_NE(greeter.program().output().find(words), std::string::npos);
};
