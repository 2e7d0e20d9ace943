#include <algorithm>
#include <filesystem>

#include "fixtures/worlds/workbench.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

GIVEN("the runner's folder has {string}:") = [](Workbench& bench, std::string file,
                                                const DocString& text) {
  bench.write(file, text.content);
};

GIVEN("the runner's variable {word} is {string}") =
    [](Workbench& bench, std::string name, std::string value) { bench.set_variable(name, value); };

STEP("the runner is called as {string}", timeout(std::chrono::seconds(60))) =
    [](Workbench& bench, std::string command_line) { bench.run(command_line); };

THEN("the runner exits {int}") = [](Workbench& bench, int code) {
  EXPECT_EQ(bench.exit_code(), code) << bench.output();
};

THEN("the runner exits {int} and says {string}") = [](Workbench& bench, int code,
                                                      std::string words) {
  EXPECT_EQ(bench.exit_code(), code) << bench.output();
  EXPECT_TRUE(bench.output().find(bench.placed(words)) != std::string::npos) << bench.output();
};

THEN("the runner says {string}") = [](Workbench& bench, std::string words) {
  EXPECT_TRUE(bench.output().find(bench.placed(words)) != std::string::npos) << bench.output();
};

THEN("the runner does not say {string}") = [](Workbench& bench, std::string words) {
  EXPECT_TRUE(bench.output().find(bench.placed(words)) == std::string::npos) << bench.output();
};

THEN("the runner's scenarios end:") = [](Workbench& bench, const Table& table) {
  const auto told = bench.scenarios();
  const auto rows = table.hashes();
  EXPECT_EQ(told.size(), rows.size()) << bench.output();
  for (std::size_t i = 0; i < told.size() && i < rows.size(); ++i) {
    EXPECT_EQ(told[i].name, rows[i].at("scenario"));
    EXPECT_EQ(told[i].word, rows[i].at("ends")) << told[i].name << "\n" << bench.output();
    if (const auto why = rows[i].find("because"); why != rows[i].end()) {
      EXPECT_TRUE(told[i].reason.find(why->second) != std::string::npos)
          << told[i].name << " says " << told[i].reason;
    }
    if (const auto attempts = rows[i].find("attempts"); attempts != rows[i].end()) {
      EXPECT_EQ(std::to_string(told[i].attempts), attempts->second) << told[i].name;
    }
  }
};

THEN("of each scenario the runner kept what it printed alone:") = [](Workbench& bench,
                                                                     const Table& table) {
  const auto told = bench.scenarios();
  for (const auto& row : table.hashes()) {
    const auto found = std::find_if(told.begin(), told.end(), [&](const ToldScenario& it) {
      return it.name == row.at("scenario");
    });
    ASSERT_TRUE(found != told.end()) << row.at("scenario") << "\n" << bench.output();
    const std::string& printed = found->printed;
    EXPECT_TRUE(printed.find(row.at("printed")) != std::string::npos) << printed.substr(0, 200);
    EXPECT_TRUE(printed.find("bytes") != std::string::npos) << "nothing was left out";
    EXPECT_LT(printed.size(), 1U << 20);
    for (const auto& other : table.hashes()) {
      if (other.at("scenario") == row.at("scenario")) continue;
      EXPECT_TRUE(printed.find(other.at("printed")) == std::string::npos) << row.at("scenario");
    }
  }
};

THEN("the runner has run no scenario") = [](Workbench& bench) {
  EXPECT_TRUE(bench.scenarios().empty()) << bench.output();
};

THEN("the runner's folder has a {string} with {string}") = [](Workbench& bench, std::string file,
                                                              std::string words) {
  const std::string text = bench.read(bench.placed(file));
  EXPECT_TRUE(text.find(words) != std::string::npos) << text;
};

THEN("the runner's folder has a {string}") = [](Workbench& bench, std::string file) {
  EXPECT_TRUE(std::filesystem::exists(bench.path(file))) << file;
};

THEN("the runner's folder has no {string}") = [](Workbench& bench, std::string file) {
  EXPECT_FALSE(std::filesystem::exists(bench.path(file))) << file;
};
