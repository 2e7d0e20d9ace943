#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chain/report.hpp"
#include "chain/watch.hpp"

/// The lifecycle as a log, for the tests of this folder.
namespace muster::chain::play {

using EventPtr = std::shared_ptr<const events::Event>;

inline constexpr std::int64_t kSecond = 1'000'000'000;
inline constexpr std::int64_t kMillisecond = 1'000'000;
/// Tests arm their chains here, so that a time that is not relative to arming shows.
inline constexpr std::int64_t kArmed = 1'000 * kSecond;

inline constexpr const char* kLifecycle =
    "key /workspace_slug\n"
    "scope hearth.**, ralph.**, auth.**\n"
    "hearth.provisioning_started\n"
    "hearth.provisioned                within 60s  where /payload/last_status == \"ready\"\n"
    "between ralph.run.started and ralph.run.ended {\n"
    "  ralph.node.*  ×4 distinct /payload/node_id\n"
    "}\n"
    "hearth.decommission_started\n"
    "hearth.decommissioned             within 30s\n"
    "never hearth.failed\n";

/// An event of the console, `at_ms` after arming.
inline events::Event event(std::int64_t at_ms, std::string name, Json payload = Json::object(),
                           std::string slug = "test") {
  events::Event made;
  made.source = "console/0badcafe";
  made.ts = "2026-01-02T03:04:05.678Z";
  made.event = std::move(name);
  made.workspace_slug = std::move(slug);
  made.actor = {{"user", "ada"}, {"role", "admin"}};
  made.payload = std::move(payload);
  made.recv_mono_ns = kArmed + at_ms * kMillisecond;
  return made;
}

inline std::vector<events::Event> golden_log() {
  std::vector<events::Event> log = {
      event(12, "hearth.provisioning_started", {{"tier", "solo"}}),
      event(1'840, "hearth.provisioned", {{"last_status", "ready"}}),
      event(1'870, "ralph.run.started", {{"run_id", "r1"}, {"total_nodes", 4}}),
  };
  for (int node = 1; node <= 4; ++node)
    log.push_back(event(1'900 + 100 * node, "ralph.node.done",
                        {{"node_id", "prompt-" + std::to_string(node)}}));
  log.push_back(event(2'400, "ralph.run.ended", {{"outcome", "clean"}}));
  log.push_back(event(2'500, "hearth.decommission_started"));
  log.push_back(event(2'900, "hearth.decommissioned"));
  return log;
}

/// The golden log without run: what is left when the submit fails, and the teardown comes after the
/// wait.
inline std::vector<events::Event> log_without_run() {
  return {event(12, "hearth.provisioning_started"),
          event(1'840, "hearth.provisioned", {{"last_status", "ready"}}),
          event(7'020, "hearth.decommission_started"), event(7'310, "hearth.decommissioned")};
}

/// Accepts a log as a sink does, seq and src_seq from 1.
inline std::vector<EventPtr> accepted(std::vector<events::Event> log) {
  std::vector<EventPtr> made;
  for (events::Event& one : log) {
    one.seq = one.src_seq = made.size() + 1;
    made.push_back(std::make_shared<const events::Event>(std::move(one)));
  }
  return made;
}

/// A watch of `chain` that has seen `log` and was settled `settled_ms` after arming.
inline Watch watched(const std::string& chain, std::vector<events::Event> log,
                     std::int64_t settled_ms = 10'000,
                     std::optional<std::vector<Json>> key = std::nullopt) {
  Place origin;
  origin.uri = "lifecycle.feature";
  origin.line = 31;
  Watch watch(Chain::parse(chain, origin).value_or_throw(), {kArmed, std::move(key), true});
  for (const EventPtr& one : accepted(std::move(log))) watch.take(one);
  watch.settle(kArmed + settled_ms * kMillisecond);
  return watch;
}

inline Observation seen(std::int64_t at_ms, std::string lane, std::string kind, std::string subject,
                        Json data = Json::object()) {
  Observation made;
  made.t_mono_ns = kArmed + at_ms * kMillisecond;
  made.lane = std::move(lane);
  made.kind = std::move(kind);
  made.subject = std::move(subject);
  made.data = std::move(data);
  return made;
}

/// An exchange as a tap tells it.
inline Observation exchange(std::int64_t at_ms, std::string tap, std::string method,
                            std::string target, int status, Json more = Json::object()) {
  Json data = {{"t_begin_ns", kArmed + (at_ms - 1) * kMillisecond},
               {"t_end_ns", kArmed + at_ms * kMillisecond},
               {"method", std::move(method)},
               {"target", std::move(target)},
               {"status", status}};
  data.update(more);
  return seen(at_ms, "http", "exchange", std::move(tap), std::move(data));
}

inline Failure explained(const Watch& watch, const Evidence& evidence = {}) {
  return explain(
      watch, evidence,
      {"lifecycle.feature:31", "muster run lifecycle.feature:31", "muster replay latest"});
}

}  // namespace muster::chain::play
