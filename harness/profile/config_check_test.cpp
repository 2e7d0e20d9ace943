#include "profile/config_check.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include "profile/failure_text.hpp"
#include "testing/temp_tree.hpp"

namespace muster::profile {
namespace {

using muster::testing::TempTree;
using preflight::CheckResult;
using preflight::Status;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ConfigCheck : public ::testing::Test {
 protected:
  ConfigCheck() {
    settings_.project = tree_.str();
    settings_.config.file = "app.conf";
    settings_.config.errors = {"unknown_environment", "unreadable_include"};
  }

  /// The checks of the results that are no passes, with their places.
  std::vector<std::string> checks_of(std::string_view text) {
    tree_.write("app.conf", text);
    std::vector<std::string> told;
    for (const CheckResult& result : load_config(settings_).results) {
      if (result.status != Status::passed)
        told.push_back(std::string(name_of(result.status)) + " " + result.check + " " +
                       to_string(result.place));
    }
    return told;
  }

  CheckResult field(std::string_view text, const std::string& name, double number = 0) {
    tree_.write("app.conf", text);
    const LoadedConfig loaded = load_config(settings_);
    if (loaded.config) return check_greater(*loaded.config, settings_, name, number);
    ADD_FAILURE() << failure_text(loaded.results.front());
    return {};
  }

  TempTree tree_;
  Settings settings_;
};

TEST_F(ConfigCheck, one_that_resolves_passes) {
  EXPECT_THAT(checks_of("a = 1\nb = ${a}"), IsEmpty());
}

TEST_F(ConfigCheck, each_way_to_fail_has_its_name_and_place) {
  EXPECT_THAT(checks_of("a = ${b}"), ElementsAre("failed config-substitution app.conf:1:5"));
  EXPECT_THAT(checks_of("a = \"b"), ElementsAre(HasSubstr("failed config-syntax app.conf:1:")));
  EXPECT_THAT(checks_of("a = ${b}\nb = ${a}"), ElementsAre(HasSubstr("failed config-cycle")));
  EXPECT_THAT(checks_of("include required(\"none\")"),
              ElementsAre(HasSubstr("failed config-include app.conf:1:")));
  EXPECT_THAT(checks_of("# nothing"), ElementsAre("failed config-empty app.conf"));
  settings_.config.file = "none.conf";
  const LoadedConfig loaded = load_config(settings_);
  ASSERT_EQ(loaded.results.size(), 1U);
  EXPECT_EQ(loaded.results[0].check, "config-read");
  EXPECT_THAT(loaded.results[0].hint, HasSubstr("profile.config.file"));
  EXPECT_FALSE(loaded.config.has_value());
}

TEST_F(ConfigCheck, only_what_every_deployment_has_is_set) {
  ::setenv("MUSTER_CONFIG_CHECK", "1", 1);
  EXPECT_THAT(checks_of("a = ${MUSTER_CONFIG_CHECK}"),
              ElementsAre("failed config-substitution app.conf:1:5"));
  ::unsetenv("MUSTER_CONFIG_CHECK");
  settings_.config.environment["PORT"] = "1";
  EXPECT_THAT(checks_of("a = ${PORT}\nb = ${PATH}"), IsEmpty());
}

TEST_F(ConfigCheck, a_name_that_nobody_declared_fails_and_other_lints_warn) {
  settings_.config.declared = {"PORT", "HOST"};
  EXPECT_THAT(checks_of("a = 1\na = ${?PROT}\nb = ${?PORT}"),
              ElementsAre("failed config-unknown-environment app.conf:2:5",
                          "warned config-unused-environment app.conf"));
  settings_.config.errors = {"unused_environment"};
  EXPECT_THAT(checks_of("a = 1\na = ${?PORT}"),
              ElementsAre("failed config-unused-environment app.conf"));
}

TEST_F(ConfigCheck, what_pyhocon_reads_otherwise_matters_to_who_reads_with_it) {
  EXPECT_THAT(checks_of("a = True"), ElementsAre("warned config-pyhocon-word-case app.conf:1:5"));
  settings_.config.pyhocon = false;
  EXPECT_THAT(checks_of("a = True"), IsEmpty());
}

TEST_F(ConfigCheck, a_failed_load_shows_the_line) {
  tree_.write("app.conf", "alone = 1\n  x = ${charlie}\n");
  const LoadedConfig loaded = load_config(settings_);
  EXPECT_EQ(failure_text(loaded.results.at(0)),
            "app.conf:2:7: config-substitution\n"
            "  expected: a configuration that resolves with no overrides\n"
            "  found: ${charlie} is neither in the configuration nor a variable\n"
            "      2 |   x = ${charlie}\n"
            "        |       ^");
}

TEST_F(ConfigCheck, a_field_is_compared_as_a_number) {
  EXPECT_EQ(field("a { b = 1 }", "a.b").status, Status::passed);
  EXPECT_EQ(field("a { b = \"7\" }", "a.b", 6.5).status, Status::passed);
  const CheckResult low = field("a = 0", "a");
  EXPECT_EQ(low.status, Status::failed);
  EXPECT_EQ(low.check, "config-value");
  EXPECT_EQ(low.found, "0");
  EXPECT_EQ(to_string(low.place), "app.conf:1:5");
  EXPECT_EQ(field("a = 30 s", "a").check, "config-number");
  EXPECT_EQ(field("a = null", "a").check, "config-field");
}

TEST_F(ConfigCheck, a_name_is_an_alias_or_a_path_and_never_guessed) {
  const CheckResult guessed = field("grpc.port = 1", "grpc_port");
  EXPECT_EQ(guessed.status, Status::failed);
  EXPECT_EQ(guessed.check, "config-field");
  EXPECT_THAT(guessed.hint, HasSubstr("[profile.config.aliases] grpc_port = \"grpc.port\""));
  settings_.config.aliases["grpc_port"] = "grpc.port";
  EXPECT_EQ(field("grpc.port = 1", "grpc_port").status, Status::passed);
  EXPECT_THAT(field("grpc.port = 1", "grpc.prot").hint, HasSubstr("did you mean grpc.port?"));
}

TEST_F(ConfigCheck, a_value_from_the_environment_is_not_told) {
  settings_.config.environment["TOKEN"] = "hunter2";
  settings_.config.environment["LOW"] = "-41";
  for (const char* text : {"a = ${TOKEN}", "a = ${LOW}"}) {
    const CheckResult result = field(text, "a");
    EXPECT_EQ(result.status, Status::failed) << text;
    EXPECT_THAT(failure_text(result), Not(HasSubstr("hunter2")));
    EXPECT_THAT(failure_text(result), Not(HasSubstr("41")));
    EXPECT_THAT(result.found, HasSubstr("from the environment"));
  }
}

}  // namespace
}  // namespace muster::profile
