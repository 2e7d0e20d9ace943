// Every single deletion, duplication and neighbour swap of the golden lifecycle log.
#include <gtest/gtest.h>

#include "chain/diagnosis_cases_for_tests.hpp"

namespace muster::chain {
namespace {

using namespace play;

struct Edited {
  std::string name;
  std::vector<events::Event> log;
  std::size_t at;  // index in the edited log where it first differs from the golden one
};

// A copy or a neighbour keeps the times of the places, so that nothing is late.
std::vector<Edited> every_edit() {
  const auto golden = golden_log();
  std::vector<Edited> all;
  for (std::size_t at = 0; at < golden.size(); ++at) {
    const long offset = static_cast<long>(at);
    Edited deleted{"deleted " + std::to_string(at), golden, at};
    deleted.log.erase(deleted.log.begin() + offset);
    all.push_back(std::move(deleted));
    Edited doubled{"doubled " + std::to_string(at), golden, at + 1};
    doubled.log.insert(doubled.log.begin() + offset, golden[at]);
    all.push_back(std::move(doubled));
    if (at + 1 == golden.size()) continue;
    Edited swapped{"swapped " + std::to_string(at), golden, at};
    std::swap(swapped.log[at], swapped.log[at + 1]);
    std::swap(swapped.log[at].recv_mono_ns, swapped.log[at + 1].recv_mono_ns);
    all.push_back(std::move(swapped));
  }
  return all;
}

bool is_node(const events::Event& event) {
  return event.event == "ralph.node.done";
}

/// Where the divergence stands: the seq of the first event that is not matched, or that comes after
/// what is missing.
std::uint64_t divergence_seq(const Divergence& first) {
  if (first.at) return *first.at;
  return first.after.value_or(0) + 1;
}

TEST(GoldenEdits, TheGoldenLogSatisfiesBothChains) {
  EXPECT_EQ(watched(kLifecycle, golden_log()).verdict(), Verdict::satisfied);
  EXPECT_EQ(watched(kPinned, golden_log()).verdict(), Verdict::satisfied);
}

TEST(GoldenEdits, NoEditSatisfiesThePinnedChainAndTheLadderPointsAtIt) {
  const auto edits = every_edit();
  ASSERT_EQ(edits.size(), 29U);
  for (const Edited& edited : edits) {
    const Watch watch = watched(kPinned, edited.log);
    EXPECT_EQ(watch.verdict(), Verdict::violated) << edited.name;
    const Failure failure = explained(watch);
    ASSERT_TRUE(failure.ladder.first.has_value()) << edited.name;
    EXPECT_EQ(divergence_seq(*failure.ladder.first), edited.at + 1) << edited.name << "\n"
                                                                    << failure.text;
  }
}

TEST(GoldenEdits, OneEditIsOneEditInTheLadder) {
  for (const Edited& edited : every_edit()) {
    const Failure failure = explained(watched(kPinned, edited.log));
    EXPECT_EQ(failure.attachment["edits"].size(),
              edited.name.starts_with("swapped") && is_node(edited.log[edited.at]) &&
                      is_node(edited.log[edited.at + 1])
                  ? 2U  // two nodes of a wrong id cost no more than a move
                  : 1U)
        << edited.name << "\n"
        << failure.text;
  }
}

TEST(GoldenEdits, TheExitCriterionAllowsNoEditButTheOrderOfNodes) {
  for (const Edited& edited : every_edit()) {
    const bool allowed = edited.name.starts_with("swapped") && is_node(edited.log[edited.at]) &&
                         is_node(edited.log[edited.at + 1]);
    const Watch watch = watched(kLifecycle, edited.log);
    EXPECT_EQ(watch.verdict(), allowed ? Verdict::satisfied : Verdict::violated) << edited.name;
    if (allowed) continue;
    const Failure failure = explained(watch);
    ASSERT_TRUE(failure.ladder.first.has_value()) << edited.name;
    // one node less shows at the end of the four, wherever it is taken from
    const bool node_lost = edited.name.starts_with("deleted") && is_node(golden_log()[edited.at]);
    EXPECT_EQ(divergence_seq(*failure.ladder.first), node_lost ? 7U : edited.at + 1)
        << edited.name << "\n"
        << failure.text;
  }
}

TEST(GoldenEdits, AFloodOfUnexpectedEventsIsExplainedInBoundedTime) {
  auto log = golden_log();
  for (int at = 0; at < 20'000; ++at) log.insert(log.end() - 2, event(2'450, "ralph.noise"));
  const Watch watch = watched(kLifecycle, log);
  const std::int64_t before = mono_ns();
  const Failure failure = explained(watch);
  EXPECT_LT(mono_ns() - before, 10 * kSecond);
  ASSERT_TRUE(failure.ladder.first.has_value());
  EXPECT_EQ(failure.ladder.first->at, 9U);
  EXPECT_NE(failure.text.find("ralph.noise ×20000"), std::string::npos) << failure.text;
  EXPECT_EQ(failure.attachment["edits"].size(), 1U);
}

}  // namespace
}  // namespace muster::chain
