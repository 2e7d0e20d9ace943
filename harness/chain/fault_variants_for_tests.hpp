#pragma once

#include <string>
#include <utility>
#include <vector>

#include "chain/diagnosis_cases_for_tests.hpp"

/// The variants of each gap: the log and the evidence that a fault leaves, and its headline, word
/// for word.
namespace muster::chain::play {

using Log = std::vector<events::Event>;

inline Log cut(std::size_t count) {
  Log log = golden_log();
  log.resize(count);
  return log;
}

/// The golden log without its events `from` to `to`, the latter not included.
inline Log without(std::size_t from, std::size_t to) {
  Log log = golden_log();
  log.erase(log.begin() + static_cast<long>(from), log.begin() + static_cast<long>(to));
  return log;
}

inline std::vector<Fault> setup_faults() {
  std::vector<Fault> all;
  const auto add = [&](std::string name, Log log, Evidence evidence, char letter,
                       std::string headline) {
    all.push_back(
        {std::move(name), std::move(log), std::move(evidence), letter, std::move(headline)});
  };
  for (const char* program : {"hearth", "console", "ralph"})
    add(std::string("A missing ") + program, {},
        {seen(3, "process", "spawn_failed", program,
              {{"code", "program_not_found"}, {"errno", 2}, {"searched", {"/opt/x", "/usr/bin"}}})},
        'A', std::string("the program ") + program + " was not found, searched /opt/x, /usr/bin");
  add("A not executable", {},
      {seen(3, "process", "spawn_failed", "hearth", {{"code", "spawn_failed"}, {"errno", 13}})},
      'A', "the program hearth could not be started");
  add("A exits at once", {},
      {seen(40, "process", "exited", "console", {{"exited", 1}, {"stderr", {"no key file"}}})}, 'A',
      "the program console ended before it was ready (exit code 1)");
  add("A crashes at once", {},
      {seen(40, "process", "signalled", "ralph",
            {{"signal", "SIGSEGV"}, {"stderr", Json::array()}})},
      'A', "the program ralph ended before it was ready (signal SIGSEGV)");

  const auto provision_failed = [](const char* code, const char* message) {
    return Log{
        event(12, "hearth.provisioning_started"),
        event(90, "hearth.failed", {{"verb", "provision"}, {"code", code}, {"message", message}})};
  };
  const std::string engine = "provisioning failed: the container engine is unreachable";
  add("B the doctor says so", provision_failed("driver_failure", "no engine"),
      {seen(95, "wait", "engine", "engine", {{"reachable", false}})}, 'B', engine);
  add("B no socket", provision_failed("driver_failure", "connect /x.sock: no such file"), {}, 'B',
      engine);
  add("B refused", provision_failed("driver_failure", "connection refused"), {}, 'B', engine);
  add("not B, no seats", provision_failed("entitlement_denied", "no seats left"),
      {seen(95, "wait", "engine", "engine", {{"reachable", true}})}, 0,
      "provisioning failed: entitlement_denied: no seats left");

  add("not B, hearth itself is lost",
      provision_failed("hearth_unreachable", "cannot connect to unix:/h: connection refused"), {},
      0, "provisioning failed: hearth_unreachable: cannot connect to unix:/h: connection refused");

  const auto refused = [](std::int64_t at) {
    return seen(at, "event", "refused", "console", {{"code", "injected"}, {"reason", "told to"}});
  };
  const auto provision = exchange(1'839, "console → hearth", "POST", "/v1/provision", 200);
  const std::string f = "the sink refused the write: ";
  add("F the first write", {},
      {refused(20), exchange(22, "test → console", "POST", "/api/hearth/workspaces", 503)}, 'F',
      f + "console answered 503, Provision calls: 0");
  add("F without a tap before the console", {}, {refused(20)}, 'F', f + "Provision calls: 0");
  add("F after Provision", cut(1),
      {provision, refused(1'850),
       exchange(1'851, "test → console", "POST", "/api/hearth/workspaces", 503)},
      'F', f + "console answered 503, Provision calls: 1");
  add("F the teardown's write", cut(8),
      {provision, refused(2'500),
       exchange(2'501, "test → console", "DELETE", "/api/hearth/workspaces/test", 503)},
      'F', f + "console answered 503, Provision calls: 1");

  const auto denied = [](const char* route, Json role) {
    Json payload = {{"route", route}, {"reason", "denied"}};
    if (!role.is_null()) payload["role"] = role;
    return event(15, "auth.denied", payload);
  };
  add("G an observer", {denied("POST /api/hearth/workspaces", "observer")},
      {exchange(16, "test → console", "POST", "/api/hearth/workspaces", 403)}, 'G',
      "the session was denied (403): role observer may not POST /api/hearth/workspaces");
  add("G an operator", {denied("POST /api/hearth/workspaces", "operator")}, {}, 'G',
      "the session was denied (403): role operator may not POST /api/hearth/workspaces");
  add("G no session", {denied("POST /api/hearth/workspaces", nullptr)},
      {exchange(16, "test → console", "POST", "/api/hearth/workspaces", 401)}, 'G',
      "the session was denied (401): no valid session for POST /api/hearth/workspaces");
  return all;
}

inline std::vector<Fault> run_faults() {
  std::vector<Fault> all;
  const auto add = [&](std::string name, Log log, Evidence evidence, char letter,
                       std::string headline) {
    all.push_back(
        {std::move(name), std::move(log), std::move(evidence), letter, std::move(headline)});
  };
  const auto key = [](const char* program, const char* kid, const char* print) {
    return seen(5, "process", "key", program, {{"kid", kid}, {"fingerprint", print}});
  };
  const auto submit = [](int status, std::int64_t ahead_s, Json more = Json::object()) {
    // the worker's Date against the bearer's own time
    const Json date = Json::array({"Date", "Sun, 06 Nov 1994 08:49:37 GMT"});
    more["signed_by"] = {
        {"kid", "k1"}, {"t", std::to_string(784'111'777 + ahead_s)}, {"nonce", "n1"}};
    more["response"] = {{"headers", Json::array({date})}, {"body", ""}};
    return exchange(1'861, "console → ralph", "POST", "/runs", status, std::move(more));
  };
  const std::string c = "the worker rejected the console's bearer";
  const Log no_run = log_without_run();
  add("C other secrets", no_run,
      {key("console", "k1", "9f3c11aa"), key("ralph", "k1", "41d0b2c3"), submit(401, 0)}, 'C',
      c + " (401)");
  add("C an unknown key", no_run,
      {key("console", "k1", "9f3c11aa"), key("ralph", "k2", "9f3c11aa"), submit(401, 0)}, 'C',
      c + ": it does not know the key k1 (401)");
  add("C a clock ahead", no_run, {submit(401, 45)}, 'C',
      c + ": the console's clock is 45 s ahead of the worker's (401)");
  add("C a clock behind", no_run, {submit(401, -3'600)}, 'C',
      c + ": the console's clock is 3600 s behind the worker's (401)");
  add("C a replay", no_run,
      {[&] {
         Observation first = submit(202, 0);
         first.data["t_begin_ns"] = kArmed + 1'845 * kMillisecond;
         first.data["t_end_ns"] = kArmed + 1'850 * kMillisecond;
         return first;
       }(),
       submit(401, 0)},
      'C', c + ": its nonce was used before, a replay (401)");
  add("C nobody listens", no_run, {submit(502, 0, {{"error", "Connection refused"}})}, 'C',
      "the worker could not be reached at submit: Connection refused");
  Log told = no_run;
  told.insert(told.begin() + 2, event(1'862, "ralph.run.rejected", {{"status", 401}}));
  add("C without taps", told, {}, 'C', c + " (401)");

  const auto frame = [](std::int64_t at) {
    return seen(at, "sse", "rejected", "console → ralph",
                {{"pointer", "/to"}, {"expected", "a status"}, {"found", "string \"finished\""}});
  };
  const auto stream = [](Json more) {
    return exchange(2'300, "console → ralph", "GET", "/runs/r1/stream", 200, std::move(more));
  };
  add("D one frame", without(6, 7), {frame(2'350)}, 'D',
      "KAHN schema drift: 3 of 4 nodes, 1 frame rejected");
  add("D two frames", without(4, 6), {frame(2'100), frame(2'200)}, 'D',
      "KAHN schema drift: 2 of 4 nodes, 2 frames rejected");
  add("D every frame", without(3, 8), {frame(1'900), frame(2'000), frame(2'100), frame(2'200)}, 'D',
      "KAHN schema drift: 0 of 4 nodes, 4 frames rejected");
  Log own_word = without(6, 7);
  own_word.insert(own_word.begin() + 6, event(2'350, "ralph.frame.rejected", {{"pointer", "/to"}}));
  add("D by the console's word", own_word, {}, 'D',
      "KAHN schema drift: 3 of 4 nodes, 1 frame rejected");
  add("not D, cut", cut(5), {stream({{"error", "connection reset by peer"}})}, 0,
      "the stream of frames was cut: 2 of 4 nodes");
  add("not D, cut as the tap saw it", cut(4), {seen(2'250, "sse", "cut", "console → ralph")}, 0,
      "the stream of frames was cut: 1 of 4 nodes");
  add("not D, stalled", cut(5), {seen(5'000, "sse", "stalled", "console → ralph")}, 0,
      "the worker's heartbeat stalled: 2 of 4 nodes");
  const Json given_up = {{"error", "the client left"},
                         {"last_byte_ns", kArmed + 2'100 * kMillisecond},
                         {"t_end_ns", kArmed + 7'100 * kMillisecond}};
  add("not D, stalled until the console gave up", cut(4), {stream(given_up)}, 0,
      "the worker's heartbeat stalled: 1 of 4 nodes");
  add("not D, never sent", cut(3), {stream(Json::object())}, 0,
      "the frames were never sent: 0 of 4 nodes");

  const std::string e = "teardown is stuck: hearth.decommissioned did not come within 30 s";
  Evidence hanging = {exchange(2'510, "test → console", "DELETE", "/api/hearth/workspaces/test", 0,
                               {{"t_end_ns", 0}})};
  add("E the DELETE hangs", cut(9), hanging, 'E', e);
  for (int poll = 0; poll < 58; ++poll)
    hanging.push_back(
        seen(3'000 + 500 * poll, "wait", "status", "test", {{"status", "tearing_down"}}));
  add("E polled meanwhile", cut(9), hanging, 'E', e);
  Log failed = cut(9);
  failed.push_back(
      event(3'000, "hearth.failed", {{"verb", "teardown"}, {"code", "driver_failure"}}));
  add("E the driver fails", failed, {}, 'E', e);
  return all;
}

inline std::vector<Fault> every_fault() {
  std::vector<Fault> all = setup_faults();
  for (Fault& fault : run_faults()) all.push_back(std::move(fault));
  return all;
}

}  // namespace muster::chain::play
