#include "debug/diagnosis.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/clock.hpp"
#include "debug/causes.hpp"

namespace muster::debug {
namespace {

std::optional<double> milliseconds_of(const Json& event, const char* member) {
  const auto time = parse_rfc3339(string_at(event, member));
  if (!time) return std::nullopt;
  return static_cast<double>(time->seconds) * 1e3 + time->nanos / 1e6;
}

std::string place(const char* file, const Json& line) {
  const auto seq = line.find("seq");
  if (seq == line.end() || !seq->is_number_integer()) return file;
  return std::string(file) + "#" + std::to_string(seq->get<std::int64_t>());
}

int weight(const std::string& severity) {
  return severity == "high" ? 0 : severity == "medium" ? 1 : 2;
}

void of_anomalies(const Session& session, std::vector<Issue>& issues) {
  for (const Json& line : session.anomalies) {
    Issue issue;
    issue.code = string_at(line, "code", "anomaly");
    issue.severity = string_at(line, "severity", "medium");
    issue.confidence = 1;
    issue.message = string_at(line, "message");
    const auto data = line.find("data");
    if (data != line.end()) issue.subject = string_at(*data, "subject");
    issue.probable_causes = causes_of(issue.code, issue.message);
    issue.evidence = {place(kAnomaliesFile, line)};
    issues.push_back(std::move(issue));
  }
}

void of_errors(const artifacts::ErrorReport& errors, std::vector<Issue>& issues) {
  for (const auto& failure : errors.errors) {
    Issue issue;
    issue.code = failure.code.empty() ? "failure" : failure.code;
    issue.severity = "high";
    issue.confidence = 1;
    issue.subject = failure.subject;
    issue.message = failure.message;
    issue.probable_causes = causes_of(issue.code, failure.message);
    if (!failure.hint.empty()) issue.probable_causes.push_back(failure.hint);
    issue.evidence = {"artifacts/error_report.json"};
    if (!failure.log_path.empty()) issue.evidence.push_back(failure.log_path);
    issues.push_back(std::move(issue));
  }
}

/// What nobody recorded as wrong but the events give away.
void of_events(const Case& what, std::vector<Issue>& issues) {
  std::map<std::string, std::vector<std::string>> restarts;
  for (const Json& event : what.run_events)
    if (string_at(event, "event") == "service.restart")
      restarts[string_at(event, "service")].push_back(place("artifacts/events.jsonl", event));
  for (auto& [service, places] : restarts) {
    if (places.size() < 2) continue;
    issues.push_back({"restart_loop", "medium", places.size() > 3 ? 0.9 : 0.6, service,
                      service + " was restarted " + std::to_string(places.size()) + " times",
                      causes_of("restart_loop", {}), std::move(places)});
  }
  if (!what.state) return;
  for (const auto& [name, service] : what.state->services) {
    const auto& status = service.status;
    if (service.synthetic)
      issues.push_back({"synthetic_service",
                        "medium",
                        1,
                        name,
                        name + " is simulated",
                        {},
                        {"artifacts/run_state.json"}});
    if (status != artifacts::Status::stale && status != artifacts::Status::unreachable) continue;
    const std::string code = "service_" + std::string(artifacts::to_string(status));
    // the state is as old as its file: it may have changed since
    issues.push_back({code,
                      service.critical ? "high" : "medium",
                      0.8,
                      name,
                      name + " is " + std::string(artifacts::to_string(status)) +
                          (service.failure_detail ? ": " + *service.failure_detail : ""),
                      causes_of(code, {}),
                      {"artifacts/run_state.json"}});
  }
}

void of_session(const Session& session, std::vector<Issue>& issues) {
  if (session.crashed)
    issues.push_back(
        {"session_crashed",
         "high",
         0.9,
         session.command,
         session.command + " (pid " + std::to_string(session.pid) + ") ended without saying how",
         causes_of("session_crashed", {}),
         {kSessionFile}});
  if (session.damaged > 0)
    issues.push_back({"record_damaged",
                      "low",
                      1,
                      session.id,
                      std::to_string(session.damaged) + " lines of the record cannot be read",
                      causes_of("record_damaged", {}),
                      {kEventsFile}});
  const bool told = std::any_of(issues.begin(), issues.end(),
                                [](const Issue& it) { return it.severity == "high"; });
  if (session.exit_code.value_or(0) == 1 && !told) {
    const std::string code =
        session.failure_class.empty() ? "command_failed" : session.failure_class;
    issues.push_back({code,
                      "high",
                      0.7,
                      session.command,
                      session.command + " failed: " + code,
                      causes_of(code, {}),
                      {kSessionFile}});
  }
}

void of_startup(const std::vector<Json>& events, Diagnosis& diagnosis) {
  std::optional<double> begin;
  std::map<std::string, StartupStep> steps;
  std::vector<std::string> order;
  double last = 0;
  for (const Json& event : events) {
    const auto at = milliseconds_of(event, "timestamp");
    if (!at || string_at(event, "phase") != "startup") continue;
    if (!begin) begin = at;
    const std::string service = string_at(event, "service");
    if (service.empty()) continue;
    if (!steps.contains(service)) order.push_back(service);
    StartupStep& step = steps[service];
    step.service = service;
    if (step.outcome.empty()) step.outcome = "unfinished";
    const std::string what = string_at(event, "event");
    const double since = *at - *begin;
    if (what == "service.started") step.started_ms = since;
    if (what == "service.ready" || what == "service.completed") {
      step.ready_ms = since;
      step.outcome = "ready";
    }
    if (what == "service.failed") step.outcome = "failed";
    last = std::max(last, since);
  }
  double longest = -1;
  for (const std::string& name : order) {
    const StartupStep& step = steps[name];
    const double took = step.ready_ms.value_or(last) - step.started_ms.value_or(0);
    if (took > longest) {
      longest = took;
      diagnosis.slowest = name;
    }
    diagnosis.startup.push_back(step);
  }
  diagnosis.startup_ms = last;
}

}  // namespace

Diagnosis diagnose(const Case& what) {
  Diagnosis made;
  made.session_id = what.session.id;
  made.run_id = what.run_id;
  of_anomalies(what.session, made.issues);
  if (what.errors) of_errors(*what.errors, made.issues);
  of_events(what, made.issues);
  of_session(what.session, made.issues);
  std::stable_sort(made.issues.begin(), made.issues.end(), [](const Issue& a, const Issue& b) {
    if (weight(a.severity) != weight(b.severity)) return weight(a.severity) < weight(b.severity);
    return a.confidence > b.confidence;
  });
  of_startup(what.run_events, made);
  if (what.run_id.empty()) made.missing.push_back("a run of an environment");
  if (!what.run_id.empty() && !what.state) made.missing.push_back("the state of the run");
  if (!what.run_id.empty() && what.run_events.empty())
    made.missing.push_back("the events of the run");
  return made;
}

Json to_json(const Diagnosis& diagnosis) {
  Json issues = Json::array();
  for (const Issue& issue : diagnosis.issues)
    issues.push_back({{"code", issue.code},
                      {"severity", issue.severity},
                      {"confidence", issue.confidence},
                      {"subject", issue.subject},
                      {"message", issue.message},
                      {"probable_causes", issue.probable_causes},
                      {"evidence", issue.evidence}});
  Json steps = Json::array();
  const auto or_null = [](const std::optional<double>& value) {
    return value ? Json(*value) : Json();
  };
  for (const StartupStep& step : diagnosis.startup)
    steps.push_back({{"service", step.service},
                     {"started_ms", or_null(step.started_ms)},
                     {"ready_ms", or_null(step.ready_ms)},
                     {"outcome", step.outcome}});
  return {{"schema_version", kSchema},
          {"producer", artifacts::kProducer},
          {"session_id", diagnosis.session_id},
          {"run_id", diagnosis.run_id.empty() ? Json() : Json(diagnosis.run_id)},
          {"issues", std::move(issues)},
          {"startup",
           {{"total_ms", diagnosis.startup_ms},
            {"slowest", diagnosis.slowest.empty() ? Json() : Json(diagnosis.slowest)},
            {"services", std::move(steps)}}},
          {"missing", diagnosis.missing}};
}

std::vector<Json> timeline(const Case& what) {
  std::vector<std::pair<double, Json>> lines;
  const auto take = [&](const std::vector<Json>& events, const char* time, const char* source) {
    double last = 0;
    for (const Json& event : events) {
      Json line = event;
      line["source"] = source;
      line["wall"] = string_at(event, time);
      line.erase("timestamp");
      // what has no time stands where it was written
      last = std::max(last, milliseconds_of(event, time).value_or(last));
      lines.emplace_back(last, std::move(line));
    }
  };
  take(what.session.events, "wall", "session");
  take(what.run_events, "timestamp", "run");
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Json> out;
  for (auto& [at, line] : lines) out.push_back(std::move(line));
  return out;
}

}  // namespace muster::debug
