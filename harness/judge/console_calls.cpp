#include "judge/console_calls.hpp"

#include "base/text.hpp"
#include "judge/expect.hpp"

namespace muster::judge {

Workspace::Workspace(Bench& its_bench) : bench(its_bench) {
  bench.console();
  ref = rely_on(request(bench), 201, "console.provision").json();
}

Answer Workspace::request(Bench& bench, const std::string& tier, const std::string& role) {
  return bench.as(role, "POST", kWorkspaces, {{"slug", bench.slug()}, {"tier", tier}});
}

Json ConsoleRun::four_prompts(const Bench& bench) {
  return {{"workspace", bench.slug()},
          {"prompts", {"one", "two", "three", "four"}},
          {"mock", Json::object()}};
}

ConsoleRun::ConsoleRun(Bench& its_bench, Play play, int cut_after)
    : workspace(its_bench), bench(its_bench) {
  bench.stand_in_ralph().play(play);
  if (cut_after > 0) bench.stand_in_ralph().cut_after(cut_after);
  const Answer answer =
      rely_on(bench.as("operator", "POST", kRuns, four_prompts(bench)), 202, "console.submit");
  id = string_at(answer.json(), "run_id");
}

void ConsoleRun::await_end(const std::string& rule) const {
  if (!bench.record().await("ralph.run.ended", std::chrono::seconds(10)))
    throw Untried{"no ralph.run.ended within 10 s (" + rule + ")"};
}

Heard ConsoleRun::stream(const std::string& last_event_id) const {
  net::Request request;
  request.target = target();
  request.headers.set("Accept", "text/event-stream");
  request.headers.set("Authorization", "Bearer " + Bench::token("observer"));
  if (!last_event_id.empty()) request.headers.set("Last-Event-ID", last_event_id);
  return bench.hear(bench.console_address(), std::move(request), std::chrono::seconds(10));
}

void expect_events(Bench& bench, const std::vector<std::string>& names) {
  const std::vector<std::string> got = bench.record().names();
  expect(got == names, "the events are " + (got.empty() ? "none" : join(got, " → ")) +
                           "; expected " + join(names, " → "));
}

events::Event event_of(Bench& bench, const std::string& name) {
  const auto named = bench.record().named(name);
  if (named.empty()) {
    const std::vector<std::string> got = bench.record().names();
    throw Broken{"there is no event " + name + "; the events are " +
                 (got.empty() ? "none" : join(got, " → "))};
  }
  return named.back();
}

}  // namespace muster::judge
