// Any bytes as a plan, as the file of a shard, and as the messages in a file that is sealed as it
// should be: no crash, and green only when every planned scenario has one result and that is green.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "shard/attempt_file.hpp"
#include "shard/merge.hpp"

namespace {

using namespace muster;

constexpr std::size_t kCases = 3;

shard::PlanFile make_plan() {
  shard::PlanFile plan;
  for (std::size_t i = 0; i < kCases; ++i) {
    const std::string id = "p" + std::to_string(i);
    plan.cases.push_back({"key", id, "a.feature", static_cast<int>(i) + 1, "name", {}, 1, 0});
  }
  plan.next_id = 100;
  (void)shard::to_text(plan);
  return plan;
}

std::string sealed(const shard::PlanFile& plan, std::string_view messages) {
  shard::Seal seal;
  std::string text;
  const auto add = [&](std::string_view line) {
    seal.take(line);
    text += line;
    text += '\n';
  };
  add(dump_json(Json{{"muster", "shard"},
                     {"schema_version", shard::kShardSchema},
                     {"plan", plan.digest},
                     {"shard", 1},
                     {"shards", 1},
                     {"attempt", 1}}));
  while (!messages.empty()) {
    const std::size_t end = std::min(messages.find('\n'), messages.size());
    add(messages.substr(0, end));
    messages.remove_prefix(std::min(end + 1, messages.size()));
  }
  return text + seal.footer();
}

/// Scenarios with a last attempt that ended, and whether none of those has a red step.
void expect_green(const std::vector<messages::Envelope>& told) {
  std::map<std::string, messages::Status> worst;
  std::size_t ended = 0;
  for (const auto& envelope : told) {
    if (const auto* started = std::get_if<messages::TestCaseStarted>(&envelope)) {
      worst[started->id] = messages::Status::unknown;
    } else if (const auto* step = std::get_if<messages::TestStepFinished>(&envelope)) {
      auto& status = worst[step->test_case_started_id];
      status = std::max(status, step->test_step_result.status);
    } else if (const auto* finished = std::get_if<messages::TestCaseFinished>(&envelope)) {
      if (finished->will_be_retried) continue;
      ++ended;
      if (worst[finished->test_case_started_id] > messages::Status::skipped) std::abort();
    }
  }
  if (ended != kCases) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const shard::PlanFile plan = make_plan();
  static const shard::PlanIndex index(plan);
  const std::string text(reinterpret_cast<const char*>(data), size);
  (void)shard::parse_plan(text, "plan");
  (void)shard::read_remains(text, index);
  if (std::holds_alternative<shard::Attempt>(shard::read_attempt(text, "raw", index))) std::abort();
  auto attempt = shard::read_attempt(sealed(plan, text), "sealed", index);
  auto* whole = std::get_if<shard::Attempt>(&attempt);
  if (whole == nullptr || !whole->complete(plan)) return 0;
  shard::Findings findings;
  findings.attempts.emplace_back(std::move(*whole));
  std::vector<messages::Envelope> told;
  const auto verdict = shard::merge(
      index, findings, [&](const messages::Envelope& envelope) { told.push_back(envelope); });
  if (verdict && verdict->passed) expect_green(told);
  return 0;
}
