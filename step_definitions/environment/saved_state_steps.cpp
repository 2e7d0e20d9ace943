#include <chrono>
#include <fstream>

#include "base/text.hpp"
#include "fixtures/worlds/workplace.hpp"
#include "muster/json.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

namespace {

void change(const Workplace& workplace, const std::string& name, const Json& document) {
  std::ofstream out(workplace.scope_folder() + "/" + name, std::ios::binary);
  out << document.dump(2);
}

/// The latest events of the workplace's environment of that name.
std::vector<Json> events_called(const Workplace& workplace, const std::string& name) {
  std::ifstream in(workplace.scope_folder() + "/events.jsonl");
  std::vector<Json> found;
  for (std::string line; std::getline(in, line);) {
    const auto event = parse_json(line);
    if (event && string_at(*event, "event") == name) found.push_back(*event);
  }
  return found;
}

}  // namespace

WHEN("the workplace's keeper is killed") = [](Workplace& workplace) {
  const Json state = workplace.artifact("run_state.json");
  std::vector<int> services;
  for (const Json& service : state.at("services")) services.push_back(service.at("pid").get<int>());
  Workplace::kill_and_wait(state.at("metadata").at("keeper_pid").get<int>(), services);
};

WHEN("the workplace's service {string} is killed and its keeper has seen it",
     timeout(std::chrono::seconds(20))) = [](Workplace& workplace, std::string name) {
  const Json state = workplace.artifact("run_state.json");
  Workplace::kill_and_wait(state.at("services").at(name).at("pid").get<int>());
  workplace.await_artifact("run_state.json", [&](const Json& now) {
    return now.at("services").at(name).at("status") != "running";
  });
};

WHEN("the workplace's state says that {string} is simulated") = [](Workplace& workplace,
                                                                   std::string name) {
  Json state = workplace.artifact("run_state.json");
  state.at("services").at(name)["synthetic"] = true;
  state.at("services").at(name)["status"] = "simulated";
  change(workplace, "run_state.json", state);
};

WHEN("the workplace's pointers lead nowhere") = [](Workplace& workplace) {
  Json manifest = workplace.artifact("pointer_manifest.json");
  for (Json& path : manifest.at("pointers"))
    path = workplace.scope_folder() + "/runs/gone/run_state.json";
  change(workplace, "pointer_manifest.json", manifest);
};

THEN("the workplace's events tell of {string}") = [](Workplace& workplace, std::string event) {
  EXPECT_FALSE(events_called(workplace, event).empty());
};

THEN("every event of the workplace has a number, one more than the last") =
    [](Workplace& workplace) {
      std::ifstream in(workplace.scope_folder() + "/events.jsonl");
      int last = 0;
      for (std::string line; std::getline(in, line);) {
        const Json event = parse_json(line).value_or_throw();
        EXPECT_EQ(event.at("seq"), last + 1) << line;
        last = event.at("seq").get<int>();
      }
      EXPECT_GT(last, 0);
    };

THEN("the workplace's newest session recorded {string} without its {string}") =
    [](Workplace& workplace, std::string event, std::string member) {
      workplace.run("muster env debug-last --json");
      std::ifstream in(workplace.document().at("path").get<std::string>() + "/events.debug.jsonl");
      bool found = false;
      for (std::string line; std::getline(in, line);) {
        const Json recorded = parse_json(line).value_or_throw();
        if (string_at(recorded, "event") != event) continue;
        found = true;
        EXPECT_FALSE(recorded.contains(member)) << line;
      }
      EXPECT_TRUE(found) << "no event " << event;
    };
