// `muster profile` from outside, on a copy of the sample project: exact text, exit codes.
#include <gmock/gmock.h>

#include <filesystem>

#include "base/json.hpp"
#include "base/text.hpp"
#include "testing/command.hpp"
#include "testing/golden.hpp"
#include "testing/temp_tree.hpp"

namespace muster::app {
namespace {

namespace fs = std::filesystem;
using ::muster::testing::Command;
using ::muster::testing::expect_golden;
using ::muster::testing::Finished;
using ::muster::testing::TempTree;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// A copy of fixtures/atelier in a git repository.
class ProfileCommand : public ::testing::Test {
 protected:
  ProfileCommand() {
    fs::copy(fs::path(MUSTER_SOURCE_DIR) / "fixtures/atelier", project(),
             fs::copy_options::recursive);
    fs::remove_all(tree_.path() / "project/var");
    git({"init", "--quiet"});
    git({"add", "--all"});
  }

  std::string project() const { return tree_.str("project"); }

  void git(std::vector<std::string> words) const {
    ASSERT_EQ(Command("/usr/bin/git").args(std::move(words)).in(project()).run().exit_code, 0);
  }

  Finished muster(std::vector<std::string> words) const {
    Finished done = Command(MUSTER_BIN_DIR "/muster")
                        .args(std::move(words))
                        .in(project())
                        .env("MUSTER_RUNTIME_DIR", tree_.str("state"))
                        .env("NO_COLOR", "1")
                        .env("ATELIER_SIGNING_KEY", "hunter2")
                        .run();
    for (std::string* text : {&done.out, &done.err}) {
      replace_all(*text, project(), "PROJECT");
      replace_all(*text, MUSTER_SOURCE_DIR, "SOURCE");
      replace_all(*text, tree_.str("state"), "STATE");
    }
    return done;
  }

  /// What a time or an id stands behind, up to the end of its line, is `…`.
  static std::string steady(std::string text, std::initializer_list<const char*> marks) {
    for (const std::string mark : marks) {
      for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        at += mark.size();
        text.replace(at, text.find('\n', at) - at, "…");
      }
    }
    return text;
  }

  void change(const std::string& file, const std::string& old, const std::string& by) const {
    std::string text = tree_.read("project/" + file);
    ASSERT_NE(text.find(old), std::string::npos) << file;
    replace_all(text, old, by);
    tree_.write("project/" + file, text);
  }

  TempTree tree_;

