#include "report/timed_attempt.hpp"

#include <algorithm>
#include <utility>

#include "report/titles.hpp"

namespace muster::report {
namespace {

TimedAttempt timed(const Story& story, const Attempt& attempt) {
  TimedAttempt made;
  if (const messages::Pickle* pickle = attempt.pickle()) {
    made.name = pickle->name;
    made.uri = pickle->uri;
    made.line = story.line(*pickle);
    if (const Document* document = story.document(*pickle)) made.feature = document->name;
  }
  made.number = attempt.number;
  made.word = attempt.word();
  const messages::Status status = attempt.status();
  made.good = status == messages::Status::passed || status == messages::Status::skipped;
  made.begin_ns = made.end_ns = attempt.started_ns;
  for (const StepResult& result : attempt.results) {
    made.steps.push_back({step_title(story, attempt, result), result.problem, result.status,
                          std::max(result.ended_ns - result.duration_ns, attempt.started_ns),
                          result.ended_ns});
    made.end_ns = std::max(made.end_ns, result.ended_ns);
  }
  made.end_ns = std::max(made.end_ns, attempt.ended_ns);
  if (attempt.timeline.empty()) return made;
  if (auto read = messages::timeline_from_text(attempt.timeline)) {
    made.timeline = std::move(read).value();
    made.end_ns = std::max(made.end_ns, made.wall_ns(made.timeline->until_us));
  }
  return made;
}

}  // namespace

std::vector<TimedAttempt> timed_attempts(const Story& story, const Attempt& last) {
  std::vector<TimedAttempt> all;
  if (last.planned != nullptr)
    for (const Attempt& each : last.planned->earlier()) all.push_back(timed(story, each));
  all.push_back(timed(story, last));
  return all;
}

std::string detail_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : dump_json(value);
}

}  // namespace muster::report
