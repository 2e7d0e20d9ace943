#include "judge/ralph_calls.hpp"

#include "judge/expect.hpp"

namespace muster::judge {

std::string four_prompts(const Bench& bench, const Json& mock) {
  return dump_json(
      {{"workspace", bench.slug()}, {"prompts", {"one", "two", "three", "four"}}, {"mock", mock}});
}

WorkerRun::WorkerRun(Bench& its_bench, const Json& mock) : bench(its_bench) {
  bench.ralph();
  const Answer answer = rely_on(bench.signed_ask("POST", "/runs", Json(four_prompts(bench, mock))),
                                202, "ralph.submit");
  id = string_at(answer.json(), "run_id");
}

Heard WorkerRun::stream(const std::string& last_event_id, std::chrono::milliseconds patience,
                        std::function<bool(std::string_view)> enough) const {
  net::Request request = bench.signed_request("GET", target("stream"));
  request.headers.set("Accept", "text/event-stream");
  if (!last_event_id.empty()) request.headers.set("Last-Event-ID", last_event_id);
  return bench.hear(bench.ralph_address(), std::move(request), patience, std::move(enough));
}

Heard WorkerRun::whole() const {
  Heard heard = stream();
  if (heard.head.status != 200 || !heard.ended)
    throw Untried{heard.head.text() + ", and the stream " +
                  (heard.ended ? "ended" : "did not end within 10 s") + " (ralph.stream)"};
  return heard;
}

}  // namespace muster::judge
