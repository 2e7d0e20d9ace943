#include "profile/settings.hpp"

#include <gmock/gmock.h>

#include "config/load.hpp"
#include "profile/keys.hpp"
#include "testing/temp_tree.hpp"

namespace muster::profile {
namespace {

using muster::testing::TempTree;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

/// What a project says whose muster.toml is `toml`; an error as `code: message`.
class ProfileSettings : public ::testing::Test {
 protected:
  Result<Settings> read(const std::string& toml) const {
    config::Request request;
    request.folder = tree_.str();
    auto loaded =
        config::load_text(config::Schema{keys()}, request, tree_.str("muster.toml"), toml);
    if (auto* problems = std::get_if<std::vector<Diagnostic>>(&loaded)) return problems->front();
    return read_settings(std::get<config::Config>(loaded), tree_.str());
  }

  std::string refusal(const std::string& toml) const {
    const auto settings = read(toml);
    return settings ? "accepted" : settings.error().code + ": " + settings.error().message;
  }

  TempTree tree_;
};

TEST_F(ProfileSettings, without_a_word_they_are_the_defaults_of_the_checks) {
  const auto settings = read("");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->imports.python, "");
  EXPECT_TRUE(settings->imports.production_closure);
  EXPECT_EQ(settings->imports.timeout, std::chrono::seconds(30));
  EXPECT_EQ(settings->config.file, "config/application.conf");
  EXPECT_THAT(settings->config.errors, ElementsAre("unknown_environment", "unreadable_include"));
  EXPECT_TRUE(settings->config.pyhocon);
  EXPECT_EQ(settings->scripts.git, preflight::GitCheck::when_present);
  EXPECT_THAT(settings->migrations.dialects, ElementsAre(preflight::Dialect::postgres));
  EXPECT_TRUE(settings->migrations.runner.command.empty());
  EXPECT_EQ(settings->migrations.unterminated_block, preflight::Level::error);
}

TEST_F(ProfileSettings, each_key_reaches_its_check) {
  tree_.write("applied.sha256", std::string(64, 'a') + "  db/20240101000000_a.sql\n" +
                                    std::string(64, 'b') + " *20240102000000_b.sql\n\n");
  const auto settings = read(R"(
[profile.python]
interpreter = "env/bin/python"
search_paths = ["src"]
production_closure = false
extras = ["server"]
namespace_packages = ["plugins"]
timeout = "2s"
[profile.config]
file = "conf/app.conf"
declared = ["PORT"]
errors = ["pyhocon_period"]
reader = "other"
environment = { HOSTNAME = "here" }
aliases = { grpc_port = "grpc.port", "odd name" = "a.b" }
[profile.scripts]
path = "/bin"
git = "required"
timeout = "3s"
[profile.migrations]
dir = "db"
dialects = ["sqlite", "mysql"]
runner = ["python3", "-m", "app.migrations"]
round_trip = false
unterminated_block = "warning"
applied = "applied.sha256"
timeout = "4s"
)");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->imports.python, "env/bin/python");
  EXPECT_THAT(settings->imports.search_paths, ElementsAre("src"));
  EXPECT_FALSE(settings->imports.production_closure);
  EXPECT_THAT(settings->imports.extras, ElementsAre("server"));
  EXPECT_THAT(settings->imports.namespace_packages, ElementsAre("plugins"));
  EXPECT_EQ(settings->imports.timeout, std::chrono::seconds(2));
  EXPECT_EQ(settings->config.file, "conf/app.conf");
  EXPECT_THAT(settings->config.declared, ElementsAre("PORT"));
  EXPECT_THAT(settings->config.errors, ElementsAre("pyhocon_period"));
  EXPECT_FALSE(settings->config.pyhocon);
  EXPECT_THAT(settings->config.environment, ElementsAre(Pair("HOSTNAME", "here")));
  EXPECT_THAT(settings->config.aliases,
              ElementsAre(Pair("grpc_port", "grpc.port"), Pair("odd name", "a.b")));
  EXPECT_EQ(settings->scripts.deployment_path, "/bin");
  EXPECT_EQ(settings->scripts.git, preflight::GitCheck::required);
  EXPECT_EQ(settings->scripts.timeout, std::chrono::seconds(3));
  EXPECT_EQ(settings->migrations_dir, "db");
  EXPECT_THAT(settings->migrations.dialects,
              ElementsAre(preflight::Dialect::sqlite, preflight::Dialect::mysql));
  EXPECT_THAT(settings->migrations.runner.command, ElementsAre("python3", "-m", "app.migrations"));
  EXPECT_EQ(settings->migrations.runner.cwd, tree_.str());
  EXPECT_FALSE(settings->migrations.round_trip);
  EXPECT_EQ(settings->migrations.unterminated_block, preflight::Level::warning);
  EXPECT_THAT(settings->migrations.applied,
              ElementsAre(Pair("20240101000000", std::string(64, 'a')),
                          Pair("20240102000000", std::string(64, 'b'))));
  EXPECT_EQ(settings->migrations.timeout, std::chrono::seconds(4));
}

TEST_F(ProfileSettings, what_can_not_be_meant_is_refused) {
  EXPECT_EQ(refusal("[profile.migrations]\nrunner = \"skip-silently\""), "accepted");
  EXPECT_THAT(refusal("[profile.migrations]\nrunner = \"skip\""), HasSubstr("profile_runner: "));
  EXPECT_THAT(refusal("[profile.migrations]\nrunner = []"), HasSubstr("profile_runner: "));
  EXPECT_THAT(refusal("[profile.migrations]\nrunner = [\"a\", 1]"), HasSubstr("profile_runner: "));
  EXPECT_EQ(refusal("[profile.migrations]\ndialects = [\"oracle\"]"),
            "profile_dialect: there is no dialect oracle");
  EXPECT_EQ(refusal("[profile.migrations]\napplied = \"none\""),
            "profile_applied: can not read none");
  tree_.write("empty", "\n");
  EXPECT_EQ(refusal("[profile.migrations]\napplied = \"empty\""),
            "profile_applied: empty has no digest in it");
  tree_.write("odd", "abc  1_a.sql\n");
  EXPECT_THAT(refusal("[profile.migrations]\napplied = \"odd\""),
              HasSubstr("odd:1: expected a line of sha256sum"));
  const auto located = read("[profile.migrations]\ndialects = [\"oracle\"]");
  EXPECT_EQ(to_string(located.error().place), tree_.str("muster.toml") + ":2:12");
}

TEST_F(ProfileSettings, the_python_is_the_configured_one_else_that_of_the_project) {
  Settings settings;
  settings.project = tree_.str();
  EXPECT_EQ(python_of(settings), "python3");
  tree_.write("venv/bin/python3", "");
  EXPECT_EQ(python_of(settings), tree_.str("venv/bin/python3"));
  tree_.write(".venv/bin/python3", "");
  EXPECT_EQ(python_of(settings), tree_.str(".venv/bin/python3"));
  settings.imports.python = "bin/python";
  EXPECT_EQ(python_of(settings), tree_.str("bin/python"));
  settings.imports.python = "pypy3";
  EXPECT_EQ(python_of(settings), "pypy3");
  settings.imports.python = "/usr/bin/python3";
  EXPECT_EQ(python_of(settings), "/usr/bin/python3");
}

}  // namespace
}  // namespace muster::profile
