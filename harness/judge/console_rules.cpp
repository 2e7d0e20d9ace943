// The console's routes over sessions and workspaces, and the events it writes about them
// (lifecycle.md, "console").
#include "base/text.hpp"
#include "judge/console_calls.hpp"
#include "judge/expect.hpp"

namespace muster::judge {
namespace {

std::size_t calls(Bench& bench, const std::string& verb) {
  std::size_t count = 0;
  for (const Call& call : bench.stand_in_hearth().calls()) {
    if (call.target == "/v1/" + verb) ++count;
  }
  return count;
}

void unauthenticated(Bench& bench) {
  bench.console();
  const Answer none = Workspace::request(bench, "solo", "");
  expect(none.status == 401, "without a session: " + none.text() + "; expected 401");
  const Answer wrong = Workspace::request(bench, "solo", "nobody");
  expect(wrong.status == 401, "with a token of nobody: " + wrong.text() + "; expected 401");
}

void before_body(Bench& bench) {
  bench.console();
  const Answer answer = bench.as("", "POST", kWorkspaces, "{\"slug\":");
  expect(answer.status == 401,
         "without a session and with a body that is no JSON: " + answer.text() + "; expected 401");
}

void cookie(Bench& bench) {
  bench.console();
  const net::Headers headers{{"Cookie", "other=1; rocky_session=" + Bench::token("observer")}};
  expect_status(bench.ask(bench.console_address(), "GET", kWorkspaces, nullptr, headers), 200);
}

void roles(Bench& bench) {
  bench.console();
  for (const std::string role : {"operator", "observer"}) {
    const Answer answer = Workspace::request(bench, "solo", role);
    expect(answer.status == 403, "as " + role + ": " + answer.text() + "; expected 403");
  }
  expect(calls(bench, "provision") == 0, "hearth was called for a role that may not");
}

void role_ladder(Bench& bench) {
  bench.console();
  for (const std::string role : {"observer", "operator", "admin"}) {
    const Answer answer = bench.as(role, "GET", kWorkspaces);
    expect(answer.status == 200, "as " + role + ": " + answer.text() + "; expected 200");
  }
}

void denied(Bench& bench) {
  bench.console();
  Workspace::request(bench, "solo", "observer");
  const events::Event event = event_of(bench, "auth.denied");
  const std::string shown = to_line(event);
  expect(event.workspace_slug == bench.slug(), shown + "; expected the slug of the body");
  expect(event.payload.contains("route") && event.payload.contains("reason"),
         shown + "; expected route and reason");
  expect(string_at(event.payload, "role") == "observer", shown + "; expected the role observer");
}

void provision(Bench& bench) {
  bench.console();
  const Answer answer = expect_status(Workspace::request(bench), 201);
  const Json ref = answer.json();
  expect(string_at(ref, "workspace_slug") == bench.slug() && string_at(ref, "tier") == "solo" &&
             string_at(ref, "last_status") == "ready",
         answer.text() + "; expected the DeploymentRef of hearth");
}

void provision_events(Bench& bench) {
  const Workspace workspace(bench);
  expect_events(bench, {"hearth.provisioning_started", "hearth.provisioned"});
  const events::Event started = event_of(bench, "hearth.provisioning_started");
  expect(string_at(started.payload, "tier") == "solo" && started.payload.contains("driver"),
         to_line(started) + "; expected the payload tier, driver");
  const events::Event ready = event_of(bench, "hearth.provisioned");
  expect(string_at(ready.payload, "workspace_slug") == bench.slug() &&
             string_at(ready.payload, "last_status") == "ready",
         to_line(ready) + "; expected the DeploymentRef as the payload");
}

void envelope(Bench& bench) {
  const Workspace workspace(bench);
  const auto all = bench.record().events();
  if (all.empty()) throw Untried{"there is no event (console.provision-events)"};
  for (const events::Event& event : all) {
    const std::string shown = to_line(event);
    expect(event.workspace_slug == bench.slug(), shown + "; expected workspace_slug");
    expect(string_at(event.actor, "user") == "admin" && string_at(event.actor, "role") == "admin",
           shown + "; expected the actor {user, role} of the session");
    const std::size_t slash = event.source.rfind('/');
    expect(slash != event.source.npos && event.source.size() - slash - 1 == 8 &&
               event.source.find_first_not_of("0123456789abcdef", slash + 1) == event.source.npos,
           shown + "; expected source = program name, /, 8 hex digits");
  }
}

void source_numbers(Bench& bench) {
  const Workspace workspace(bench);
  workspace.remove();
  const auto found = bench.record().continuity();
  expect(found.empty(), join(found, "; "));
}

void write_before_act(Bench& bench) {
  const Workspace workspace(bench);
  workspace.remove();
  for (const Call& call : bench.stand_in_hearth().calls()) {
    const std::string verb = call.target.substr(4);
    const auto expected = verb == "provision" ? 1U : verb == "teardown" ? 3U : 0U;
    expect(call.events_before >= expected,
           "hearth was asked for " + verb + " with " + std::to_string(call.events_before) +
               " events on record; expected " + std::to_string(expected));
  }
}

void sink_refuses(Bench& bench) {
  bench.console();
  bench.record().refuse_next(1);
  const Answer answer = Workspace::request(bench);
  expect(answer.status == 503, "the sink refuses: " + answer.text() + "; expected 503");
  expect(calls(bench, "provision") == 0, "the sink refuses, and hearth was called all the same");
}

void hearth_refuses(Bench& bench) {
  bench.stand_in_hearth().refuse(500, "driver_failure");
  bench.console();
  const Answer answer = Workspace::request(bench);
  expect_error(answer, 502, "driver_failure");
}

void hearth_failed(Bench& bench) {
  bench.stand_in_hearth().refuse(500, "driver_failure");
  bench.console();
  Workspace::request(bench);
  expect_events(bench, {"hearth.provisioning_started", "hearth.failed"});
  const events::Event event = event_of(bench, "hearth.failed");
  expect(string_at(event.payload, "verb") == "provision" &&
             string_at(event.payload, "code") == "driver_failure" &&
             event.payload.contains("message") &&
             event.payload.value("retryable", Json()).is_boolean(),
         to_line(event) + "; expected verb, code, message, retryable");
}

void list(Bench& bench) {
  const Workspace workspace(bench);
  const Answer answer = expect_status(bench.as("observer", "GET", kWorkspaces), 200);
  const Json body = answer.json();
  const Json entries = body.is_object() ? body.value("workspaces", Json()) : Json();
  expect(entries.is_array() && entries.size() == 1 && entries[0].contains("ref") &&
             string_at(entries[0], "status") == "ready",
         answer.text() + "; expected {workspaces:[{ref,status}]}");
}

void show(Bench& bench) {
  const Workspace workspace(bench);
  const Answer answer = expect_status(bench.as("observer", "GET", workspace.target()), 200);
  expect(answer.json().is_object() && answer.json().contains("ref") &&
             string_at(answer.json(), "status") == "ready",
         answer.text() + "; expected {ref, status}");
}

void upgrade(Bench& bench) {
  const Workspace workspace(bench);
  const Answer answer =
      expect_status(bench.as("admin", "PATCH", workspace.target(), {{"tier", "team"}}), 200);
  expect(string_at(answer.json(), "tier") == "team", answer.text() + "; expected the tier team");
}

void upgrade_events(Bench& bench) {
  const Workspace workspace(bench);
  rely_on(bench.as("admin", "PATCH", workspace.target(), {{"tier", "team"}}), 200,
          "console.upgrade");
  expect_events(bench, {"hearth.provisioning_started", "hearth.provisioned",
                        "hearth.upgrade_started", "hearth.upgraded"});
  const events::Event event = event_of(bench, "hearth.upgraded");
  expect(string_at(event.payload, "from") == "solo" && string_at(event.payload, "to") == "team",
         to_line(event) + "; expected from solo to team");
}

void decommission(Bench& bench) {
  const Workspace workspace(bench);
  const Answer answer = expect_status(workspace.remove(), 200);
  expect(string_at(answer.json(), "status") == "tier_torn_down",
         answer.text() + "; expected {status: \"tier_torn_down\"}");
}

void decommission_events(Bench& bench) {
  const Workspace workspace(bench);
  rely_on(workspace.remove(), 200, "console.decommission");
  expect_events(bench, {"hearth.provisioning_started", "hearth.provisioned",
                        "hearth.decommission_started", "hearth.decommissioned"});
  const events::Event event = event_of(bench, "hearth.decommissioned");
  expect(event.payload.contains("ref") && string_at(event.payload, "status") == "tier_torn_down",
         to_line(event) + "; expected ref, status tier_torn_down");
}

void unknown_slug(Bench& bench) {
  bench.console();
  const std::string target = std::string(kWorkspaces) + "/never-was";
  expect_status(bench.as("observer", "GET", target), 404);
  expect_status(bench.as("admin", "DELETE", target), 404);
}

void same_tier(Bench& bench) {
  const Workspace workspace(bench);
  const Answer again = expect_status(Workspace::request(bench), 201);
  expect(again.json() == workspace.ref, "the second " + again.text() + "; expected the same ref");
}

void other_tier(Bench& bench) {
  const Workspace workspace(bench);
  expect_status(Workspace::request(bench, "team"), 409);
}

void not_json(Bench& bench) {
  bench.console();
  expect_status(bench.as("admin", "POST", kWorkspaces, "{\"slug\":"), 400);
}

void wrong_fields(Bench& bench) {
  bench.console();
  expect_status(bench.as("admin", "POST", kWorkspaces, {{"slug", "Upper"}, {"tier", "solo"}}), 422);
  expect_status(bench.as("admin", "POST", kWorkspaces, {{"slug", bench.slug()}, {"tier", "gold"}}),
                422);
  expect(bench.record().names().empty(), "an event was written about a body that is refused");
}

void too_large(Bench& bench) {
  bench.console();
  const std::string body = "{\"slug\":\"" + std::string(2U << 20U, 'a') + "\"}";
  const Answer answer = bench.as("admin", "POST", kWorkspaces, body);
  expect(answer.status == 413,
         "a body of 2 MiB → " + std::to_string(answer.status) + "; expected 413");
}

void runtimes(Bench& bench) {
  bench.console();
  expect_status(bench.as("observer", "GET", "/api/runtimes"), 200);
}

constexpr Rule kRules[] = {
    {"session", "401 no session", unauthenticated},
    {"session-before-body", "Per action: authenticate first; 401 before the body is read",
     before_body},
    {"session-cookie", "the client sends the token as cookie rocky_session or as a bearer", cookie},
    {"role", "POST /api/hearth/workspaces: admin; 403 role, and hearth is not called", roles},
    {"role-ladder", "Roles are a ladder observer < operator < admin", role_ladder},
    {"auth-denied", "auth.denied {route, role?, reason}, slug when route or body has one", denied},
    {"provision", "POST /api/hearth/workspaces → 201 DeploymentRef", provision},
    {"provision-events", "hearth.provisioning_started {tier, driver}, then hearth.provisioned",
     provision_events},
    {"envelope", "all with workspace_slug and actor {user, role}; source = name/8 hex", envelope},
    {"source-numbers", "src_seq starts at 1 and is contiguous per source", source_numbers},
    {"write-before-act", "write the HATCH event before the action", write_before_act},
    {"sink-refuses", "sink refuses → 503 and hearth is not called", sink_refuses},
    {"hearth-refuses", "502 hearth refused (with its code)", hearth_refuses},
    {"hearth-failed", "hearth.failed {verb, code, message, retryable} when a hearth verb failed",
     hearth_failed},
    {"list", "GET /api/hearth/workspaces → 200 {workspaces:[{ref,status}]}", list},
    {"show", "GET /api/hearth/workspaces/{slug} → 200 {ref, status}", show},
    {"upgrade", "PATCH /api/hearth/workspaces/{slug} → 200 DeploymentRef", upgrade},
    {"upgrade-events", "hearth.upgrade_started, hearth.upgraded {from, to} around Upgrade",
     upgrade_events},
    {"decommission", "DELETE /api/hearth/workspaces/{slug} → 200 {status: \"tier_torn_down\"}",
     decommission},
    {"decommission-events",
     "hearth.decommission_started, hearth.decommissioned {ref, status} around Teardown",
     decommission_events},
    {"unknown-slug", "an unknown slug is 404", unknown_slug},
    {"same-tier", "POST of a live slug: same tier 201 with the same ref", same_tier},
    {"other-tier", "POST of a live slug: another tier 409", other_tier},
    {"not-json", "Not JSON 400", not_json},
    {"wrong-fields", "wrong fields 422", wrong_fields},
    {"too-large", "413", too_large},
    {"runtimes", "GET /api/runtimes → 200", runtimes},
};

}  // namespace

std::span<const Rule> console_rules() {
  return kRules;
}

}  // namespace muster::judge
