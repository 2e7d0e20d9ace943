#include "app/replayed_case.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "chain/report.hpp"
#include "chain/schemas.hpp"
#include "chain/step_key.hpp"

namespace muster::app {
namespace {

std::int64_t number_at(const Json& json, const char* name) {
  const auto found = json.is_object() ? json.find(name) : json.end();
  return json.is_object() && found != json.end() && found->is_number_integer()
             ? found->get<std::int64_t>()
             : 0;
}

std::string folder_of(const std::string& file) {
  const std::string folder = std::filesystem::path(file).parent_path().string();
  return folder.empty() ? "." : folder;
}

std::string gap_text(char letter) {
  return letter == 0 ? "no gap by name" : std::string("gap ") + letter;
}

/// `features/a.feature:12#1` without its retry, split.
void place_of(const std::string& label, RecordedCase& made) {
  const std::string place =
      label.substr(0, label.rfind('#') == std::string::npos ? std::string::npos : label.rfind('#'));
  const std::size_t colon = place.rfind(':');
  made.uri = place.substr(0, colon);
  made.line = colon == std::string::npos ? 0 : std::atoi(place.c_str() + colon + 1);
}

void take(RecordedCase& made, const Json& line) {
  Observation seen = observation_from_json(line);
  made.last_ns = std::max(made.last_ns, seen.t_mono_ns);
  if (seen.lane == "chain" && seen.kind == "armed") {
    made.name = seen.subject;
    made.armed_ns = number_at(seen.data, "armed_ns");
    made.chains.push_back({string_at(seen.data, "step"),
                           string_at(seen.data, "text"),
                           static_cast<int>(number_at(seen.data, "line")),
                           {},
                           0});
  } else if (seen.lane == "chain" && seen.kind == "judged") {
    for (ArmedChain& chain : made.chains) {
      if (chain.line != number_at(seen.data, "line")) continue;
      chain.verdict = string_at(seen.data, "verdict");
      chain.judged_ns = number_at(seen.data, "now_ns");
    }
  } else if (seen.lane == "event" && seen.kind == "recorded") {
    if (auto event = events::event_from_json(seen.data))
      made.events.push_back(std::make_shared<const events::Event>(std::move(*event)));
  }
  made.evidence.push_back(std::move(seen));
}

}  // namespace

Result<std::vector<RecordedCase>> recorded_cases(const journal::RunRecord& run) {
  std::vector<RecordedCase> all;
  std::map<std::string, std::size_t> known;
  int number = 0;
  const auto read = run.lines("observe.jsonl", [&](std::string_view text) -> Result<void> {
    ++number;
    const auto line = parse_json(text);
    if (!line) {
      Error failed = line.error();
      failed.place = {run.path() + "/observe.jsonl", number, failed.place.column};
      return failed;
    }
    const std::string label = string_at(*line, "case");
    if (label.empty()) return {};
    const auto [place, is_new] = known.emplace(label, all.size());
    if (is_new) {
      all.emplace_back().label = label;
      place_of(label, all.back());
    }
    take(all[place->second], *line);
    return {};
  });
  // half a line at the end is what a killed run leaves: what stands before it can be judged
  if (!read && read.error().code != "line_truncated") return read.error();
  std::erase_if(all, [](const RecordedCase& one) { return one.chains.empty(); });
  for (RecordedCase& one : all) {
    // threads observe at once; the sink's number is the order
    std::stable_sort(one.events.begin(), one.events.end(),
                     [](const auto& a, const auto& b) { return a->seq < b->seq; });
  }
  return all;
}

Result<Judged> judge_again(const RecordedCase& recorded, const ArmedChain& armed,
                           const std::string& uri, const std::string& again) {
  const Place origin{uri, armed.line + 1, 1};
  const auto chain =
      chain::Chain::parse(armed.text, origin, chain::schemas_of_folder(folder_of(uri)));
  if (!chain) return chain.error();
  chain::Watch watch(*chain, {recorded.armed_ns, chain::key_of_step(**chain, armed.step), true});
  const std::int64_t until = armed.judged_ns > 0 ? armed.judged_ns : recorded.last_ns;
  for (const auto& event : recorded.events) {
    if (event->recv_mono_ns <= until) watch.take(event);
  }
  watch.settle(until);
  Judged made;
  const bool satisfied = watch.verdict() == chain::Verdict::satisfied;
  const char expected = chain::expected_gap(armed.step);
  made.verdict = satisfied ? "satisfied" : "violated";
  made.holds = satisfied && expected == 0;
  if (satisfied) {
    if (expected != 0)
      made.report = "  expected " + gap_text(expected == chain::kNoLetter ? 0 : expected) +
                    ", but the chain holds\n";
    return made;
  }
  const std::string place = uri + ":" + std::to_string(armed.line);
  const auto failure = chain::explain(watch, recorded.evidence, {place, again, {}});
  made.gap = failure.gap.letter;
  made.attachment = failure.attachment;
  made.holds = expected != 0 && made.gap == (expected == chain::kNoLetter ? 0 : expected);
  made.report = failure.text;
  if (expected != 0 && !made.holds)
    made.report += "  expected " + gap_text(expected == chain::kNoLetter ? 0 : expected) +
                   ", found " + gap_text(made.gap) + "\n";
  return made;
}

}  // namespace muster::app
