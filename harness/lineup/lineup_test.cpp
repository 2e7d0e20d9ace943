#include "lineup/lineup.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include "base/digest.hpp"
#include "config/load.hpp"
#include "lineup/keys.hpp"
#include "testing/temp_tree.hpp"

namespace muster::lineup {
namespace {

using ::testing::HasSubstr;

class Lineup : public ::testing::Test {
 protected:
  Lineup() {
    for (const char* name : {"ROCKY_HEARTH_BIN", "ROCKY_CONSOLE_BIN", "ROCKY_RALPH_BIN"})
      ::unsetenv(name);
  }
  /// What muster.toml says in the folder of the test, under these variables.
  config::Config configured(const std::string& text, const config::Environment& variables = {}) {
    tree.write("muster.toml", text);
    config::Request request;
    request.folder = tree.str();
    request.environment = variables;
    const config::Schema schema{keys()};
    auto loaded = config::load(schema, request);
    if (auto* problems = std::get_if<std::vector<Diagnostic>>(&loaded)) {
      ADD_FAILURE() << render(problems->front());
      return {};
    }
    return std::get<config::Config>(std::move(loaded));
  }
  Program script(const std::string& text) {
    tree.write("program", "#!/bin/sh\n" + text + "\n");
    std::filesystem::permissions(tree.path() / "program", std::filesystem::perms::owner_all);
    Program program;
    program.name = "hearth";
    program.path = tree.str("program");
    program.found = true;
    return program;
  }
  ::muster::testing::TempTree tree;
};

TEST_F(Lineup, TheReferenceProgramsWhenNothingIsSaid) {
  const config::Config settings = configured("");
  const Program hearth = find("hearth", &settings);
  EXPECT_FALSE(hearth.given);
  EXPECT_EQ(hearth.from, "beside muster");
  EXPECT_EQ(find_all(nullptr).size(), 3U);
}

TEST_F(Lineup, AFileOfMusterTomlIsBelowItsFolderAndAVariableIsStronger) {
  script("true");
  const std::string text = "[programs]\nhearth = \"./program\"\n";
  config::Config settings = configured(text);
  Program hearth = find("hearth", &settings);
  EXPECT_TRUE(hearth.given && hearth.found);
  EXPECT_EQ(hearth.path, tree.str("program"));
  EXPECT_THAT(hearth.from, HasSubstr("muster.toml:2:"));
  settings = configured(text, {{"ROCKY_HEARTH_BIN", "/bin/true"}});
  hearth = find("hearth", &settings);
  EXPECT_EQ(hearth.path, "/bin/true");
  EXPECT_EQ(hearth.from, "ROCKY_HEARTH_BIN");
}

TEST_F(Lineup, AnAddressIsStrongerThanAFile) {
  const config::Config settings =
      configured("[programs]\nralph = \"/bin/true\"\nralph_address = \"http://127.0.0.1:9\"\n");
  const Program ralph = find("ralph", &settings);
  EXPECT_EQ(ralph.address, "http://127.0.0.1:9");
  EXPECT_TRUE(ralph.path.empty());
  EXPECT_FALSE(identify(ralph).problem.empty());
}

TEST_F(Lineup, AMissingFileIsNotReplacedByTheReferenceProgram) {
  const config::Config settings = configured("[programs]\nconsole = \"/nonexistent/console\"\n");
  const Program console = find("console", &settings);
  EXPECT_FALSE(console.found);
  EXPECT_EQ(console.path, "/nonexistent/console");
  EXPECT_EQ(identify(console).sha256, "");
}

TEST_F(Lineup, IsIdentifiedByVersionAndDigest) {
  const Program program = script("[ \"$1\" = --version ] && printf 'hearth 2.1\\nbuilt today\\n'");
  const Identity identity = identify(program);
  EXPECT_EQ(identity.version, "hearth 2.1");
  EXPECT_EQ(identity.sha256, sha256_hex(tree.read("program")));
  EXPECT_EQ(identity.problem, "");
}

TEST_F(Lineup, AVersionIsBoundedInTimeAndSize) {
  EXPECT_THAT(identify(script("exec sleep 60")).problem, HasSubstr("did not end within 2 s"));
  EXPECT_THAT(identify(script("exit 3")).problem, HasSubstr("exited 3"));
  EXPECT_THAT(identify(script("true")).problem, HasSubstr("says nothing"));
  const Identity endless = identify(script("exec yes 'a long line that never ends'"));
  EXPECT_EQ(endless.version, "a long line that never ends");
  EXPECT_LE(identify(script("exec tr '\\0' x </dev/zero")).version.size(), 203U);
  EXPECT_THAT(identify(script("printf '\\033[31mred\\n'")).version,
              ::testing::Not(HasSubstr("\033")));
}

}  // namespace
}  // namespace muster::lineup
