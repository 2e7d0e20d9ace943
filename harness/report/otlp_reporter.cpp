#include "report/otlp_reporter.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "base/digest.hpp"
#include "report/colour.hpp"

namespace muster::report {
namespace {

using messages::Timeline;

/// Span kinds and status codes of trace.proto.
constexpr int kInternal = 1, kClient = 3;
constexpr int kOk = 1, kError = 2;

Json attribute(const std::string& key, const Json& value) {
  Json wrapped;
  if (value.is_boolean()) {
    wrapped["boolValue"] = value;
  } else if (value.is_number_integer()) {
    wrapped["intValue"] = std::to_string(value.get<std::int64_t>());
  } else if (value.is_number_float()) {
    wrapped["doubleValue"] = value;
  } else {
    wrapped["stringValue"] = detail_text(value);
  }
  return {{"key", key}, {"value", std::move(wrapped)}};
}

Json attributes_of(const Timeline& timeline, const Timeline::Item& item) {
  Json made = Json::array();
  made.push_back(attribute("muster.lane", timeline.lanes[item.lane].kind));
  made.push_back(attribute("muster.lane.name", timeline.lanes[item.lane].name));
  made.push_back(attribute("muster.kind", item.kind));
  for (const auto& [name, value] : item.detail.items())
    made.push_back(attribute("muster.detail." + name, value));
  return made;
}

Json event_json(std::int64_t at_ns, const std::string& name, Json attributes) {
  return {{"timeUnixNano", std::to_string(at_ns)},
          {"name", name},
          {"attributes", std::move(attributes)}};
}

void set_failed(Json& span, const std::string& why) {
  span["status"] = {{"code", kError}};
  if (!why.empty()) span["status"]["message"] = why;
}

}  // namespace

/// The spans of one attempt, while they are made.
struct OtlpReporter::Trace {
  const TimedAttempt& attempt;
  std::string id;
  std::vector<Json> spans = {};
  std::vector<std::size_t> steps = {};  ///< of the spans

