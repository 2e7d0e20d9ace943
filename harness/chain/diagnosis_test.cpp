// What is told of a broken play: over every single and double edit of the golden log and over the
// variants of each gap the headline is the right one, and over healthy plays none is given. Prints
// `diagnosis N/N false 0/M`; MUSTER_HEALTHY sets M.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>

#include "chain/diagnosis_cases_for_tests.hpp"
#include "chain/fault_variants_for_tests.hpp"

namespace muster::chain {
namespace {

using namespace play;

/// What tells one event of the golden log from the others.
std::string identity(const events::Event& event) {
  return event.event + " " + string_at(event.payload, "node_id");
}

std::size_t common_prefix(const std::vector<events::Event>& a,
                          const std::vector<events::Event>& b) {
  std::size_t at = 0;
  while (at < a.size() && at < b.size() && identity(a[at]) == identity(b[at])) ++at;
  return at;
}

/// Whether what is told of `log` points to where it leaves the golden one, and names an event of
/// that place: the one that came or the one that did not.
bool points_at(const Failure& failure, const std::vector<events::Event>& log) {
  const auto golden = golden_log();
  const std::size_t at = common_prefix(golden, log);
  if (!failure.ladder.first || failure.gap.letter != 0) return false;
  const Divergence& first = *failure.ladder.first;
  const std::uint64_t seq = first.at ? *first.at : first.after.value_or(0) + 1;
  const auto names = [&](const std::vector<events::Event>& from) {
    return at < from.size() && failure.headline.find(from[at].event) != std::string::npos;
  };
  return seq == at + 1 && (names(golden) || names(log));
}

class Tally {
 public:
  void take(bool right, const std::string& name, const std::string& text) {
    ++all_;
    right_ += right ? 1 : 0;
    EXPECT_TRUE(right) << name << "\n" << text;
  }
  std::string text() const { return std::to_string(right_) + "/" + std::to_string(all_); }

 private:
  int all_ = 0;
  int right_ = 0;
};

void try_edits(Tally& tally) {
  const auto golden = golden_log();
  for (const Edit& first : single_edits(golden)) {
    const Failure single = explained(watched(kPinned, first.log));
    tally.take(single.gap.headline == first.headline, first.name, single.text);
    for (const Edit& second : single_edits(first.log)) {
      // two edits may undo each other
      if (common_prefix(golden, second.log) == golden.size() && second.log.size() == golden.size())
        continue;
      const Watch watch = watched(kPinned, second.log);
      const Failure failure = explained(watch);
      tally.take(watch.verdict() == Verdict::violated && points_at(failure, second.log),
                 first.name + ", " + second.name, failure.text);
    }
  }
}

void try_faults(Tally& tally) {
  const auto faults = every_fault();
  EXPECT_GE(faults.size(), 30U);
  for (const Fault& fault : faults) {
    const Watch watch = watched(kLifecycle, fault.log, 60'000, std::vector<Json>{"test"});
    const Failure failure = explained(watch, fault.evidence);
    const bool right = watch.verdict() == Verdict::violated && failure.gap.letter == fault.letter &&
                       failure.gap.headline == fault.headline;
    tally.take(right, fault.name + "\nexpected: " + fault.headline, failure.text);
  }
}

/// A play that is as it should be, and differs in all that may differ.
std::vector<events::Event> healthy_log(std::mt19937& random) {
  const auto pick = [&](unsigned below) { return static_cast<std::int64_t>(random() % below); };
  auto log = golden_log();
  std::shuffle(log.begin() + 3, log.begin() + 7, random);
  std::int64_t now = kArmed;
  for (events::Event& one : log) {
    // the four nodes share one bound
    const unsigned most = one.event == "hearth.provisioned"      ? 59'000
                          : one.event.starts_with("ralph.node.") ? 1'200
                                                                 : 4'900;
    now += pick(most) * kMillisecond;
    one.recv_mono_ns = now;
    if (pick(2) == 0) one.payload["unknown_" + std::to_string(pick(9))] = pick(100);
    if (pick(3) == 0) one.extra["trace"] = "t" + std::to_string(pick(100));
    if (pick(3) == 0) one.run_id = "r1";
    if (pick(4) == 0) one.actor = nullptr;
    if (one.event == "ralph.node.done" && pick(4) == 0) one.event = "ralph.node.failed";
    // beside it others play, and things happen that the chain does not look at
    if (pick(3) == 0) one.ts = "2026-01-02T03:04:0" + std::to_string(pick(10)) + ".000Z";
  }
  std::vector<events::Event> mixed;
  for (events::Event& one : log) {
    for (std::int64_t more = pick(3); more > 0; --more) {
      events::Event other =
          event(0, pick(2) == 0 ? "hearth.failed" : "billing.skipped", Json::object(), "other");
      if (other.event == "billing.skipped") other.workspace_slug = "test";
      other.recv_mono_ns = one.recv_mono_ns;
      mixed.push_back(std::move(other));
    }
    mixed.push_back(std::move(one));
  }
  return mixed;
}

int false_alarms(int plays) {
  std::mt19937 random(2026);
  int alarms = 0;
  for (int play = 0; play < plays; ++play) {
    const auto log = healthy_log(random);
    const std::int64_t end = (log.back().recv_mono_ns - kArmed) / kMillisecond + 100;
    const Watch watch = watched(kLifecycle, log, end, std::vector<Json>{"test"});
    const Failure failure = explained(watch, healthy_evidence());
    const bool alarm = watch.verdict() != Verdict::satisfied || failure.gap.letter != 0;
    alarms += alarm ? 1 : 0;
    EXPECT_FALSE(alarm) << failure.text;
  }
  return alarms;
}

TEST(Diagnosis, IsRightForEveryFaultAndSilentOtherwise) {
  const char* wanted = std::getenv("MUSTER_HEALTHY");
  const int plays = wanted == nullptr ? 10 : std::atoi(wanted);
  Tally tally;
  try_edits(tally);
  try_faults(tally);
  const int alarms = false_alarms(plays);
  std::cout << "diagnosis " << tally.text() << " false " << alarms << "/" << plays << std::endl;
}

}  // namespace
}  // namespace muster::chain
