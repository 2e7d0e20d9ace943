#include "profile/mutate.hpp"

#include <gmock/gmock.h>

#include "profile/mutate_verdict.hpp"
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

}  // namespace
}  // namespace muster::profile
