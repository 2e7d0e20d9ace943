// The worker's routes and its bearer (lifecycle.md, "ralph serve (worker)").
#include <ctime>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"
#include "events/kahn.hpp"
#include "judge/expect.hpp"
#include "judge/ralph_calls.hpp"

namespace muster::judge {
namespace {

/// POST /runs under an Authorization value of ours.
Answer submit_as(Bench& bench, const std::string& authorization, const std::string& body) {
  net::Request request;
  request.method = "POST";
  request.target = "/runs";
  request.body = body;
  if (!authorization.empty()) request.headers.set("Authorization", authorization);
  return bench.ask(bench.ralph_address(), std::move(request));
}

std::string bearer(Bench& bench, const std::string& body, std::int64_t ahead_s = 0,
                   std::size_t key = 0, const std::string& target = "/runs") {
  return net::bearer_sign(bench.keys().keys().at(key), "POST", target, body,
                          std::time(nullptr) + ahead_s, to_base64url(random_bytes(16)));
}

void refuses(Bench& bench, const std::string& what, const std::string& authorization,
             const std::string& body) {
  const Answer answer = submit_as(bench, authorization, body);
  expect(answer.status == 401, what + ": " + answer.text() + "; expected 401");
}

void healthz_open(Bench& bench) {
  bench.ralph();
  expect_status(bench.ask(bench.ralph_address(), "GET", "/healthz"), 200);
}

void bearer_missing(Bench& bench) {
  bench.ralph();
  refuses(bench, "without a bearer", "", four_prompts(bench));
  for (const char* target : {"/runs/none/stream", "/no-such-route"}) {
    const Answer answer = bench.ask(bench.ralph_address(), "GET", target);
    expect(answer.status == 401, "without a bearer: " + answer.text() + "; expected 401");
  }
}

void bearer_before_body(Bench& bench) {
  bench.ralph();
  refuses(bench, "without a bearer and with a body that is no JSON", "", "{\"workspace\":");
  refuses(bench, "without a bearer and with wrong fields", "", "{\"workspace\":7}");
}

void bearer_genuine(Bench& bench) {
  bench.ralph();
  const std::string body = four_prompts(bench);
  const Answer answer = submit_as(bench, bearer(bench, body), body);
  expect(answer.status != 401, answer.text() + "; the bearer is genuine");
}

void bearer_forged(Bench& bench) {
  bench.ralph();
  const std::string body = four_prompts(bench);
  const net::BearerKey forged("k1", random_bytes(32), "");
  const auto sign = [&](const net::BearerKey& key) {
    return net::bearer_sign(key, "POST", "/runs", body, std::time(nullptr),
                            to_base64url(random_bytes(16)));
  };
  refuses(bench, "signed with another secret under the kid k1", sign(forged), body);
  refuses(bench, "signed with a key of an unknown kid",
          sign(net::BearerKey("nobody", random_bytes(32), "")), body);
  std::string flipped = bearer(bench, body);
  char& middle = flipped[flipped.size() - 20];
  middle = middle == 'A' ? 'B' : 'A';
  refuses(bench, "with one character of the signature changed", flipped, body);
  refuses(bench, "in no format", "Bearer m1.k1.x", body);
}

void bearer_body(Bench& bench) {
  bench.ralph();
  const std::string body = four_prompts(bench);
  refuses(bench, "signed for another body", bearer(bench, body + " "), body);
}

void bearer_target(Bench& bench) {
  bench.ralph();
  const std::string body = four_prompts(bench);
  refuses(bench, "signed for another path", bearer(bench, body, 0, 0, "/runs/x/cancel"), body);
  refuses(bench, "signed for another query", bearer(bench, body, 0, 0, "/runs?a=1"), body);
}

void bearer_skew(Bench& bench) {
  bench.ralph();
  const std::string body = four_prompts(bench);
  refuses(bench, "signed 60 s ago", bearer(bench, body, -60), body);
  refuses(bench, "signed 60 s ahead", bearer(bench, body, 60), body);
}

void bearer_window(Bench& bench) {
  bench.ralph();
  const std::string body = four_prompts(bench);
  for (const std::int64_t ahead : {-25, 25}) {
    const Answer answer = submit_as(bench, bearer(bench, body, ahead), body);
    expect(answer.status != 401, "signed " + std::to_string(ahead) + " s from now: " +
                                     answer.text() + "; |now − t| ≤ 30 s is genuine");
  }
}

void bearer_replay(Bench& bench) {
  bench.ralph();
  const std::string body = four_prompts(bench);
  const std::string once = bearer(bench, body);
  rely_on(submit_as(bench, once, body), 202, "ralph.submit");
  refuses(bench, "the same bearer a second time", once, body);
}

void bearer_rotation(Bench& bench) {
  if (bench.keys().keys().size() < 2) throw Impossible{"its key file has one key"};
  bench.ralph();
  const std::string body = four_prompts(bench);
  const Answer answer = submit_as(bench, bearer(bench, body, 0, 1), body);
  expect(answer.status != 401,
         "signed with the second key of the file: " + answer.text() + "; it is live, too");
}

void bearer_one_answer(Bench& bench) {
  bench.ralph();
  const std::string body = four_prompts(bench);
  const Answer missing = submit_as(bench, "", body);
  for (const std::string& bad :
       {std::string("Bearer m1.k1.x"), bearer(bench, body, -60), bearer(bench, body + " ")}) {
    const Answer other = submit_as(bench, bad, body);
    if (missing.status != 401 || other.status != 401)
      throw Untried{other.text() + "; expected 401 (ralph.bearer-missing, -forged, -skew)"};
    expect(other.body == missing.body, "without a bearer the body is " +
                                           shorten(missing.body, 200) + ", with a bad one " +
                                           shorten(other.body, 200) + "; expected the same");
  }
}

/// A worker with a key file that it has to refuse.
void refuses_keys(Bench& bench, const std::string& what, const std::string& key_file) {
  Variables variables = bench.variables_of("ralph");
  variables["ROCKY_RALPH_KEY_FILE"] = key_file;
  const auto started = bench.launch("ralph", {"serve"}, variables);
  const process::Ready ready{{process::ReadyNotify{}, process::ReadyHttp{bench.ralph_address()}}};
  const bool serves = started->until_ready(ready, std::chrono::milliseconds(5'000)).ok();
  const auto exit = started->wait(std::chrono::milliseconds(serves ? 0 : 1'000));
  expect(exit && !exit->signalled && exit->code == 1,
         what + " → " + (exit ? to_string(*exit) : "it serves") + "; expected exited 1");
}

void key_file_mode(Bench& bench) {
  const Json ring = {{"keys", {{{"kid", "k1"}, {"secret", to_base64(random_bytes(32))}}}}};
  refuses_keys(bench, "a key file of mode 0644", bench.write("loose", dump_json(ring), 0644));
}

void short_key(Bench& bench) {
  const Json ring = {{"keys", {{{"kid", "k1"}, {"secret", to_base64(random_bytes(16))}}}}};
  refuses_keys(bench, "a key of 16 bytes", bench.write("short", dump_json(ring)));
}

void submit(Bench& bench) {
  bench.ralph();
  const Answer answer =
      expect_status(bench.signed_ask("POST", "/runs", Json(four_prompts(bench))), 202);
  expect(events::kahn::valid_run_id(string_at(answer.json(), "run_id")),
         answer.text() + "; expected a run_id of ^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$");
}

void graph(Bench& bench) {
  bench.ralph();
  const Json node = {{"id", "one"},          {"deliverable", "a"},    {"depends_on", Json::array()},
                     {"touches", {"a"}},     {"parallel_safe", true}, {"done_when", {"true"}},
                     {"max_ralph_iters", 2}, {"estimated_loc", 1}};
  const Json body = {{"workspace", bench.slug()},
                     {"graph", {{"version", 1}, {"nodes", {node}}}},
                     {"mock", Json::object()}};
  expect_status(bench.signed_ask("POST", "/runs", body), 202);
}

void wrong_fields(Bench& bench) {
  bench.ralph();
  expect_status(bench.signed_ask("POST", "/runs", {{"workspace", bench.slug()}}), 422);
  expect_status(
      bench.signed_ask("POST", "/runs", {{"workspace", bench.slug()}, {"prompts", "none"}}), 422);
}

void unknown_run(Bench& bench) {
  bench.ralph();
  expect_status(bench.signed_ask("GET", "/runs/never-was/stream"), 404);
  expect_status(bench.signed_ask("POST", "/runs/never-was/cancel"), 404);
}

constexpr Rule kRules[] = {
    {"healthz-open", "The bearer is required on every route but /healthz", healthz_open},
    {"bearer-missing", "The bearer is required on every route: 401", bearer_missing},
    {"bearer-before-body", "every refusal is the same 401 body, before the body is looked at",
     bearer_before_body},
    {"bearer-genuine", "Bearer m1.<kid>.<t>.<nonce>.<base64url(HMAC-SHA256(K_kid, S))> is taken",
     bearer_genuine},
    {"bearer-forged", "A bearer that is not signed with a key of the file: 401", bearer_forged},
    {"bearer-body", "S has hex(SHA-256(body)): signed for another body, 401", bearer_body},
    {"bearer-target", "S has path?query: signed for another target, 401", bearer_target},
    {"bearer-skew", "|now − t| ≤ 30 s, else 401", bearer_skew},
    {"bearer-window", "|now − t| ≤ 30 s is genuine", bearer_window},
    {"bearer-replay", "nonces remembered for twice the window: a second time is 401",
     bearer_replay},
    {"bearer-rotation", "up to three live keys (rotation)", bearer_rotation},
    {"bearer-one-answer", "every rejection the same 401 body", bearer_one_answer},
    {"key-file-mode", "keys from a 0600 file; else fatal, exit 1", key_file_mode},
    {"key-length", "keys ≥ 32 bytes; else fatal, exit 1", short_key},
    {"submit", "POST /runs {workspace, prompts[], mock} → 202 {run_id}", submit},
    {"graph", "POST /runs {workspace, graph, mock} → 202", graph},
    {"wrong-fields", "errors 422", wrong_fields},
    {"unknown-run", "errors 404", unknown_run},
};

}  // namespace

std::span<const Rule> ralph_rules() {
  return kRules;
}

}  // namespace muster::judge
