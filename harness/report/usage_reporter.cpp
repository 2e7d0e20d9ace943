#include "report/usage_reporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <variant>

#include "base/text.hpp"
#include "report/layout.hpp"
#include "report/titles.hpp"

namespace muster::report {
namespace {

using messages::Status;

constexpr std::size_t kShown = 3;

/// Whether the body ran, so that its time says something.
bool ran(Status status) {
  return status == Status::passed || status == Status::failed || status == Status::pending;
}

}  // namespace

void UsageReporter::on(const messages::Envelope& envelope) {
  if (const auto* step = std::get_if<messages::TestStepFinished>(&envelope)) on_step(*step);
}

void UsageReporter::on_step(const messages::TestStepFinished& finished) {
  const Attempt* attempt = story_.attempt(finished.test_case_started_id);
  if (attempt == nullptr || attempt->planned == nullptr) return;
  const messages::TestStep* step = story_.test_step(*attempt, finished.test_step_id);
  if (step == nullptr || !step->step_definition_ids || step->step_definition_ids->size() != 1)
    return;
  Usage& usage = usages_[step->step_definition_ids->front()];
  ++usage.used;
  if (!ran(finished.test_step_result.status)) return;
  const std::int64_t duration = messages::to_ns(finished.test_step_result.duration);
  ++usage.timed;
  usage.total_ns += duration;
  if (usage.slowest.size() == kShown && usage.slowest.back().duration_ns >= duration) return;
  const messages::Pickle* pickle = attempt->pickle();
  const messages::PickleStep* pickle_step = story_.pickle_step(*attempt, *step);
  if (pickle == nullptr || pickle_step == nullptr) return;
  const DocumentIndex::Step* node = story_.node(*pickle, *pickle_step);
  Use use{duration, fmt::format("{}:{}", pickle->uri, node ? node->line : story_.line(*pickle)),
          story_.keyword(*pickle, *pickle_step) + pickle_step->text};
  const auto behind = std::find_if(usage.slowest.begin(), usage.slowest.end(),
                                   [&](const Use& each) { return each.duration_ns < duration; });
  usage.slowest.insert(behind, std::move(use));
  if (usage.slowest.size() > kShown) usage.slowest.pop_back();
}

std::string UsageReporter::table() const {
  std::vector<std::pair<const messages::StepDefinition*, const Usage*>> used;
  std::vector<const messages::StepDefinition*> unused;
  for (const auto& [id, definition] : story_.definitions()) {
    const auto found = usages_.find(id);
    if (found == usages_.end())
      unused.push_back(&definition);
    else
      used.emplace_back(&definition, &found->second);
  }
  const auto place = [](const messages::StepDefinition* definition) {
    const auto& reference = definition->source_reference;
    return std::tuple(reference.uri.value_or(""), reference.location ? reference.location->line : 0,
                      definition->pattern.source);
  };
  std::sort(used.begin(), used.end(), [&](const auto& a, const auto& b) {
    return std::tuple(-a.second->mean_ns(), place(a.first)) <
           std::tuple(-b.second->mean_ns(), place(b.first));
  });
  std::sort(unused.begin(), unused.end(),
            [&](const auto* a, const auto* b) { return place(a) < place(b); });
  const auto line = [](const messages::StepDefinition* definition) {
    return without_commands(printable(fmt::format("{} # {}", definition->pattern.source,
                                                  place_of(definition->source_reference)))) +
           "\n";
  };
  std::string out;
  if (!used.empty())
    out += fmt::format("{:>10} {:>10} {:>10} {:>8}  step definition\n", "mean", "slowest", "total",
                       "used");
  for (const auto& [definition, usage] : used) {
    const std::int64_t slowest = usage->slowest.empty() ? 0 : usage->slowest.front().duration_ns;
    out += fmt::format("{:>10} {:>10} {:>10} {:>8}  {}", duration_text(usage->mean_ns()),
                       duration_text(slowest), duration_text(usage->total_ns), usage->used,
                       line(definition));
    for (const Use& use : usage->slowest)
      out += fmt::format("{:>21} {:>20}  {}\n", duration_text(use.duration_ns), "",
                         without_commands(printable(use.text + " # " + use.place)));
  }
  if (!unused.empty()) out += out.empty() ? "unused:\n" : "\nunused:\n";
  for (const messages::StepDefinition* definition : unused) out += "  " + line(definition);
  return out.empty() ? "no step definitions\n" : out;
}

Result<void> UsageReporter::finish() {
  out_.write(table());
  return out_.finish();
}

}  // namespace muster::report
