#include "profile/mutate.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "profile/mutate_verdict.hpp"
#include "profile/project_for_tests.hpp"
#include "testing/golden.hpp"

namespace muster::profile {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string finished(const std::string& status, const std::string& message = {}) {
  Json result = {{"status", status}};
  if (!message.empty()) result["message"] = message;
  return dump_json({{"testStepFinished", {{"testStepResult", result}}}}) + "\n";
}

std::vector<std::string> heads(const std::string& messages) {
  const auto told = failures_told(messages);
  if (!told) return {told.error().code};
  std::vector<std::string> list;
  for (const ToldFailure& failure : *told) list.push_back(failure.head);
  return list;
}

TEST(MutateVerdict, reads_what_steps_told) {
  EXPECT_THAT(heads(""), ElementsAre("no_run"));
  EXPECT_THAT(heads(finished("SKIPPED")), ElementsAre("no_run"));
  EXPECT_THAT(heads(finished("PASSED") + finished("SKIPPED")), IsEmpty());
  EXPECT_THAT(heads(finished("UNDEFINED")), ElementsAre("undefined"));
  EXPECT_THAT(heads("{\"testStepFinished\""), ElementsAre("json_syntax"));
  EXPECT_THAT(heads(finished("FAILED",
                             "warning: a:1: round-trip\n  found: x\n"
                             "a.sql:3: missing-terminator\n  found: y\n"
                             "pyproject: shop.web\n  hint: z")),
              ElementsAre("a.sql:3: missing-terminator", "pyproject: shop.web"));
}

TEST(MutateVerdict, is_named_by_the_right_check_with_the_right_subject) {
  Mutant mutant;
  mutant.checks = {"git-mode"};
  mutant.naming = {"bin/serve"};
  const auto named = [&](const std::string& message) {
    return is_named(mutant, *failures_told(finished("FAILED", message)));
  };
  EXPECT_TRUE(named("bin/serve: git-mode\n  found: x"));
  EXPECT_TRUE(named("git-mode: bin/serve"));
  EXPECT_TRUE(named("x:1: file\n  found: y\nbin/serve:1: git-mode"));
  EXPECT_FALSE(named("bin/other: git-mode")) << "another subject";
  EXPECT_FALSE(named("bin/serve: executable")) << "another check";
  EXPECT_FALSE(named("bin/serve: git-mode-of-something"));
  EXPECT_FALSE(named("bin/other: git-mode\nbin/serve: file")) << "neither of both";
  EXPECT_FALSE(named("warning: bin/serve: git-mode\n  found: x\nbin/serve: file"));
}

TEST(MutateReport, tells_what_was_not_named) {
  const std::vector<Mutant> mutants = {
      {"exec-bit", "bin/a", "bin/a has no exec bit", {}, {"executable"}, {"bin/a"}, {}},
      {"exec-bit", "bin/b", "bin/b has no exec bit", {}, {"executable"}, {"bin/b"}, {}},
      {"import-hangs", "a.py", "a.py never ends", {}, {"timeout"}, {"a.py"}, {}},
      {"syntax-error", "b.py", "b.py does not parse", {}, {"exception"}, {"b.py"}, {}},
  };
  const std::vector<Outcome> outcomes = {
      {Verdict::named, {"bin/a: executable"}, {}, std::chrono::milliseconds(120)},
      {Verdict::missed, {}, {}, std::chrono::milliseconds(80)},
      {Verdict::trouble, {}, "muster was ended after 60000 ms", std::chrono::milliseconds(60'000)},
      {Verdict::misnamed, {"c.py:1: exited: c"}, {}, std::chrono::milliseconds(99)},
  };
  muster::testing::expect_golden("profile/mutate.txt", render(mutants, outcomes));
  muster::testing::expect_golden("profile/mutate.json", to_json(mutants, outcomes).dump(1) + "\n");
  EXPECT_FALSE(to_json(mutants, outcomes).at("ok").get<bool>());
  EXPECT_TRUE(to_json({mutants[0]}, {outcomes[0]}).at("ok").get<bool>());
  EXPECT_FALSE(to_json({}, {}).at("ok").get<bool>()) << "nothing proves nothing";
}

/// Stands for muster: a profile that asks for the exec bit of bin/serve and hangs on shop/hang.py.
constexpr const char* kMuster = R"(#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in
    --project) project=$2 ;;
    message:*) messages=${1#message:} ;;
  esac
  shift
done
[ -n "$MUSTER_RUNTIME_DIR" ] && [ -d "$TMPDIR" ] || exit 3
echo kept > "$TMPDIR/left-behind"
[ -e "$project/shop/hang.py" ] && exec tail -f /dev/null
[ -e "$project/shop/lies.py" ] && exit 1
[ -e "$project/shop/silent.py" ] || printf '{"testStepFinished":{"testStepResult":{"status":"PASSED"}}}\n' > "$messages"
[ -x "$project/bin/serve" ] && exit 0
printf '{"testStepFinished":{"testStepResult":{"status":"FAILED","message":"%s: executable"}}}\n' \
  "${FAKE_SUBJECT:-bin/serve}" >> "$messages"
exit 1
)";

class Plays : public ::testing::Test {
 protected:
  Plays() {
    tools_.write("muster", kMuster);
    std::filesystem::permissions(tools_.str("muster"), std::filesystem::perms::owner_all);
    options_.program = tools_.str("muster");
    options_.features = {"unused.feature"};
    options_.jobs = 3;
    options_.timeout = std::chrono::seconds(30);
    std::filesystem::create_directory(tools_.path() / "s");
    options_.scratch = tools_.str("s");
    options_.stop = &stop_;
  }

