#include "runtimes/gate.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <map>

#include "runtimes/row_for_tests.hpp"
#include "runtimes/vocabulary.hpp"

namespace muster::runtimes {
namespace {

using testing::command;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::row;

/// Programs that note that they were run.
class GateTest : public ::testing::Test {
 protected:
  GateTest() {
    add("python3", "echo Python 3.11.2");
    add("node", "echo v18.19.0");
    add("lua", "exit 3");
    options.rows = {row("core.python", Json::array({command("python3")})),
                    row("core.nodejs", Json::array({command("node")})),
                    row("core.lua", Json::array({command("lua")}))};
    options.rows[2].aliases = {"moon"};
    options.detect.verify.search_path = programs.path();
    options.detect.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
    };
    options.try_capabilities = [this](const std::vector<std::string>& names) {
      std::vector<Capability> found;
      for (const std::string& name : names) {
        tried.push_back(name);
        found.push_back({name, name == "postgres", "as the test has it", "15.8.0"});
      }
      return found;
    };
  }
  void add(const std::string& name, const std::string& script) {
    programs.add(name,
                 "#!/bin/sh\necho >>" + programs.folder() + "/" + name + ".runs\n" + script + "\n");
  }
  std::size_t runs(const std::string& name) { return programs.read(name + ".runs").size(); }
  Gate gate() { return Gate::make(options).value_or_throw(); }
  static std::string blocked(Gate& gate, const std::vector<std::string>& tags) {
    const auto answer = gate.blocked(tags);
    if (!answer) return answer.error().code + ": " + answer.error().message;
    return answer->value_or("open");
  }
  std::string wrong(std::string_view tag) {
    const auto required = gate().requirement(tag);
    if (required.ok()) return *required ? (*required)->name : "nothing";
    return required.error().code + ": " + required.error().hint;
  }

