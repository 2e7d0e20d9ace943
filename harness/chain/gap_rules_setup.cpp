// Gaps before a run: programs, engine, sink, session.
#include <re2/re2.h>

#include <algorithm>

#include "base/text.hpp"
#include "chain/gap_rules.hpp"

namespace muster::chain {
namespace {

std::string program_of(const Observation& seen) {
  return string_at(seen.data, "program", seen.subject);
}

std::string searched_text(const Json& data) {
  const auto found = data.find("searched");
  if (found == data.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  std::vector<std::string> places;
  if (found->is_array()) {
    for (const Json& place : *found) {
      if (place.is_string()) places.push_back(place.get<std::string>());
    }
  }
  return join(places, ", ");
}

std::string ended_text(const Json& data) {
  const auto code = data.find("exited");
  if (code != data.end() && code->is_number_integer())
    return "exit code " + std::to_string(code->get<int>());
  return "signal " + string_at(data, "signal", "unknown");
}

bool names_the_engine(const std::string& message) {
  static const re2::RE2 kEngine(
      "(?i)docker|podman|container engine|connect|unreachable|no such file|refused");
  return re2::RE2::PartialMatch(message, kEngine);
}

std::optional<events::Event> failed_verb(const Facts& facts, const std::string& verb) {
  for (events::Event& event : facts.recorded("hearth.failed")) {
    if (string_at(event.payload, "verb") == verb) return std::move(event);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Gap> program_missing(const Facts& facts) {
  Gap gap{'A', {}, true, {}};
  for (const Observation* seen : facts.of("process", "spawn_failed")) {
    const std::string program = program_of(*seen);
    const std::string searched = searched_text(seen->data);
    const bool not_found = string_at(seen->data, "code") == "program_not_found";
    gap.headline = not_found ? "the program " + program + " was not found"
                             : "the program " + program + " could not be started";
    if (not_found && !searched.empty()) gap.headline += ", searched " + searched;
    std::string why =
        program + "  " + string_at(seen->data, "message", string_at(seen->data, "code"));
    if (const auto os_error = seen->data.find("errno"); os_error != seen->data.end())
      why += "  errno " + os_error->dump();
    gap.why.push_back({seen->t_mono_ns, why});
    return gap;
  }
  const auto ready = facts.of("process", "ready");
  for (const char* kind : {"exited", "signalled"}) {
    for (const Observation* seen : facts.of("process", kind)) {
      const bool was_ready = std::any_of(ready.begin(), ready.end(), [&](const Observation* one) {
        return one->subject == seen->subject && one->t_mono_ns <= seen->t_mono_ns;
      });
      const auto requested = seen->data.find("requested");
      if (was_ready || (requested != seen->data.end() && *requested == true)) continue;
      // A program that other evidence knows nothing of may be a child that is expected to end.
      if (seen->data.find("stderr") == seen->data.end()) continue;
      gap.headline = "the program " + program_of(*seen) + " ended before it was ready (" +
                     ended_text(seen->data) + ")";
      for (const Json& line : seen->data["stderr"]) {
        if (line.is_string())
          gap.why.push_back({seen->t_mono_ns, program_of(*seen) + "  " + line.get<std::string>()});
      }
      return gap;
    }
  }
  return std::nullopt;
}

std::optional<Gap> sink_refused(const Facts& facts) {
  for (const Observation* seen : facts.of("event", "refused")) {
    if (!facts.in_gap(seen->t_mono_ns)) continue;
    Gap gap{'F', "the sink refused the write", false, {}};
    const std::string reason = string_at(seen->data, "reason");
    gap.why.push_back({seen->t_mono_ns, "sink ← " + seen->subject + "  refused: " + reason});
    for (const Exchange& one : facts.exchanges) {
      if (one.status != 503 || !one.tap.ends_with("→ console") || one.at_ns() < seen->t_mono_ns)
        continue;
      gap.headline += ": console answered 503";
      gap.why.push_back({one.at_ns(), one.to_text()});
      break;
    }
    gap.headline += gap.why.size() > 1 ? ", " : ": ";
    gap.headline +=
        "Provision calls: " + std::to_string(facts.calls("hearth", "POST", "/v1/provision").size());
    return gap;
  }
  return std::nullopt;
}

std::optional<Gap> session_denied(const Facts& facts) {
  for (const events::Event& event : facts.recorded("auth.denied")) {
    if (!facts.in_gap(event.recv_mono_ns)) continue;
    const std::string role = string_at(event.payload, "role");
    const std::string route = string_at(event.payload, "route");
    Gap gap{'G', "the session was denied", false, {}};
    int status = role.empty() ? 401 : 403;
    for (const Exchange& one : facts.exchanges) {
      if ((one.status != 403 && one.status != 401) || !one.tap.ends_with("→ console") ||
          !facts.in_gap(one.at_ns()))
        continue;
      status = one.status;
      gap.why.push_back({one.at_ns(), one.to_text()});
    }
    gap.headline += " (" + std::to_string(status) + "): ";
    gap.headline += role.empty() ? "no valid session" : "role " + role;
    if (!route.empty()) gap.headline += (role.empty() ? " for " : " may not ") + route;
    gap.why.push_back({event.recv_mono_ns,
                       "auth.denied  " + string_at(event.payload, "reason", "no reason given")});
    return gap;
  }
  return std::nullopt;
}

std::optional<Gap> engine_down(const Facts& facts) {
  const auto failed = failed_verb(facts, "provision");
  if (!failed) return std::nullopt;
  const std::string message = string_at(failed->payload, "message");
  const Observation* engine = nullptr;
  for (const Observation* seen : facts.of("wait", "engine")) engine = seen;
  const bool known = engine != nullptr && engine->data.contains("reachable");
  // who could not reach hearth has nothing to say of what stands behind it
  const bool of_hearth = string_at(failed->payload, "code").starts_with("hearth_");
  const bool down =
      known ? engine->data["reachable"] == false : !of_hearth && names_the_engine(message);
  if (!down) return std::nullopt;
  Gap gap{'B', "provisioning failed: the container engine is unreachable", false, {}};
  gap.why.push_back({failed->recv_mono_ns,
                     "hearth.failed  " + string_at(failed->payload, "code") + ": " + message});
  if (engine != nullptr)
    gap.why.push_back({engine->t_mono_ns, "doctor: " + string_at(engine->data, "message",
                                                                 "the engine does not answer")});
  return gap;
}

std::optional<Gap> provision_failed(const Facts& facts) {
  const auto failed = failed_verb(facts, "provision");
  if (!failed) return std::nullopt;
  const std::string code = string_at(failed->payload, "code", "unknown");
  return Gap{0,
             "provisioning failed: " + code + ": " + string_at(failed->payload, "message"),
             false,
             {{failed->recv_mono_ns, "hearth.failed  " + dump_json(failed->payload)}}};
}

}  // namespace muster::chain
