#include <gmock/gmock.h>

#include "base/json.hpp"
#include "testing/command.hpp"
#include "testing/temp_tree.hpp"

namespace muster::app {
namespace {

using ::muster::testing::Command;
using ::muster::testing::Finished;
using ::muster::testing::TempTree;
using ::testing::HasSubstr;

/// `muster show-config` in a folder of its own.
class ShowConfig : public ::testing::Test {
 protected:
  Finished show(std::vector<std::string> words,
                std::vector<std::pair<std::string, std::string>> variables = {}) const {
    words.insert(words.begin(), "show-config");
    Command command(MUSTER_BIN_DIR "/muster_probes");
    command.args(words).in(tree_.str());
    for (const auto& [name, value] : variables) command.env(name, value);
    return command.run();
  }

  /// The row of `key`: value and origin.
  static std::string row(const Finished& shown, const std::string& key) {
    const auto at = shown.out.find("\n" + key + " ");
    if (at == std::string::npos) return "no row " + key;
    std::string line = shown.out.substr(at + 1, shown.out.find('\n', at + 1) - at - 1);
    line.erase(0, key.size());
    std::string words;
    for (const char c : line) {
      if (c != ' ' || (!words.empty() && words.back() != ' ')) words += c;
    }
    return words;
  }

  TempTree tree_;
};

TEST_F(ShowConfig, names_the_origin_of_each_value_layer_by_layer) {
  tree_.write("muster.toml", "[run]\nretry = 1\n[profiles.ci.run]\nretry = 2\n");
  tree_.write("other.toml", "[run]\nretry = 3\n");
  Finished shown = show({});
  EXPECT_EQ(shown.exit_code, 0) << shown.text();
  EXPECT_EQ(row(shown, "run.retry"), "1 muster.toml:2:9");
  EXPECT_EQ(row(shown, "run.order"), "\"defined\" default");
  EXPECT_EQ(row(show({"--profile", "ci"}), "run.retry"), "2 muster.toml:4:9 (profile ci)");
  EXPECT_EQ(row(show({"--profile", "ci"}, {{"MUSTER_RUN_RETRY", "4"}}), "run.retry"),
            "4 MUSTER_RUN_RETRY");
  EXPECT_EQ(row(show({"--config", "other.toml"}), "run.retry"), "3 other.toml:2:9");
  EXPECT_EQ(row(show({}, {{"MUSTER_CONFIG", "other.toml"}}), "run.retry"), "3 other.toml:2:9");
}

TEST_F(ShowConfig, is_json_on_demand) {
  tree_.write("muster.toml", "[run]\nretry = 1\n");
  const Finished shown = show({"--json"});
  const auto json = parse_json(shown.out);
  ASSERT_TRUE(json) << shown.text();
  EXPECT_EQ(json->at("file"), "muster.toml");
  bool seen = false;
  for (const Json& value : json->at("values")) {
    if (value.at("key") != "run.retry") continue;
    seen = true;
    EXPECT_EQ(value.at("value"), 1);
    EXPECT_EQ(value.at("origin").at("layer"), "file");
    EXPECT_EQ(value.at("origin").at("line"), 2);
  }
  EXPECT_TRUE(seen);
}

TEST_F(ShowConfig, tells_everything_that_is_wrong_at_its_place) {
  tree_.write("muster.toml", "[run]\nrettry = 1\nretry = \"one\"\n");
  const Finished shown = show({});
  EXPECT_EQ(shown.exit_code, 1);
  EXPECT_EQ(shown.out, "");
  EXPECT_EQ(shown.err,
            "muster.toml:2:1: error: unknown key run.rettry\n"
            "  2 | rettry = 1\n"
            "    | ^^^^^^\n"
            "  hint: did you mean run.retry?\n"
            "muster.toml:3:9: error: run.retry takes an integer, not a string\n"
            "  3 | retry = \"one\"\n"
            "    |         ^^^^^\n");
  EXPECT_THAT(show({"--config", "none.toml"}).err,
              HasSubstr("--config names none.toml, which is not there"));
  tree_.write("muster.toml", "");
  EXPECT_THAT(show({"--profile", "ci"}).err, HasSubstr("asks for the profile ci"));
}

TEST_F(ShowConfig, warns_of_a_variable_that_is_nearly_a_key) {
  const Finished shown = show({}, {{"MUSTER_RUN_RETRI", "1"}});
  EXPECT_EQ(shown.exit_code, 0);
  EXPECT_EQ(shown.err,
            "warning: the variable MUSTER_RUN_RETRI sets nothing\n"
            "  hint: did you mean MUSTER_RUN_RETRY?\n");
}

}  // namespace
}  // namespace muster::app
