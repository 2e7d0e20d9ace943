#include "report/trace_reporter.hpp"

#include <algorithm>
#include <optional>

#include "report/colour.hpp"

namespace muster::report {
namespace {

using messages::Timeline;

/// Threads of an attempt; those of its lanes follow.
constexpr std::int64_t kScenario = 0, kSteps = 1, kGap = 2, kLanes = 3;

Json arguments_of(const Timeline::Item& item) {
  Json arguments = Json::object();
  for (const auto& [name, value] : item.detail.items()) arguments[name] = detail_text(value);
  if (!item.state.empty()) arguments["state"] = item.state;
  return arguments;
}

/// The thread of the lane that a call comes from or goes to.
std::optional<std::int64_t> thread_of(const Timeline& timeline, const std::string& name) {
  if (name == "test") return kSteps;
  for (std::size_t i = 0; i < timeline.lanes.size(); ++i)
    if (timeline.lanes[i].kind == "process" && timeline.lanes[i].name == name)
      return kLanes + static_cast<std::int64_t>(i);
  return std::nullopt;
}

}  // namespace

TraceReporter::TraceReporter(const Story& story, LineWriter out)
    : CaseReporter(story, std::move(out)) {
  this->out().write("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");
}

Json TraceReporter::event(const char* phase, std::int64_t thread, std::int64_t at_ns) const {
  // whole microseconds are exact in every reader
  const std::int64_t since = std::max<std::int64_t>(0, at_ns - story().started_ns());
  return {{"ph", phase}, {"pid", process_}, {"tid", thread}, {"ts", since / 1000}};
}

void TraceReporter::add(const Json& event) {
  out().write((first_ ? "\n" : ",\n") + dump_json(event));
  first_ = false;
}

void TraceReporter::name(std::int64_t thread, const std::string& name) {
  add({{"ph", "M"},
       {"pid", process_},
       {"tid", thread},
       {"name", "thread_name"},
       {"args", {{"name", name}}}});
  add({{"ph", "M"},
       {"pid", process_},
       {"tid", thread},
       {"name", "thread_sort_index"},
       {"args", {{"sort_index", thread}}}});
}

void TraceReporter::ended(const Attempt& attempt) {
  for (const TimedAttempt& each : timed_attempts(story(), attempt)) tell(each);
}

void TraceReporter::tell(const TimedAttempt& attempt) {
  ++process_;
  std::string title = attempt.place() + " " + attempt.name;
  if (attempt.number > 0) title += " (attempt " + std::to_string(attempt.number + 1) + ")";
  add({{"ph", "M"}, {"pid", process_}, {"name", "process_name"}, {"args", {{"name", title}}}});
  name(kScenario, "scenario");
  Json whole = event("X", kScenario, attempt.begin_ns);
  whole["dur"] = (attempt.end_ns - attempt.begin_ns) / 1000;
  whole["cat"] = "scenario";
  whole["name"] = attempt.name;
  whole["args"] = {{"result", attempt.word}, {"place", attempt.place()}};
  add(whole);
  name(kSteps, "steps");
  for (const TimedStep& step : attempt.steps) {
    Json told = event("X", kSteps, step.begin_ns);
    told["dur"] = (step.end_ns - step.begin_ns) / 1000;
    told["cat"] = "step";
    told["name"] = step.title;
    told["args"] = {{"result", word_of(step.status)}};
    if (!step.problem.empty()) told["args"]["message"] = step.problem;
    add(told);
  }
  if (attempt.timeline) tell_timeline(attempt);
}

void TraceReporter::tell_timeline(const TimedAttempt& attempt) {
  const Timeline& timeline = *attempt.timeline;
  if (timeline.gap) {
    const Timeline::Gap& gap = *timeline.gap;
    name(kGap, "gap");
    Json told = event("X", kGap, attempt.wall_ns(gap.from_us));
    told["dur"] = gap.until_us - gap.from_us;
    told["cat"] = "gap";
    told["name"] = (gap.letter.empty() ? "" : "gap " + gap.letter + ": ") + gap.headline;
    Json why = Json::array();
    for (const Timeline::Reason& reason : gap.why) why.push_back(reason.text);
    told["args"] = {{"chain", gap.chain}, {"first", gap.first}, {"why", std::move(why)}};
    add(told);
  }
  for (std::size_t i = 0; i < timeline.lanes.size(); ++i)
    if (timeline.lanes[i].kind != "step")
      name(kLanes + static_cast<std::int64_t>(i),
           timeline.lanes[i].kind + " " + timeline.lanes[i].name);
  for (const Timeline::Item& item : timeline.items) {
    if (item.kind == "step") continue;  // told from the messages
    if (!item.from.empty()) {
      tell_call(attempt, item);
      continue;
    }
    const bool spans = item.until_us || item.state == "open";
    Json told = event(spans ? "X" : "i", kLanes + item.lane, attempt.wall_ns(item.at_us));
    if (spans) {
      told["dur"] = item.until_us.value_or(timeline.until_us) - item.at_us;
    } else {
      told["s"] = "t";
    }
    told["cat"] = item.kind;
    told["name"] = item.title;
    told["args"] = arguments_of(item);
    add(told);
    if (!item.ready_us) continue;
    Json ready = event("i", kLanes + item.lane, attempt.wall_ns(*item.ready_us));
    ready["s"] = "t";
    ready["cat"] = "ready";
    ready["name"] = "ready";
    add(ready);
  }
}

void TraceReporter::tell_call(const TimedAttempt& attempt, const Timeline::Item& item) {
  const Timeline& timeline = *attempt.timeline;
  ++calls_;
  // calls overlap, which slices of one thread may not
  const std::int64_t begin = attempt.wall_ns(item.at_us);
  const std::int64_t end = attempt.wall_ns(item.until_us.value_or(timeline.until_us));
  for (const bool opens : {true, false}) {
    Json told = event(opens ? "b" : "e", kLanes + item.lane, opens ? begin : end);
    told["id"] = calls_;
    told["cat"] = "http";
    told["name"] = item.title;
    if (opens) told["args"] = arguments_of(item);
    add(told);
  }
  const auto from = thread_of(timeline, item.from), to = thread_of(timeline, item.to);
  if (!from || !to) return;
  for (const bool starts : {true, false}) {
    Json told = event(starts ? "s" : "f", starts ? *from : *to, begin);
    told["id"] = calls_;
    told["cat"] = "call";
    told["name"] = "call";
    if (!starts) told["bp"] = "e";
    add(told);
  }
}

void TraceReporter::not_run(const PlannedCase& planned) {
  const messages::Pickle* pickle = planned.pickle();
  problem(
      {pickle ? pickle->uri + ": " + pickle->name : "a scenario", "not run", "it never started"});
}

void TraceReporter::problem(const RunProblem& problem) {
  add({{"ph", "i"},
       {"pid", 0},
       {"tid", 0},
       {"ts", 0},
       {"s", "g"},
       {"cat", problem.type},
       {"name", problem.name},
       {"args", {{"message", problem.problem}}}});
}

void TraceReporter::close() {
  out().write("\n]}\n");
}

}  // namespace muster::report
