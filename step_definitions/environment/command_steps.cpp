#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "artifacts/lock.hpp"
#include "base/text.hpp"
#include "fixtures/worlds/crowd.hpp"
#include "fixtures/worlds/workplace.hpp"
#include "muster/json.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

namespace {

Json service_of(const Json& document, const std::string& name) {
  for (const Json& service : document.at("services"))
    if (string_at(service, "name") == name) return service;
  throw ErrorException(error("workplace", "no service " + name + " in " + document.dump()));
}

void change_state(const Workplace& workplace, const std::function<void(Json&)>& change) {
  Json state = workplace.artifact("run_state.json");
  change(state);
  std::ofstream out(workplace.scope_folder() + "/run_state.json", std::ios::binary);
  out << state.dump(2);
}

std::optional<artifacts::LockOwner> keeper_of(const Workplace& workplace) {
  const auto folder = journal::Directory::root(workplace.scope_folder()).value_or_throw();
  const auto locks = folder.sub("locks").value_or_throw();
  return artifacts::Lock::holder(locks, "keeper").value_or_throw();
}

}  // namespace

GIVEN("the workplace has the recorded file {string}") = [](Workplace& workplace, std::string name) {
  const std::filesystem::path from = std::filesystem::path("fixtures/environment") / name;
  std::ifstream in(from, std::ios::binary);
  ASSERT_TRUE(in) << from;
  workplace.write(name, std::string(std::istreambuf_iterator<char>(in), {}));
};

WHEN("the workplace's keeper is killed, and only that") = [](Workplace& workplace) {
  Workplace::kill_and_wait(
      workplace.artifact("run_state.json").at("metadata").at("keeper_pid").get<int>());
};

WHEN("the workplace's state says that {string} began at another time") = [](Workplace& workplace,
                                                                            std::string name) {
  change_state(workplace, [&](Json& state) {
    Json& service = state.at("services").at(name);
    service["pid_start"] = service.at("pid_start").get<std::uint64_t>() + 1;
  });
};

WHEN("the workplace's state is of schema version {int}") = [](Workplace& workplace, int version) {
  change_state(workplace, [&](Json& state) { state["schema_version"] = version; });
};

THEN("the service {string} of the answer is {word}") = [](Workplace& workplace, std::string name,
                                                          std::string status) {
  EXPECT_EQ(string_at(service_of(workplace.document(), name), "status"), status) << workplace.out();
};

THEN("the service {string} of the answer tells {string}") =
    [](Workplace& workplace, std::string name, std::string words) {
      const std::string told = string_at(service_of(workplace.document(), name), "failure_detail");
      EXPECT_NE(told.find(words), std::string::npos) << told;
    };

THEN("the service {string} of the answer is at the port in the workplace's file {string}") =
    [](Workplace& workplace, std::string name, std::string file) {
      const Json service = service_of(workplace.document(), name);
      EXPECT_EQ(service.at("actual_port").dump(), std::string(trim(workplace.read(file))));
      EXPECT_NE(service.at("actual_port"), service.at("requested_port"));
    };

THEN("the last line that the workplace is told is {string}") = [](Workplace& workplace,
                                                                  std::string words) {
  const auto lines = last_lines(workplace.err(), 1);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.back(), words) << workplace.err();
};

THEN("the workplace's command journal ends with {string} exiting {int} by {string}") =
    [](Workplace& workplace, std::string command, int code, std::string failure_class) {
      std::ifstream in(workplace.scope_folder() + "/commands.jsonl");
      std::string last;
      for (std::string line; std::getline(in, line);) last = line;
      const Json entry = parse_json(last).value_or_throw();
      EXPECT_EQ(string_at(entry, "command"), command);
      EXPECT_EQ(entry.at("exit_code"), code);
      EXPECT_EQ(string_at(entry, "failure_class"), failure_class);
    };

THEN("no process of the workplace is left after {int} ms",
     timeout(std::chrono::seconds(20))) = [](Workplace& workplace, int within) {
  for (const auto& left : living_in(workplace.expanded("FOLDER"), within)) ADD_FAILURE() << left;
};

THEN("the workplace's service {string} has the same pid as before") = [](Workplace& workplace,
                                                                         std::string name) {
  const Json now = service_of(workplace.document(), name).at("pid");
  EXPECT_EQ(std::string(trim(workplace.read("pid-of-" + name))), now.dump());
};

WHEN("the pid of {string} in the answer is kept") = [](Workplace& workplace, std::string name) {
  workplace.write("pid-of-" + name, service_of(workplace.document(), name).at("pid").dump());
};

THEN("all commands of the environment answer to --json with one document:",
     timeout(std::chrono::seconds(60))) = [](Workplace& workplace, const Table& commands) {
  for (const auto& row : commands.hashes()) {
    workplace.run("muster env " + row.at("command") + " --json");
    EXPECT_TRUE(parse_json(workplace.out())) << row.at("command") << ": " << workplace.out();
  }
};

WHEN("the port of {string} in the answer is kept") = [](Workplace& workplace, std::string name) {
  workplace.write("port-of-" + name, service_of(workplace.document(), name).at("port").dump());
};

THEN("the workplace's service {string} has the same port as before") = [](Workplace& workplace,
                                                                          std::string name) {
  EXPECT_EQ(workplace.read("port-of-" + name),
            service_of(workplace.document(), name).at("port").dump());
};

THEN("the workplace's answer has a number below {int} at {string}") =
    [](Workplace& workplace, int limit, std::string pointer) {
      EXPECT_LT(workplace.document().at(Json::json_pointer(pointer)).get<int>(), limit);
    };

THEN("the lock of the workplace is held by its keeper") = [](Workplace& workplace) {
  const auto holder = keeper_of(workplace);
  ASSERT_TRUE(holder);
  EXPECT_EQ(holder->pid, workplace.artifact("run_state.json").at("metadata").at("keeper_pid"));
};

THEN("the lock of the workplace is free") = [](Workplace& workplace) {
  EXPECT_FALSE(keeper_of(workplace));
};
