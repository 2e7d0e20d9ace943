#include "base/text.hpp"
#include "fixtures/worlds/machine.hpp"
#include "fixtures/worlds/machine_parameters.hpp"
#include "muster/json.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

WHEN("the runtimes are listed", timeout(std::chrono::seconds(60))) = [](Machine& machine) {
  machine.list();
};

WHEN("the runtimes are listed with {string}", timeout(std::chrono::seconds(60))) =
    [](Machine& machine, std::string options) { machine.list(split(options, ' ')); };

THEN("{string} is there in version {string}") = [](Machine& machine, std::string name,
                                                   std::string version) {
  const Json verdict = machine.verdict(name);
  EXPECT_EQ(verdict.at("available"), true) << verdict.dump();
  EXPECT_EQ(verdict.value("version", ""), version) << verdict.dump();
};

THEN("{string} is there in a version nobody sees") = [](Machine& machine, std::string name) {
  const Json verdict = machine.verdict(name);
  EXPECT_EQ(verdict.at("available"), true) << verdict.dump();
  EXPECT_FALSE(verdict.contains("version")) << verdict.dump();
};

THEN("{string} is missing: {word}") = [](Machine& machine, std::string name, std::string reason) {
  const Json verdict = machine.verdict(name);
  EXPECT_EQ(verdict.at("available"), false) << verdict.dump();
  EXPECT_EQ(verdict.at("reason"), reason) << verdict.dump();
};

THEN("claimed are {string} and verified {string}, by {word}") =
    [](Machine& machine, std::string claimed, std::string verified, std::string source) {
      const auto names = [&](const char* member) {
        return join(machine.listing().at(member).get<std::vector<std::string>>(), ", ");
      };
      EXPECT_EQ(names("claimed"), claimed);
      EXPECT_EQ(names("runtimes"), verified);
      EXPECT_EQ(machine.listing().at("source"), source);
    };

THEN("nothing of the probes is left") = [](Machine& machine) {
  EXPECT_EQ(join(machine.left_behind(), "\n"), "");
};

THEN("{string} is not in what {string} wrote") = [](Machine& machine, std::string words,
                                                    std::string file) {
  const std::string written = machine.read(file);
  EXPECT_FALSE(written.empty()) << file;
  EXPECT_EQ(written.find(words), std::string::npos) << written;
};

GIVEN("the same rows in a PostgreSQL server",
      timeout(std::chrono::seconds(60))) = [](Machine& machine) { machine.start_postgres(); };

THEN("both databases list the same", timeout(std::chrono::seconds(60))) = [](Machine& machine) {
  machine.list();
  const Json here = machine.listing();
  EXPECT_FALSE(here.at("verdicts").empty());
  machine.list({}, /*on_server=*/true);
  EXPECT_EQ(machine.listing(), here);
};

WHEN("a worker {string} registers", timeout(std::chrono::seconds(30))) =
    [](Machine& machine, std::string name) { machine.register_worker(name); };

THEN("{database} answers {string} with {string}") = [](Machine& machine, DatabaseName database,
                                                       std::string query, std::string answer) {
  EXPECT_EQ(machine.ask(query, database.on_server()), answer);
};