  testing::Programs programs;
  std::map<std::string, std::string> variables;
  std::vector<std::string> tried;
  GateOptions options;
};

TEST_F(GateTest, OpensForWhatIsThereAndTellsWhatIsNot) {
  Gate made = gate();
  EXPECT_EQ(blocked(made, {}), "open");
  EXPECT_EQ(blocked(made, {"@slow", "@requires:python>=3.11", "@requires:postgres"}), "open");
  EXPECT_EQ(blocked(made, {"@requires:python>=3.12"}), "python 3.11.2 does not satisfy >=3.12");
  EXPECT_EQ(blocked(made, {"@requires:Node.js^20"}), "node 18.19.0 does not satisfy ^20");
  EXPECT_EQ(blocked(made, {"@requires:docker"}), "docker: as the test has it");
  EXPECT_EQ(blocked(made, {"@requires:postgres>=16"}), "postgres 15.8.0 does not satisfy >=16");
  EXPECT_THAT(blocked(made, {"@requires:python", "@requires:moon"}),
              HasSubstr("lua: exit_mismatch: exited 3"));
}

TEST_F(GateTest, FindsOutAboutEachNameOnceAndOnlyWhenAsked) {
  Gate made = gate();
  EXPECT_EQ(runs("python3") + runs("node") + runs("lua"), 0u);
  EXPECT_EQ(blocked(made, {"@requires:python"}), "open");
  EXPECT_EQ(blocked(made, {"@requires:python3>=3"}), "open");
  EXPECT_EQ(blocked(made, {"@requires:core.python>3"}), "open");
  EXPECT_EQ(runs("python3"), 1u);
  EXPECT_EQ(runs("node") + runs("lua"), 0u);
  EXPECT_EQ(blocked(made, {"@requires:docker", "@requires:docker"}), "docker: as the test has it");
  EXPECT_EQ(blocked(made, {"@requires:docker"}), "docker: as the test has it");
  EXPECT_THAT(tried, ElementsAre("docker"));
}

TEST_F(GateTest, FindsOutAboutManyAtOnce) {
  // each waits until the other runs: one after another they would never end
  const std::string folder = programs.folder();
  add("python3", "mkfifo " + folder + "/p 2>/dev/null; echo >" + folder + "/p; echo 3.11.2");
  add("node", "mkfifo " + folder + "/p 2>/dev/null; read line <" + folder + "/p; echo 18.19.0");
  Gate made = gate();
  std::vector<Requirement> all;
  for (const char* tag : {"@requires:python", "@requires:node"})
    all.push_back(*made.requirement(tag).value_or_throw());
  ASSERT_TRUE(made.find_out(all).ok());
  EXPECT_EQ(blocked(made, {"@requires:python", "@requires:node>=18"}), "open");
}

TEST_F(GateTest, TakesNoMalformedTagForNothing) {
  EXPECT_EQ(wrong("@requirement"), "nothing");
  EXPECT_EQ(wrong("@requires-care"), "nothing");
  EXPECT_THAT(wrong("@requires"), HasSubstr("bad_requirement: write @requires:"));
  EXPECT_THAT(wrong("@requires:"), HasSubstr("bad_requirement"));
  EXPECT_THAT(wrong("@require:docker"), HasSubstr("bad_requirement: write @requires:"));
  EXPECT_THAT(wrong("@Requires:docker"), HasSubstr("bad_requirement: write @requires:"));
  EXPECT_THAT(wrong("@requires(docker)"), HasSubstr("bad_requirement"));
  EXPECT_THAT(wrong("@requires:>=3"), HasSubstr("bad_requirement"));
  EXPECT_THAT(wrong("@requires:python>=x"), HasSubstr("bad_constraint"));
  EXPECT_EQ(wrong("@requires:dokcer"), "unknown_capability: did you mean docker?");
  EXPECT_EQ(wrong("@requires:pyhton>=3"), "unknown_capability: did you mean python?");
  EXPECT_THAT(wrong("@requires:fortran"), HasSubstr("unknown_capability: there are browser, "));
}

TEST_F(GateTest, KnowsWhatIsClaimedAndHoldsToIt) {
  variables["MUSTER_WORKER_RUNTIMES"] = "python, cobol";
  Gate made = gate();
  EXPECT_EQ(blocked(made, {"@requires:python>=3.11"}), "open");
  EXPECT_EQ(blocked(made, {"@requires:node"}),
            "node: overridden: MUSTER_WORKER_RUNTIMES leaves it out");
  EXPECT_EQ(blocked(made, {"@requires:cobol"}),
            "cobol: no_metadata: MUSTER_WORKER_RUNTIMES names it, but no row says how to verify "
            "it");
  EXPECT_EQ(runs("node"), 0u);
  variables["MUSTER_WORKER_RUNTIMES"] = "";
  const auto refused = Gate::make(options);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "bad_claims");
}

TEST(Vocabulary, ListsARowsNameAndKeepsCapabilitiesApart) {
  const std::vector<Runtime> rows{row("core.nodejs", Json::array())};
  const Vocabulary known(rows, {"Cobol"});
  const auto name = [&known](const char* text) {
    const auto resolved = known.resolve(parse_requirement(text).value_or_throw());
    return resolved.ok() ? resolved->name : resolved.error().code;
  };
  EXPECT_EQ(name("js>=18"), "node");
  EXPECT_EQ(name("core.nodejs"), "node");
  EXPECT_EQ(name("COBOL"), "cobol");
  EXPECT_EQ(name("cgroup-kill"), "cgroup-kill");
  EXPECT_EQ(name("python"), "unknown_capability");
  EXPECT_TRUE(Vocabulary::is_capability("netns"));
  EXPECT_FALSE(Vocabulary::is_capability("node"));
}

TEST(Capabilities, AreTriedAtOnceAndKeepTheirOrder) {
  const std::vector<std::string> names{"userns", "docker", "cgroup-kill", "browser"};
  const auto found = capabilities(names, [](const std::string& name) -> std::optional<std::string> {
    if (name == "DOCKER_HOST") return "unix:///no/such/socket";
    return std::nullopt;
  });
  ASSERT_EQ(found.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(found[i].name, names[i]);
  EXPECT_FALSE(found[1].available);
  EXPECT_THAT(capabilities({}), IsEmpty());
}

}  // namespace
}  // namespace muster::runtimes
