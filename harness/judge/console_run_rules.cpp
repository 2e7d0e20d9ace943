// The console's runs: submit, stream, cancel, and the events it writes about them.
#include "base/text.hpp"
#include "judge/console_calls.hpp"
#include "judge/expect.hpp"
#include "judge/stream_checks.hpp"

namespace muster::judge {
namespace {

const std::vector<std::string> kProvisioned{"hearth.provisioning_started", "hearth.provisioned"};

std::vector<std::string> after_provision(const std::vector<std::string>& names) {
  std::vector<std::string> all = kProvisioned;
  all.insert(all.end(), names.begin(), names.end());
  return all;
}

Answer submit_to(Bench& bench, const std::string& role = "operator") {
  return bench.as(role, "POST", kRuns, ConsoleRun::four_prompts(bench));
}

void submit(Bench& bench) {
  const Workspace workspace(bench);
  const Answer answer = expect_status(submit_to(bench), 202);
  expect(string_at(answer.json(), "run_id") == "run-1",
         answer.text() + "; expected the run_id that the worker gave: run-1");
}

void submit_role(Bench& bench) {
  const Workspace workspace(bench);
  const Answer answer = submit_to(bench, "observer");
  expect(answer.status == 403, "as observer: " + answer.text() + "; expected 403");
}

void bearer(Bench& bench) {
  const Workspace workspace(bench);
  submit_to(bench);
  bool came = false;
  for (const Call& call : bench.stand_in_ralph().calls()) {
    came = came || call.target == "/runs";
    const std::string shown = call.method + " " + call.target + " came with Authorization: " +
                              (call.authorization.empty() ? "(none)" : "Bearer …");
    expect(call.refused.empty(), shown + ", refused as " + call.refused);
  }
  expect(came, "no POST /runs came to the worker");
}

void run_events(Bench& bench) {
  const ConsoleRun run(bench);
  bench.record().await("ralph.run.ended", std::chrono::seconds(10));
  expect_events(bench, after_provision({"ralph.run.started", "ralph.node.done", "ralph.node.done",
                                        "ralph.node.done", "ralph.node.done", "ralph.run.ended"}));
}

void run_payloads(Bench& bench) {
  const ConsoleRun run(bench);
  run.await_end("console.run-events");
  const events::Event started = event_of(bench, "ralph.run.started");
  expect(string_at(started.payload, "run_id") == run.id &&
             started.payload.value("total_nodes", Json()) == Json(4),
         to_line(started) + "; expected run_id, total_nodes 4");
  const events::Event node = event_of(bench, "ralph.node.done");
  expect(string_at(node.payload, "run_id") == run.id && node.payload.contains("node_id") &&
             node.payload.value("attempts", Json()) == Json(1) &&
             node.payload.contains("duration_s"),
         to_line(node) + "; expected run_id, node_id, attempts 1, duration_s");
  const events::Event ended = event_of(bench, "ralph.run.ended");
  expect(string_at(ended.payload, "outcome") == "clean" &&
             ended.payload.value("done", Json()) == Json(4) &&
             ended.payload.value("failed", Json()) == Json(0) &&
             ended.payload.value("blocked", Json()) == Json(0),
         to_line(ended) + "; expected outcome clean, done 4, failed 0, blocked 0");
}

void rejected(Bench& bench) {
  bench.stand_in_ralph().refuse(422, "invalid_request");
  const Workspace workspace(bench);
  expect_error(submit_to(bench), 502, "invalid_request");
}

void rejected_event(Bench& bench) {
  bench.stand_in_ralph().refuse(422, "invalid_request");
  const Workspace workspace(bench);
  submit_to(bench);
  expect_events(bench, after_provision({"ralph.run.rejected"}));
  const events::Event event = event_of(bench, "ralph.run.rejected");
  expect(event.payload.value("status", Json()) == Json(422) &&
             string_at(event.payload, "code") == "invalid_request",
         to_line(event) + "; expected status 422, code invalid_request");
}

void unrecorded(Bench& bench) {
  const Workspace workspace(bench);
  bench.record().refuse_next(1);
  const Answer answer = submit_to(bench);
  expect(answer.status == 503, "the sink refuses: " + answer.text() + "; expected 503");
}

void frame_rejected(Bench& bench) {
  const ConsoleRun run(bench, Play::drifted);
  run.await_end("console.run-events");
  const events::Event event = event_of(bench, "ralph.frame.rejected");
  expect(string_at(event.payload, "pointer") == "/node_id" && event.payload.contains("expected") &&
             event.payload.contains("found") && string_at(event.payload, "raw").size() <= 400 &&
             event.payload.contains("raw"),
         to_line(event) + "; expected pointer /node_id, expected, found, raw (≤ 400 bytes)");
}

void cut(Bench& bench) {
  const ConsoleRun run(bench, Play::clean, /*cut_after=*/7);
  run.await_end("console.run-events");
  expect_events(bench, after_provision({"ralph.run.started", "ralph.node.done", "ralph.node.done",
                                        "ralph.node.done", "ralph.node.done", "ralph.run.ended"}));
}

void stream(Bench& bench) {
  const ConsoleRun run(bench);
  expect_stream(run.stream(), "run_end");
}

void sse_form(Bench& bench) {
  const ConsoleRun run(bench);
  const Heard heard = run.stream();
  if (heard.head.status != 200) throw Untried{heard.head.text() + " (console.stream)"};
  expect_sse_form(heard);
}

void resume(Bench& bench) {
  const ConsoleRun run(bench);
  const Heard whole = run.stream();
  if (whole.head.status != 200) throw Untried{whole.head.text() + " (console.stream)"};
  expect_resumed(whole, [&](const std::string& id) { return run.stream(id); });
}

void resume_past_end(Bench& bench) {
  const ConsoleRun run(bench);
  const auto events = run.stream().events();
  if (events.empty()) throw Untried{"the stream has no event (console.stream)"};
  const Heard again = run.stream(std::to_string(StandInRalph::frames()));
  expect(again.head.status == 204, "Last-Event-ID " + std::to_string(StandInRalph::frames()) +
                                       ", the last one: " + again.head.text() + "; expected 204");
}

void state(Bench& bench) {
  const ConsoleRun run(bench);
  run.await_end("console.run-events");
  const Answer answer = expect_status(bench.as("observer", "GET", run.target()), 200);
  const Json body = answer.json();
  expect(string_at(body, "run_id") == run.id && string_at(body, "workspace") == bench.slug() &&
             body.contains("state") && string_at(body, "outcome") == "clean",
         answer.text() + "; expected {run_id, workspace, state, outcome?}");
}

void cancel(Bench& bench) {
  const ConsoleRun run(bench, Play::endless);
  expect_status(bench.as("admin", "POST", run.target() + "/cancel"), 202);
  for (const Call& call : bench.stand_in_ralph().calls()) {
    if (call.target == "/runs/" + run.id + "/cancel") return;
  }
  throw Broken{"POST " + run.target() + "/cancel → 202, and the worker was not told"};
}

void unknown_run(Bench& bench) {
  bench.console();
  expect_status(bench.as("observer", "GET", std::string(kRuns) + "/never-was"), 404);
}

void unknown_workspace(Bench& bench) {
  bench.console();
  expect_status(submit_to(bench), 404);
}

void torn_down(Bench& bench) {
  const Workspace workspace(bench);
  rely_on(workspace.remove(), 200, "console.decommission");
  expect_status(submit_to(bench), 409);
}

void run_fields(Bench& bench) {
  const Workspace workspace(bench);
  expect_status(bench.as("operator", "POST", kRuns, {{"workspace", bench.slug()}}), 422);
}

constexpr Rule kRules[] = {
    {"submit", "POST /api/ralph/runs → 202 {run_id}", submit},
    {"submit-role", "POST /api/ralph/runs: operator, admin; else 403", submit_role},
    {"submit-bearer", "the console submits to the worker with an HMAC bearer", bearer},
    {"run-events", "ralph.run.started, one ralph.node.* per prompt and then ralph.run.ended",
     run_events},
    {"run-payloads",
     "run_id, total_nodes · run_id, node_id, attempts, duration_s · outcome, done, failed, blocked",
     run_payloads},
    {"run-rejected", "502 ralph refused (with its code)", rejected},
    {"run-rejected-event", "ralph.run.rejected: submit refused (status, code)", rejected_event},
    {"run-unrecorded", "503 sink refused", unrecorded},
    {"frame-rejected",
     "ralph.frame.rejected {pointer, expected, found, raw}: a frame fails its schema",
     frame_rejected},
    {"stream-cut", "the stream is cut and resumed: the chain is the same, nothing doubled or lost",
     cut},
    {"stream", "GET /api/ralph/runs/{id} with Accept: text/event-stream: SSE of KAHN frames",
     stream},
    {"sse-form", "SSE: id: N from 1, data: one frame, no event:", sse_form},
    {"resume", "Last-Event-ID: what comes after it, nothing doubled or lost", resume},
    {"resume-past-end", "a resume at or past the last id is 204", resume_past_end},
    {"run-state", "without the Accept: 200 {run_id, workspace, state, outcome?}", state},
    {"cancel", "POST /api/ralph/runs/{id}/cancel → 202, and the worker is told", cancel},
    {"unknown-run", "404", unknown_run},
    {"unknown-workspace", "POST /api/ralph/runs for an unknown workspace: 404", unknown_workspace},
    {"run-torn-down", "409 state: the workspace is torn down", torn_down},
    {"run-fields", "wrong fields 422", run_fields},
};

}  // namespace

std::span<const Rule> console_run_rules() {
  return kRules;
}

}  // namespace muster::judge
