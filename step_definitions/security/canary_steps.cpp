// The secrets of a play, looked for wherever anything is kept.
#include "fixtures/worlds/canaries.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

namespace {

constexpr const char* kTold = "told-secrets.json";

}  // namespace

THEN("no secret of the play stands in the arguments or variables of any process",
     timeout(std::chrono::seconds(15))) = [](Canaries& canaries) {
  const auto secrets = canaries.secrets_of_play();
  EXPECT_EQ(secrets.size(), 7U);
  for (const auto& [name, secret] : secrets)
    for (const std::string& place : canaries.in_processes(secret))
      ADD_FAILURE() << name << " in the " << place;
};

THEN("the same search finds the file of each program's key in its variables") =
    [](Canaries& canaries, Lifecycle& lifecycle) {
      for (const std::string program : {"console", "ralph"}) {
        const std::string file = lifecycle.system().home() + "/" + program + ".keys";
        bool found = false;
        for (const std::string& place : canaries.in_processes(file))
          found = found || place.starts_with("variables of ");
        EXPECT_TRUE(found) << file;
      }
    };

/// For the scenario that runs this one in a muster of its own.
STEP("the secrets of this play are told to who has started it") = [](Canaries& canaries) {
  canaries.tell(kTold);
};

THEN("none of the secrets it told is found in what the runner wrote or said, beside:",
     timeout(std::chrono::seconds(20))) = [](Canaries& canaries, const Table& given) {
  std::vector<std::string> except{kTold};
  for (const auto& row : given.rows()) except.push_back(row.at(0));
  const auto secrets = canaries.told(kTold);
  EXPECT_GE(secrets.size(), 7U);
  EXPECT_FALSE(canaries.in_runner(secrets.begin()->second, {}).empty()) << "the search is blind";
  for (const auto& [name, secret] : secrets) {
    EXPECT_GE(secret.size(), 32U) << name;
    for (const std::string& place : canaries.in_runner(secret, except))
      ADD_FAILURE() << name << " in " << place;
  }
};

THEN("the runner wrote or said {string} nowhere") = [](Canaries& canaries, std::string secret) {
  for (const std::string& place : canaries.in_runner(secret, {})) ADD_FAILURE() << place;
};

THEN("the same search finds {string} in what the runner said, in its journal, and in {string}") =
    [](Canaries& canaries, std::string text, std::string report) {
      bool said = false;
      bool kept = false;
      bool reported = false;
      for (const std::string& place : canaries.in_runner(text, {})) {
        said = said || place.starts_with("what it said");
        kept = kept || place.starts_with("state/");
        reported = reported || place.starts_with(report);
      }
      EXPECT_TRUE(said);
      EXPECT_TRUE(kept);
      EXPECT_TRUE(reported);
    };