  static Mutant without_exec_bit() {
    Mutant mutant{"exec-bit",     "bin/serve",   "", {{Change::Kind::exec_bit, "bin/serve", {}}},
                  {"executable"}, {"bin/serve"}, {}};
    return mutant;
  }
  static Mutant with(const std::string& file) {
    Mutant mutant{"added",        file,   "", {{Change::Kind::add, file, "x = 1\n"}},
                  {"executable"}, {file}, {}};
    return mutant;
  }

  Result<std::vector<Outcome>> play(const std::vector<Mutant>& mutants,
                                    const Progress& progress = {}) {
    const Original original{project_.settings(), {}};
    return play_mutants(original, mutants, options_, progress);
  }

  /// What the plays left in the scratch folder.
  std::vector<std::string> left() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(options_.scratch))
      names.push_back(entry.path().filename().string());
    return names;
  }

  ProjectForTests project_;
  muster::testing::TempTree tools_;
  MutateOptions options_;
  std::atomic<bool> stop_ = false;
};

TEST_F(Plays, judge_each_mutant_in_its_place) {
  Mutant misnamed = without_exec_bit();
  misnamed.subject = "2";
  misnamed.environment = {"FAKE_SUBJECT=bin/other"};
  Mutant impossible = with("x");
  impossible.changes = {{Change::Kind::remove, "no/such", {}}};
  std::vector<std::size_t> counts;
  const auto outcomes =
      play({without_exec_bit(), with("shop/new.py"), misnamed, with("shop/lies.py"),
            with("shop/silent.py"), impossible},
           [&](const Mutant&, const Outcome&, std::size_t done) { counts.push_back(done); });
  ASSERT_TRUE(outcomes) << outcomes.error().message;
  std::vector<std::string> verdicts;
  for (const Outcome& outcome : *outcomes) verdicts.emplace_back(name_of(outcome.verdict));
  EXPECT_THAT(verdicts,
              ElementsAre("named", "missed", "misnamed", "trouble", "trouble", "trouble"));
  EXPECT_THAT(outcomes->at(0).failures, ElementsAre("bin/serve: executable"));
  EXPECT_THAT(counts, ElementsAre(1U, 2U, 3U, 4U, 5U, 6U));
  EXPECT_THAT(left(), ElementsAre("pristine"));
}

TEST_F(Plays, a_play_that_hangs_is_ended_and_gives_no_verdict) {
  options_.timeout = std::chrono::milliseconds(300);
  const auto outcomes = play({with("shop/hang.py")});
  ASSERT_TRUE(outcomes) << outcomes.error().message;
  EXPECT_EQ(outcomes->at(0).verdict, Verdict::trouble);
  EXPECT_THAT(outcomes->at(0).trouble, ::testing::HasSubstr("was ended after 300 ms"));
  EXPECT_THAT(left(), ElementsAre("pristine"));
}

TEST_F(Plays, a_red_profile_is_no_base) {
  project_.write("bin/serve", "#!/bin/sh\n");
  std::filesystem::permissions(project_.tree().str("bin/serve"),
                               std::filesystem::perms::owner_read);
  const auto outcomes = play({with("shop/new.py")});
  ASSERT_FALSE(outcomes);
  EXPECT_EQ(outcomes.error().code, "profile_red");
  EXPECT_THAT(outcomes.error().message, ::testing::HasSubstr("bin/serve: executable"));
}

TEST_F(Plays, an_interrupt_ends_them_at_once) {
  // the first is done when the stop comes, the others hang
  const auto begin = std::chrono::steady_clock::now();
  const auto outcomes = play({with("shop/new.py"), with("shop/hang.py"), with("shop/hang.py")},
                             [this](const Mutant&, const Outcome&, std::size_t) { stop_ = true; });
  ASSERT_FALSE(outcomes);
  EXPECT_EQ(outcomes.error().code, "interrupted");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
  EXPECT_THAT(left(), ElementsAre("pristine"));
}

}  // namespace
}  // namespace muster::profile
