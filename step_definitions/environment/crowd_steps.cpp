#include <map>
#include <set>

#include "fixtures/worlds/crowd.hpp"
#include "muster/json.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

GIVEN("{int} repositories with this muster.toml:") =
    [](Crowd& crowd, int count, const DocString& text) { crowd.make(count, text.content); };

GIVEN("a repository with {int} worktrees and this muster.toml:",
      timeout(std::chrono::seconds(30))) = [](Crowd& crowd, int count, const DocString& text) {
  crowd.make_worktrees(count, text.content);
};

WHEN("{string} runs in all of them at once",
     timeout(std::chrono::seconds(90))) = [](Crowd& crowd, std::string line) { crowd.run(line); };

WHEN("{string} runs {int} times at once in the first", timeout(std::chrono::seconds(90))) =
    [](Crowd& crowd, std::string line, int times) { crowd.run(line, times); };

WHEN("{string} runs in the first", timeout(std::chrono::seconds(60))) =
    [](Crowd& crowd, std::string line) { crowd.run(line, 1); };

THEN("all of them exit with {int}") = [](Crowd& crowd, int code) {
  for (const auto& answer : crowd.answers())
    EXPECT_EQ(answer.exit_code, code) << answer.out << answer.err;
};

THEN("one of them has started it, the others find it or are told by whom it is being started") =
    [](Crowd& crowd) {
      int started = 0;
      for (const auto& answer : crowd.answers()) {
        const bool other = answer.err.find("locked") != std::string::npos ||
                           answer.err.find("is up already") != std::string::npos;
        if (answer.exit_code == 0 && !other) ++started;
        EXPECT_TRUE(answer.exit_code == 0 || other) << answer.err;
      }
      EXPECT_EQ(started, 1);
    };

THEN("each answer has {int} service(s), with ports and runs that no other has") = [](Crowd& crowd,
                                                                                     int services) {
  std::set<int> ports;
  std::set<std::string> runs;
  for (const auto& answer : crowd.answers()) {
    const Json document = parse_json(answer.out).value_or_throw();
    EXPECT_TRUE(runs.insert(string_at(document, "run_id")).second) << answer.out;
    EXPECT_EQ(static_cast<int>(document.at("services").size()), services) << answer.out;
    for (const Json& service : document.at("services")) {
      EXPECT_EQ(string_at(service, "status"), "running");
      EXPECT_TRUE(ports.insert(service.at("port").get<int>()).second) << answer.out;
    }
  }
};

THEN("the answer has these ports:") = [](Crowd& crowd, const Table& wanted) {
  const Json document = parse_json(crowd.answers().at(0).out).value_or_throw();
  std::map<std::string, std::string> ports;
  for (const Json& service : document.at("services"))
    ports[string_at(service, "name")] = service.at("port").dump();
  for (const auto& row : wanted.hashes()) EXPECT_EQ(ports[row.at("service")], row.at("port"));
};

THEN("no process of them is left after {int} ms",
     timeout(std::chrono::seconds(20))) = [](Crowd& crowd, int within) {
  for (const auto& left : living_in(crowd.folder(), within)) ADD_FAILURE() << left;
};

THEN("{int} of them exits with {int}") = [](Crowd& crowd, int count, int code) {
  int found = 0;
  for (const auto& answer : crowd.answers()) found += answer.exit_code == code ? 1 : 0;
  EXPECT_EQ(found, count);
};

WHEN("{string} runs in its main tree", timeout(std::chrono::seconds(60))) =
    [](Crowd& crowd, std::string line) { crowd.run_in_main(line); };

THEN("the answers tell {string}") = [](Crowd& crowd, std::string words) {
  for (const auto& answer : crowd.answers())
    EXPECT_NE((answer.out + answer.err).find(words), std::string::npos) << answer.out << answer.err;
};
