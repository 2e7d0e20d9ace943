#include "profile/failure_text.hpp"

#include <gtest/gtest.h>

#include "profile/migration_results.hpp"

namespace muster::profile {
namespace {

using preflight::CheckResult;
using preflight::Finding;
using preflight::Level;
using preflight::Status;

CheckResult failed(std::string check) {
  CheckResult result;
  result.subject = "start.sh";
  result.check = std::move(check);
  result.status = Status::failed;
  result.expected = "this";
  result.found = "that\nand more";
  result.place = {"bin/start.sh", 3, 0};
  result.hint = "do it";
  return result;
}

TEST(FailureText, names_place_check_subject_and_what_to_do) {
  EXPECT_EQ(failure_text(failed("git-mode")),
            "bin/start.sh:3: git-mode: start.sh\n"
            "  expected: this\n"
            "  found: that\n"
            "    and more\n"
            "  hint: do it");
}

TEST(FailureText, is_harmless_in_a_terminal) {
  CheckResult result = failed("file");
  result.found = "\x1b[31mred";
  EXPECT_EQ(failure_text(result).find('\x1b'), std::string::npos);
}

TEST(Verdict, all_failures_are_told_and_the_first_gives_the_code) {
  CheckResult warned = failed("noexec");
  warned.status = Status::warned;
  const auto verdict_of = verdict({warned, failed("git-mode"), failed("shebang")});
  ASSERT_FALSE(verdict_of.ok());
  EXPECT_EQ(verdict_of.error().code, "git-mode");
  EXPECT_EQ(verdict_of.error().message,
            failure_text(failed("git-mode")) + "\n" + failure_text(failed("shebang")));
  EXPECT_TRUE(verdict({warned}).ok());
}

TEST(Verdict, nothing_at_all_is_a_failure) {
  const auto none = verdict({});
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, "subjects");
  EXPECT_EQ(asserts_nothing("an import", "When I import \"m\"").code, "asserts-nothing");
}

TEST(WithHints, only_a_failure_without_one_gets_one) {
  CheckResult without = failed("syntax");
  without.hint.clear();
  CheckResult passed;
  const auto hinted = with_hints({failed("file"), without, passed}, "muster profile scripts a");
  EXPECT_EQ(hinted[0].hint, "do it");
  EXPECT_EQ(hinted[1].hint, "`muster profile scripts a` shows more");
  EXPECT_EQ(hinted[2].hint, "");
}

TEST(MigrationResults, errors_of_lines_come_first_and_nothing_is_told_twice) {
  preflight::MigrationReport report;
  report.dir = "db";
  preflight::FileReport edited;
  edited.file = "1_a.sql";
  edited.findings = {{0, Level::error, "edited", "edited", ""},
                     {4, Level::error, "syntax", "no good", ""},
                     {4, Level::error, "syntax", "no good", ""},
                     {5, Level::warning, "empty-down", "empty", ""},
                     {6, Level::note, "note", "by the way", ""}};
  preflight::FileReport good;
  good.file = "2_b.sql";
  report.files = {edited, good};
  std::string told;
  for (const CheckResult& result : migration_results(report))
    told += to_string(result.place) + " " + std::string(name_of(result.status)) + " " +
            result.check + "\n";
  EXPECT_EQ(told,
            "db/1_a.sql:4 failed syntax\n"
            "db/1_a.sql failed edited\n"
            "db/1_a.sql:5 warned empty-down\n"
            "db/2_b.sql passed migration\n");
}

TEST(MigrationResults, a_folder_without_files_fails) {
  preflight::MigrationReport report;
  report.dir = "db";
  ASSERT_EQ(migration_results(report).size(), 1U);
  EXPECT_EQ(migration_results(report)[0].check, "subjects");
  report.findings = {{0, Level::warning, "looks-like", "a.sql is passed over", ""}};
  ASSERT_EQ(migration_results(report).size(), 2U);
  EXPECT_EQ(migration_results(report)[0].status, Status::failed);
}

}  // namespace
}  // namespace muster::profile
