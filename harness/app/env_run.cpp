#include "app/env_run.hpp"

#include <fmt/format.h>

#include <functional>
#include <iostream>
#include <utility>

#include "app/env_interrupt.hpp"
#include "app/env_progress.hpp"
#include "app/env_recording.hpp"
#include "artifacts/lock.hpp"
#include "artifacts/runtime_map.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"
#include "environment/control.hpp"
#include "environment/lifecycle.hpp"
#include "truth/reconcile.hpp"

namespace muster::app {
namespace {

/// A keeper that has not answered by then does not answer.
constexpr std::chrono::minutes kAnswer{10};

/// A failure as an error that names its service and where to read on.
EnvEnd failed_start(const artifacts::Failure& failure) {
  const std::string subject = failure.subject.empty() ? "" : failure.subject + ": ";
  std::string hint = failure.hint;
  if (!failure.log_path.empty()) hint += (hint.empty() ? "" : "\n") + failure.log_path;
  return env_failed(error(failure.code, subject + failure.message, std::move(hint)),
                    failure.failure_class.empty() ? failure.code : failure.failure_class);
}

artifacts::Failure failure_of(const Json& json) {
  return {string_at(json, "code"), string_at(json, "subject"),       string_at(json, "message"),
          string_at(json, "hint"), string_at(json, "failure_class"), string_at(json, "log_path")};
}

std::string fingerprint_of(const artifacts::RunState& state) {
  const auto identity = state.metadata.find("startup_identity");
  return identity == state.metadata.end() ? "" : string_at(*identity, "fingerprint");
}

/// Steps for people, and for the flight recorder.
std::function<void(const Json&)> told_to(EnvSession& session, EnvProgress& progress) {
  return [&session, &progress](const Json& step) {
    const Json shown = redacted_strings(step);
    progress.take(shown);
    if (session.recording() != nullptr) session.recording()->step(shown);
  };
}

Json described(const std::string& name, const artifacts::Service& service) {
  Json port = service.actual_port ? Json(*service.actual_port) : Json();
  const bool url = service.actual_port && artifacts::reachable(service.status);
  return {{"name", name},
          {"project", service.project},
          {"type", service.type},
          {"status", artifacts::to_string(service.status)},
          {"pid", service.pid ? Json(*service.pid) : Json()},
          {"port", port},
          {"url", url ? Json(fmt::format("http://localhost:{}", *service.actual_port)) : Json()},
          {"log_path", service.log_path}};
}

}  // namespace

std::string_view to_string(StartDecision::Kind kind) {
  constexpr std::string_view kNames[] = {"fresh_run", "already_running", "resume_missing",
                                         "refused_differs", "refused_other_mode"};
  return kNames[static_cast<std::size_t>(kind)];
}

StartDecision decide_start(EnvSession& session, const environment::Blueprint& blueprint) {
  using Kind = StartDecision::Kind;
  StartDecision decision;
  const auto repository = session.repository();
  const auto latest = repository ? (*repository)->latest()
                                 : Result<std::optional<artifacts::RunState>>(repository.error());
  if (!latest || !*latest) {
    decision.reason = "no_state";
    return decision;
  }
  artifacts::RunState state = **latest;
  decision.run_id = state.run_id;
  const auto keeper = artifacts::Lock::holder((*repository)->locks(), "keeper");
  if (!keeper || !*keeper) {
    decision.reason = "no_keeper";
    return decision;
  }
  if (state.mode != blueprint.mode) {
    decision.kind = Kind::other_mode;
    decision.reason = "mode_" + state.mode;
    return decision;
  }
  if (fingerprint_of(state) != environment::fingerprint(blueprint)) {
    decision.kind = Kind::differs;
    decision.reason = "configuration_changed";
    return decision;
  }
  (void)truth::reconcile(state);
  for (const auto& [name, service] : state.services)
    if (!truth::as_it_should_be(state, name)) decision.missing.push_back(name);
  decision.kind = decision.missing.empty() ? Kind::running : Kind::restore;
  decision.reason = decision.missing.empty() ? "exact_match" : "services_missing";
  return decision;
}

void print_started(EnvSession& session, const Json& head) {
  auto state = session.state();
  if (!state) return;
  (void)truth::reconcile(*state);
  if (session.route().json) {
    Json document = head;
    document["ok"] = true;
    document["run_id"] = state->run_id;
    document["mode"] = state->mode;
    document["backend"] = state->backend_mode;
    document["services"] = Json::array();
    for (const auto& [name, service] : state->services)
      document["services"].push_back(described(name, service));
    session.print(document);
    return;
  }
  for (const auto& [name, service] : state->services) {
    const Json shown = described(name, service);
    session.print(
        fmt::format("{:<24} {:<9} {}\n", printable(name),
                    truth::completed(*state, name) ? "completed" : string_at(shown, "status"),
                    shown["url"].is_string() ? string_at(shown, "url") : ""));
  }
}

EnvEnd start_run(EnvSession& session, const environment::Blueprint& blueprint) {
  // the keeper makes the folders; whether that can be is known before anything is forked
  if (const auto repository = session.repository(true); !repository)
    return env_failed(repository.error());
  const EnvInterrupt interrupt;
  const std::int64_t begin = mono_ns();
  Result<environment::StartOutcome> outcome = [&] {
    EnvProgress progress;
    return environment::start_environment(blueprint, told_to(session, progress), interrupt.fd());
  }();
  if (!outcome && outcome.error().code == "interrupted") return env_interrupted();
  if (!outcome) return env_failed(outcome.error());
  if (!outcome->up)
    return failed_start(outcome->failure.value_or(
        artifacts::Failure{"start_failed", "", "the environment did not come up", "", "", ""}));
  const std::int64_t took = (mono_ns() - begin) / 1'000'000;
  print_started(session, {{"command", session.route().command->name}, {"took_ms", took}});
  if (outcome->failure)
    std::cerr << "warning: " << printable(outcome->failure->subject) << ": "
              << printable(redact(outcome->failure->message)) << '\n';
  if (!session.route().json)
    std::cerr << "run " << blueprint.run_id << " is up after " << took << " ms\n";
  return env_done();
}

EnvEnd start_in_keeper(EnvSession& session, const std::vector<std::string>& services,
                       bool restart) {
  const auto repository = session.repository();
  if (!repository) return env_failed(repository.error());
  const EnvInterrupt interrupt;
  Result<Json> reply = [&] {
    EnvProgress progress;
    return environment::ask_keeper((*repository)->folder(),
                                   {{"do", "start"}, {"services", services}, {"restart", restart}},
                                   kAnswer, told_to(session, progress), interrupt.fd());
  }();
  if (!reply && reply.error().code == "interrupted") return env_interrupted();
  if (!reply) return env_failed(reply.error());
  const auto failure = reply->find("failure");
  if (failure != reply->end() && !reply->value("up", false))
    return failed_start(failure_of(*failure));
  print_started(session, {{"command", session.route().command->name},
                          {"started", reply->value("started", Json::array())}});
  return env_done();
}

}  // namespace muster::app
