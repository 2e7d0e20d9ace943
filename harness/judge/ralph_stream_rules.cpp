// The worker's stream of frames (lifecycle.md, "KAHN frames" and "SSE").
#include <fstream>

#include "base/text.hpp"
#include "events/kahn.hpp"
#include "events/kahn_stream.hpp"
#include "judge/expect.hpp"
#include "judge/ralph_calls.hpp"
#include "judge/stream_checks.hpp"

namespace muster::judge {
namespace {

namespace kahn = events::kahn;
using std::chrono::milliseconds;

/// 2 s of the contract, and what a loaded machine adds.
constexpr milliseconds kBeat{2'300};

void stream(Bench& bench) {
  const WorkerRun run(bench);
  const Heard heard = run.stream();
  expect_stream(heard, "run_end");
}

void sse_form(Bench& bench) {
  expect_sse_form(WorkerRun(bench).whole());
}

void schema(Bench& bench) {
  for (const Heard::Event& event : WorkerRun(bench).whole().events()) {
    const auto read = kahn::read_frame(event.data);
    if (const auto* rejection = std::get_if<kahn::Rejection>(&read))
      throw Broken{"frame " + event.id + ": " + rejection->to_error().message + ": " +
                   shorten(event.data, 300)};
  }
}

void order(Bench& bench) {
  const Heard heard = WorkerRun(bench).whole();
  kahn::StreamRules rules;
  for (const Heard::Event& event : heard.events()) {
    const auto read = kahn::read_frame(event.data);
    const auto* frame = std::get_if<kahn::Frame>(&read);
    if (frame == nullptr) throw Untried{"a frame breaks its schema (ralph.frame-schema)"};
    if (const auto broken = rules.take(*frame))
      throw Broken{"frame " + event.id + ": " + broken->to_error().message + ": " +
                   shorten(event.data, 300)};
  }
  const auto over = rules.finish();
  expect(over.ok(), over ? "" : over.error().message);
}

void prompts(Bench& bench) {
  std::vector<std::string> done;
  for (const Heard::Event& event : WorkerRun(bench).whole().events()) {
    if (string_at(event.frame, "event") == "node_transition" &&
        string_at(event.frame, "to") == "done")
      done.push_back(string_at(event.frame, "node_id"));
  }
  expect(done == std::vector<std::string>{"prompt-1", "prompt-2", "prompt-3", "prompt-4"},
         "done, in this order: " + join(done, ", ") +
             "; expected prompt-1, prompt-2, prompt-3, "
             "prompt-4");
}

void run_ids(Bench& bench) {
  const WorkerRun run(bench);
  for (const Heard::Event& event : run.whole().events())
    expect(string_at(event.frame, "run_id") == run.id,
           shorten(event.data, 300) + "; expected the run_id " + run.id);
}

/// The outcome of a run under that mock.
std::string outcome(Bench& bench, const Json& mock) {
  const auto events = WorkerRun(bench, mock).whole().events();
  return events.empty() ? "" : string_at(events.back().frame, "outcome");
}

void clean(Bench& bench) {
  const std::string got = outcome(bench, Json::object());
  expect(got == "clean", "four prompts that converge at once end " + got + "; expected clean");
}

void flaky(Bench& bench) {
  const std::string got = outcome(bench, {{"attempts", {{"prompt-2", 2}}}});
  expect(got == "clean_with_flake",
         "mock {attempts:{prompt-2:2}} ends " + got + "; expected clean_with_flake");
}

void failing(Bench& bench) {
  const auto events = WorkerRun(bench, {{"fail", {"prompt-2"}}}).whole().events();
  std::string last = "no frame";
  bool failed = false;
  for (const Heard::Event& event : events) {
    last = event.data;
    failed = failed || (string_at(event.frame, "node_id") == "prompt-2" &&
                        string_at(event.frame, "to") == "failed");
  }
  expect(failed, "mock {fail:[prompt-2]}: prompt-2 never goes to failed; the last frame is " +
                     shorten(last, 300));
}

void resume(Bench& bench) {
  const WorkerRun run(bench);
  expect_resumed(run.whole(), [&](const std::string& id) { return run.stream(id); });
}

void resume_past_end(Bench& bench) {
  const WorkerRun run(bench);
  const auto events = run.whole().events();
  if (events.empty()) throw Untried{"the stream has no event (ralph.stream)"};
  const Heard again = run.stream(events.back().id);
  expect(again.head.status == 204, "Last-Event-ID " + events.back().id +
                                       ", the last one: " + again.head.text() + "; expected 204");
}

void heartbeat(Bench& bench) {
  const WorkerRun run(bench, {{"delay_ms", 60'000}});
  // the comment that is there after everything else has been said
  const Heard heard = run.stream("", kBeat, [](std::string_view text) {
    return text.ends_with("\n\n") && text.substr(0, text.size() - 2).rfind("\n:") != text.npos;
  });
  if (heard.head.status != 200) throw Untried{heard.head.text() + " (ralph.stream)"};
  expect(heard.body.find("\n:") != std::string::npos || heard.body.starts_with(":"),
         "a run that works for 60 s: no comment line within 2 s; the stream said " +
             shorten(heard.body, 300));
}

void cancel(Bench& bench) {
  const WorkerRun run(bench, {{"delay_ms", 60'000}});
  expect_status(bench.signed_ask("POST", run.target("cancel")), 202);
  const Heard heard = run.stream();
  const auto events = heard.events();
  expect(!events.empty() && string_at(events.back().frame, "event") == "run_end",
         "after POST " + run.target("cancel") + " → 202 no run_end within 10 s");
}

void run_log(Bench& bench) {
  bench.must_be_ours("ralph");
  const WorkerRun run(bench);
  const std::size_t frames = run.whole().events().size();
  const std::string path = bench.folder() + "/runs/" + run.id + "/run.jsonl";
  std::ifstream file(path);
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line);) ++lines;
  expect(lines == frames, path + " has " + std::to_string(lines) + " lines; the stream has " +
                              std::to_string(frames) + " frames");
}

constexpr Rule kRules[] = {
    {"stream", "GET /runs/{id}/stream as SSE of KAHN frames; closed after run_end", stream},
    {"sse-form", "SSE: id: N from 1, data: one frame, no event:", sse_form},
    {"frame-schema", "KAHN frames: base {ts (RFC 3339, ms, Z), run_id, event} and their fields",
     schema},
    {"frame-order",
     "run_start first, run_end last; every transition to running has a node_attempt of it", order},
    {"frame-run-id", "run_id of the run, in every frame", run_ids},
    {"prompts", "N prompts are nodes prompt-1…N, each depending on the one before", prompts},
    {"clean", "outcome clean", clean},
    {"flaky", "attempts{node:n} converges at attempt n; outcome clean_with_flake", flaky},
    {"fail", "fail spends max_ralph_iters: the node fails", failing},
    {"resume", "Last-Event-ID resume: what comes after it, nothing doubled or lost", resume},
    {"resume-past-end", "a resume at or past the last id is 204", resume_past_end},
    {"heartbeat", "heartbeat ≤ 2 s; the heartbeat is a comment line", heartbeat},
    {"cancel", "POST /runs/{id}/cancel: 202, and the run ends", cancel},
    {"run-log", "run.jsonl per run: a line for each frame", run_log},
};

}  // namespace

std::span<const Rule> ralph_stream_rules() {
  return kRules;
}

}  // namespace muster::judge
