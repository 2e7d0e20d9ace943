// hearth's verbs over HTTP (lifecycle.md, "hearth (provisioner)").
#include <sys/stat.h>

#include "base/text.hpp"
#include "judge/expect.hpp"
#include "judge/hearth_calls.hpp"

namespace muster::judge {
namespace {

void provision(Bench& bench) {
  bench.hearth();
  const Answer answer = expect_status(Deployed::provision(bench, "solo"), 200);
  const Json ref = answer.json();
  expect(ref.is_object(), answer.text() + "; expected a DeploymentRef");
  for (const char* field : {"workspace_slug", "tier", "driver", "endpoint", "secrets_vault_path",
                            "created", "last_status"})
    expect(ref.contains(field) && ref[field].is_string(),
           answer.text() + "; expected the text " + field);
  const auto is = [&](const char* field, const std::string& wanted) {
    expect(string_at(ref, field) == wanted,
           answer.text() + "; expected " + field + " to be " + wanted);
  };
  is("workspace_slug", bench.slug());
  is("tier", "solo");
  is("driver", bench.options().driver);
  is("secrets_vault_path", "vault://hearth/" + bench.slug());
  is("last_status", "ready");
}

void created(Bench& bench) {
  bench.hearth();
  const std::string at = string_at(Deployed(bench).ref, "created");
  expect(is_timestamp(at), "created is " + at + "; expected RFC 3339 with milliseconds and Z");
}

void idempotent(Bench& bench) {
  bench.hearth();
  const Deployed first(bench);
  const Answer again = expect_status(Deployed::provision(bench, "solo"), 200);
  expect(again.json() == first.ref, "the second " + again.text() + "; the first answer was " +
                                        dump_json(first.ref) + "; expected the same");
}

void other_tier(Bench& bench) {
  bench.hearth();
  const Deployed first(bench);
  const Answer answer = Deployed::provision(bench, "team");
  expect(answer.status >= 400,
         answer.text() + "; expected an error: the workspace is of tier solo");
  expect(answer.body.find("Upgrade") != std::string::npos,
         answer.text() + "; expected an error that says Upgrade");
}

void status(Bench& bench) {
  bench.hearth();
  const Deployed deployed(bench);
  const Answer answer = expect_status(deployed.status(), 200);
  expect(string_at(answer.json(), "status") == "ready",
         answer.text() + "; expected {\"status\":\"ready\"}");
}

void status_unknown(Bench& bench) {
  bench.hearth();
  const Json ref = {
      {"workspace_slug", bench.slug()}, {"tier", "solo"}, {"driver", bench.options().driver}};
  expect_error(bench.ask(bench.hearth_address(), "POST", "/v1/status", {{"ref", ref}}), 404,
               "not_found");
}

void teardown(Bench& bench) {
  bench.hearth();
  const Deployed deployed(bench);
  const Answer answer = expect_status(deployed.teardown(), 200);
  expect(answer.json().is_object() && answer.json().value("ok", Json()) == Json(true),
         answer.text() + "; expected {\"ok\":true}");
}

void torn_down(Bench& bench) {
  bench.hearth();
  const Deployed deployed(bench);
  rely_on(deployed.teardown(), 200, "hearth.teardown");
  const Answer answer = expect_status(deployed.status(), 200);
  expect(string_at(answer.json(), "status") == "tier_torn_down",
         answer.text() + "; expected {\"status\":\"tier_torn_down\"}");
}

void teardown_idempotent(Bench& bench) {
  bench.hearth();
  const Deployed deployed(bench);
  rely_on(deployed.teardown(), 200, "hearth.teardown");
  const Answer again = deployed.teardown();
  expect(again.status == 200, "the second " + again.text() + "; expected 200, as the first");
}

void upgrade(Bench& bench) {
  bench.hearth();
  const Deployed deployed(bench);
  const Answer answer = expect_status(deployed.upgrade("team"), 200);
  const Json ref = answer.json();
  expect(string_at(ref, "tier") == "team", answer.text() + "; expected the tier team");
}

void upgrade_keeps(Bench& bench) {
  bench.hearth();
  const Deployed deployed(bench);
  const Answer answer = rely_on(deployed.upgrade("team"), 200, "hearth.upgrade");
  for (const char* field : {"workspace_slug", "created"})
    expect(string_at(answer.json(), field) == string_at(deployed.ref, field),
           answer.text() + "; expected " + field + " to stay " + string_at(deployed.ref, field));
}

void refused(Bench& bench, const Json& body) {
  bench.hearth();
  expect_error(bench.ask(bench.hearth_address(), "POST", "/v1/provision", body), 400,
               "invalid_request");
}

void slug(Bench& bench) {
  for (const std::string bad : {"Upper", "-first", "last-", "a_b", ""})
    refused(bench, {{"slug", bad}, {"profile", {{"tier", "solo"}}}});
  refused(bench, {{"slug", std::string(64, 'a')}, {"profile", {{"tier", "solo"}}}});
}

void tier(Bench& bench) {
  refused(bench, {{"slug", bench.slug()}, {"profile", {{"tier", "gold"}}}});
}

void caps(Bench& bench) {
  for (const char* cap : {"seats", "cairnet_storage_mb", "lore_retention_days"})
    refused(bench, {{"slug", bench.slug()},
                    {"profile", {{"tier", "solo"}, {"resource_caps", {{cap, -1}}}}}});
}

void profile_driver(Bench& bench) {
  const std::string other = bench.options().driver == "kustomize" ? "fake" : "kustomize";
  refused(bench, {{"slug", bench.slug()}, {"profile", {{"tier", "solo"}, {"driver", other}}}});
}

void not_json(Bench& bench) {
  refused(bench, "{\"slug\":");
}

void unknown_fields(Bench& bench) {
  bench.hearth();
  expect_status(bench.ask(bench.hearth_address(), "POST", "/v1/provision",
                          {{"slug", bench.slug()},
                           {"profile", {{"tier", "solo"}, {"later", 1}}},
                           {"also_later", {1, 2}}}),
                200);
}

void no_route(Bench& bench) {
  bench.hearth();
  expect_status(bench.ask(bench.hearth_address(), "POST", "/v1/no-such-verb", Json::object()), 404);
}

void error_shape(Bench& bench) {
  bench.hearth();
  const Answer answer = bench.ask(bench.hearth_address(), "POST", "/v1/provision", Json::object());
  if (answer.status < 400) throw Untried{answer.text() + "; expected an error (hearth.slug)"};
  const Json body = answer.json();
  const Json error = body.is_object() ? body.value("error", Json()) : Json();
  expect(error.is_object() && error.contains("code") && error["code"].is_string() &&
             error.contains("message") && error["message"].is_string() &&
             error.contains("retryable") && error["retryable"].is_boolean(),
         answer.text() + "; expected {\"error\":{code,message,retryable}}");
}

constexpr Rule kRules[] = {
    {"provision", "POST /v1/provision {slug, profile} → DeploymentRef, its last_status ready",
     provision},
    {"created", "DeploymentRef: created (RFC 3339, ms, Z)", created},
    {"provision-idempotent", "Provision is idempotent on (slug, tier, driver)", idempotent},
    {"provision-other-tier", "another tier is an error that says Upgrade", other_tier},
    {"status", "POST /v1/status {ref} → {status}", status},
    {"status-unknown", "Status of one never provisioned: 404 not_found", status_unknown},
    {"teardown", "POST /v1/teardown {ref} → {ok:true}", teardown},
    {"torn-down", "after teardown: 200 tier_torn_down (terminal, a state and not an error)",
     torn_down},
    {"teardown-idempotent", "Teardown is idempotent", teardown_idempotent},
    {"upgrade", "POST /v1/upgrade {ref, profile} → DeploymentRef of the new tier", upgrade},
    {"upgrade-keeps", "Upgrade keeps slug and created", upgrade_keeps},
    {"slug", "Slug ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$; else 400 invalid_request", slug},
    {"tier", "profile.tier: solo|team|studio|bespoke; else 400 invalid_request", tier},
    {"resource-caps",
     "seats, cairnet_storage_mb, lore_retention_days integers ≥ 0; else 400 invalid_request", caps},
    {"profile-driver", "A profile.driver other than the process's: 400", profile_driver},
    {"not-json", "400 invalid_request", not_json},
    {"unknown-fields", "Unknown fields accepted", unknown_fields},
    {"no-route", "404", no_route},
    {"error-shape", "Errors {\"error\":{code,message,retryable}}", error_shape},
};

}  // namespace

std::span<const Rule> hearth_rules() {
  return kRules;
}

}  // namespace muster::judge