  std::string span_id(std::size_t number) const {
    return sha256_hex(id + "/" + std::to_string(number)).substr(0, 16);
  }
  Json& add(const std::string& name, int kind, std::int64_t begin_ns, std::int64_t end_ns,
            const std::string& parent) {
    Json span = {{"traceId", id},
                 {"spanId", span_id(spans.size())},
                 {"name", name},
                 {"kind", kind},
                 {"startTimeUnixNano", std::to_string(begin_ns)},
                 {"endTimeUnixNano", std::to_string(std::max(begin_ns, end_ns))},
                 {"attributes", Json::array()},
                 {"events", Json::array()},
                 {"status", Json::object()}};
    if (!parent.empty()) span["parentSpanId"] = parent;
    spans.push_back(std::move(span));
    return spans.back();
  }
  /// The span that was at work then: a step, else the scenario.
  std::size_t at_work(std::int64_t at_ns) const {
    for (std::size_t i = 0; i < steps.size(); ++i)
      if (attempt.steps[i].begin_ns <= at_ns && at_ns <= attempt.steps[i].end_ns) return steps[i];
    return 0;
  }
};

void OtlpReporter::begin() {
  if (begun_) return;
  begun_ = true;
  const auto& meta = story().meta();
  const std::string version = meta ? meta->implementation.version.value_or("") : "";
  Json resource = Json::array({attribute("service.name", "muster")});
  if (!version.empty()) resource.push_back(attribute("service.version", version));
  out().write("{\"resourceSpans\":[{\"resource\":{\"attributes\":" + dump_json(resource) +
              "},\"scopeSpans\":[{\"scope\":" +
              dump_json(Json{{"name", "muster"}, {"version", version}}) + ",\"spans\":[");
}

void OtlpReporter::add(const Json& span) {
  begin();
  out().write((first_ ? "\n" : ",\n") + dump_json(span));
  first_ = false;
}

void OtlpReporter::ended(const Attempt& attempt) {
  for (const TimedAttempt& each : timed_attempts(story(), attempt)) tell(each);
}

void OtlpReporter::tell(const TimedAttempt& attempt) {
  Trace trace{attempt, sha256_hex(std::to_string(story().started_ns()) + "/" +
                                  std::to_string(++traces_) + "/" + attempt.place())
                           .substr(0, 32)};
  Json& root = trace.add(attempt.name, kInternal, attempt.begin_ns, attempt.end_ns, "");
  root["attributes"] = Json::array(
      {attribute("test.suite.name", attempt.feature), attribute("test.case.name", attempt.name),
       attribute("test.case.result.status", attempt.good ? "pass" : "fail"),
       attribute("muster.result", attempt.word), attribute("muster.attempt", attempt.number + 1),
       attribute("code.file.path", attempt.uri), attribute("code.line.number", attempt.line)});
  if (attempt.good) {
    if (attempt.word == "passed") root["status"] = {{"code", kOk}};
  } else {
    const auto culprit = std::find_if(attempt.steps.begin(), attempt.steps.end(),
                                      [](const TimedStep& step) { return !step.problem.empty(); });
    set_failed(root, culprit == attempt.steps.end() ? attempt.word : culprit->problem);
  }
  const std::string parent = trace.span_id(0);
  for (const TimedStep& step : attempt.steps) {
    trace.steps.push_back(trace.spans.size());
    Json& span = trace.add(step.title, kInternal, step.begin_ns, step.end_ns, parent);
    span["attributes"].push_back(attribute("muster.result", word_of(step.status)));
    if (step.status > messages::Status::skipped) set_failed(span, step.problem);
  }
  if (attempt.timeline) tell_timeline(trace);
  for (const Json& span : trace.spans) add(span);
}

void OtlpReporter::tell_timeline(Trace& trace) {
  const TimedAttempt& attempt = trace.attempt;
  const Timeline& timeline = *attempt.timeline;
  std::map<std::uint32_t, std::size_t> programs;  // spans, by lane
  for (const Timeline::Item& item : timeline.items) {
    if (item.kind == "step") continue;
    const std::int64_t begin = attempt.wall_ns(item.at_us);
    const bool spans = item.until_us || item.state == "open";
    if (!spans) {
      // what a program says belongs to it, all else to the step at work
      const auto program = programs.find(item.lane);
      Json& to = trace.spans[program == programs.end() ? trace.at_work(begin) : program->second];
      to["events"].push_back(event_json(begin, item.title, attributes_of(timeline, item)));
      continue;
    }
    const bool runs = item.kind == "run", calls = !item.from.empty();
    if (runs) programs[item.lane] = trace.spans.size();
    Json& span = trace.add(item.title, calls ? kClient : kInternal, begin,
                           attempt.wall_ns(item.until_us.value_or(timeline.until_us)),
                           trace.span_id(runs ? 0 : trace.at_work(begin)));
    span["attributes"] = attributes_of(timeline, item);
    if (calls) span["attributes"].push_back(attribute("peer.service", item.to));
    if (item.ready_us)
      span["events"].push_back(event_json(attempt.wall_ns(*item.ready_us), "ready", Json::array()));
    if (item.state == "failed") set_failed(span, item.title);
  }
  if (!timeline.gap) return;
  const Timeline::Gap& gap = *timeline.gap;
  Json about = Json::array({attribute("muster.gap", gap.letter),
                            attribute("muster.gap.headline", gap.headline),
                            attribute("muster.gap.chain", gap.chain)});
  for (const Json& each : about) trace.spans[0]["attributes"].push_back(each);
  trace.spans[0]["events"].push_back(event_json(attempt.wall_ns(gap.from_us), "gap begins", about));
  for (const Timeline::Reason& reason : gap.why)
    trace.spans[0]["events"].push_back(event_json(
        attempt.wall_ns(reason.at_us.value_or(gap.from_us)), reason.text, Json::array()));
}

void OtlpReporter::not_run(const PlannedCase& planned) {
  const messages::Pickle* pickle = planned.pickle();
  problem(
      {pickle ? pickle->uri + ": " + pickle->name : "a scenario", "not run", "it never started"});
}

void OtlpReporter::problem(const RunProblem& problem) {
  const TimedAttempt none;
  Trace trace{none, sha256_hex(std::to_string(story().started_ns()) + "/" +
                               std::to_string(++traces_) + "/" + problem.name)
                        .substr(0, 32)};
  Json& span = trace.add(problem.name, kInternal, story().started_ns(), story().started_ns(), "");
  span["attributes"].push_back(attribute("muster.result", problem.type));
  set_failed(span, problem.problem);
  add(span);
}

void OtlpReporter::close() {
  begin();
  out().write("\n]}]}]}\n");
}

}  // namespace muster::report