 private:
  static void replace_all(std::string& text, const std::string& old, const std::string& by) {
    for (auto at = text.find(old); at != std::string::npos; at = text.find(old, at + by.size()))
      text.replace(at, old.size(), by);
  }
};

TEST_F(ProfileCommand, each_has_a_help_with_an_example) {
  for (const char* name : {"imports", "config", "migrations", "scripts"}) {
    const Finished done = muster({"profile", name, "--help"});
    EXPECT_EQ(done.exit_code, 0);
    EXPECT_THAT(done.out, HasSubstr(std::string("Example: muster profile ") + name));
    EXPECT_EQ(muster({"profile", name}).exit_code, 1) << name << " with nothing to check";
  }
  EXPECT_EQ(muster({"profile"}).exit_code, 1);
  EXPECT_EQ(muster({"profile", "configs"}).exit_code, 1);
}

TEST_F(ProfileCommand, config_prints_values_and_where_they_come_from) {
  const std::vector<std::string> words = {"profile", "config", "config/application.conf", "--env",
                                          "ATELIER_SERVER_PORT=7999"};
  auto more = words;
  more.push_back("--origins");
  expect_golden("profile/config.txt", muster(words).text());
  expect_golden("profile/config_origins.txt", muster(more).text());
  more.push_back("--json");
  const Finished json = muster(more);
  const auto read = parse_json(json.out);
  ASSERT_TRUE(read) << json.out;
  EXPECT_EQ((*read)["config"]["gateway"]["port"], 7411);
  EXPECT_EQ((*read)["origins"]["gateway.port"],
            (Json{{"file", "config/reference.conf"}, {"line", 10}}));
  EXPECT_EQ((*read)["origins"]["server.port"]["environment"], Json{"ATELIER_SERVER_PORT"});
  for (const Finished& each : {muster(words), json}) {
    EXPECT_THAT(each.out, Not(HasSubstr("7999")));
    EXPECT_THAT(each.out, Not(HasSubstr("hunter2")));
  }
}

TEST_F(ProfileCommand, config_names_the_place_of_what_is_wrong) {
  change("config/application.conf", "${?ATELIER_BOOK}", "${book.path}");
  expect_golden("profile/config_error.txt",
                muster({"profile", "config", "config/application.conf"}).text());
  EXPECT_THAT(muster({"profile", "config", "none.conf"}).err, HasSubstr("none.conf"));
  const Finished bad = muster({"profile", "config", "config/reference.conf", "--env", "PORT"});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_THAT(bad.err, HasSubstr("--env NAME=VALUE"));
}

TEST_F(ProfileCommand, config_warns_of_names_that_nobody_declared) {
  change("config/application.conf", "ATELIER_BOOK", "ATELIER_BOKO");
  const Finished done = muster({"profile", "config", "config/application.conf"});
  EXPECT_EQ(done.exit_code, 0);
  EXPECT_THAT(done.err, HasSubstr("config/application.conf:6:17: warning: ${?ATELIER_BOKO}"));
}

TEST_F(ProfileCommand, migrations_tells_each_file_and_what_is_wrong_with_it) {
  EXPECT_EQ(muster({"profile", "migrations", "db/migrations"}).exit_code, 0);
  change("db/migrations/20240902081500_keep_measurements.sql", ");", ")");
  expect_golden("profile/migrations.txt",
                muster({"profile", "migrations", "db/migrations"}).text());
  const Finished json =
      muster({"profile", "migrations", "db/migrations", "--dialect", "postgres", "--json"});
  EXPECT_EQ(json.exit_code, 1);
  const auto read = parse_json(json.out);
  ASSERT_TRUE(read) << json.out;
  EXPECT_EQ((*read)["dialects"], Json{"postgres"});
  EXPECT_EQ((*read)["files"].size(), 3U);
  EXPECT_EQ((*read)["files"][2]["dbmate"], "ok");
  EXPECT_THAT((*read)["files"][2]["findings"], Not(IsEmpty()));
  EXPECT_THAT(muster({"profile", "migrations", "db", "--dialect", "oracle"}).err,
              HasSubstr("there is no dialect oracle"));
  EXPECT_EQ(muster({"profile", "migrations", "db"}).exit_code, 1) << "no migration in it";
  EXPECT_EQ(muster({"profile", "migrations", "none"}).exit_code, 1) << "no such folder";
}

TEST_F(ProfileCommand, scripts_tells_each_the_first_thing_that_is_wrong) {
  const std::vector<std::string> good = {"profile", "scripts", "scripts/start.sh",
                                         "scripts/wait_healthy.py"};
  EXPECT_EQ(muster(good).exit_code, 0) << muster(good).out;
  change("scripts/start.sh", "\n", "\r\n");
  change("scripts/backup.sh", "[ $# -eq 2 ] ||", "if [ $# -eq 2 ];");
  fs::permissions(project() + "/scripts/generate_stubs.sh", fs::perms(0644));
  git({"update-index", "--chmod=-x", "scripts/wait_healthy.py"});
  std::vector<std::string> words = {"profile",
                                    "scripts",
                                    "scripts/start.sh",
                                    "scripts/backup.sh",
                                    "scripts/generate_stubs.sh",
                                    "scripts/wait_healthy.py",
                                    "scripts",
                                    "scripts/none.sh"};
  expect_golden("profile/scripts.txt", muster(words).text());
  words.push_back("--json");
  const auto read = parse_json(muster(words).out);
  ASSERT_TRUE(read);
  EXPECT_EQ((*read)["ok"], false);
  std::string checks;
  for (const Json& result : (*read)["results"]) checks += string_at(result, "check") + " ";
  EXPECT_EQ(checks, "shebang syntax executable git-mode file file ");
}

TEST_F(ProfileCommand, scripts_takes_paths_from_where_it_stands_or_below_a_project) {
  const std::string start = project() + "/scripts/start.sh";
  EXPECT_EQ(muster({"profile", "scripts", start}).exit_code, 0);
  EXPECT_EQ(Command(MUSTER_BIN_DIR "/muster")
                .args({"profile", "scripts", "scripts/start.sh", "--project", project()})
                .in("/")
                .run()
                .exit_code,
            0);
}

TEST_F(ProfileCommand, imports_tells_the_chain_of_what_fails) {
  const std::vector<std::string> words = {"profile", "imports", "atelier.config",
                                          "atelier.gateway"};
  EXPECT_EQ(muster(words).exit_code, 0) << muster(words).out;
  change("atelier/service.py", "import json\n", "import behave\n");
  expect_golden("profile/imports.txt",
                steady(muster(words).text(), {"distributions\n", "1 failed, "}));
  const auto read = parse_json(
      muster({"profile", "imports", "atelier.gateway", "--json", "--python", "/usr/bin/python3"})
          .out);
  ASSERT_TRUE(read);
  EXPECT_EQ((*read)["ok"], false);
  EXPECT_EQ((*read)["results"].size(), 1U);
  EXPECT_EQ(muster({"profile", "imports", "--stubs"}).exit_code, 0);
  EXPECT_EQ(muster({"profile", "imports", "--entry-points"}).exit_code, 1);
  EXPECT_EQ(muster({"profile", "imports", "--all", "--stubs"}).exit_code, 1);
}

TEST_F(ProfileCommand, a_run_shows_expected_found_and_hint_of_each_failure) {
  change("atelier/gateway.py", "import json\n", "import behave\n");
  change("config/application.conf", "${?ATELIER_BOOK}", "${book.path}");
  change("db/migrations/20240902081500_keep_measurements.sql", "-- migrate:up", "-- migrate up");
  fs::permissions(project() + "/scripts/backup.sh", fs::perms(0644));
  const Finished done =
      muster({"run", MUSTER_SOURCE_DIR "/features/runtime_profile/runtime_profile.feature",
              "--jobs", "1", "--format", "message"});
  EXPECT_EQ(done.exit_code, 1) << done.err;
  std::string told;
  for (const std::string& line : split(done.out, '\n')) {
    if (line.empty()) continue;
    const auto envelope = parse_json(line);
    ASSERT_TRUE(envelope) << line;
    if (!envelope->contains("testStepFinished")) continue;
    const Json& result = (*envelope)["testStepFinished"]["testStepResult"];
    if (result.contains("exception")) {
      told += string_at(result["exception"], "type") + "\n" + string_at(result, "message") + "\n\n";
    }
  }
  expect_golden("profile/run.txt", told);
}

}  // namespace
}  // namespace muster::app
