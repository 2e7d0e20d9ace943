#include "runtimes/listing.hpp"

#include <gtest/gtest.h>

#include "testing/golden.hpp"

namespace muster::runtimes {
namespace {

using muster::testing::expect_golden;

Verdict verdict(const std::string& name, Reason reason, const std::string& detail) {
  Verdict made;
  made.name = name;
  made.ref = "core." + name;
  made.reason = reason;
  made.detail = detail;
  return made;
}

Demand demand(const char* text, Answer answer) {
  return {parse_requirement(text).value_or_throw(), std::move(answer)};
}

Listing listing() {
  Listing made;
  made.rows = "postgresql://app:[redacted]@db/app";
  made.detection.source = Source::environment;
  made.detection.origin = "MUSTER_WORKER_RUNTIMES";
  made.detection.claimed = {"python", "node", "cobol"};
  made.detection.runtimes = {"python"};
  Verdict python = verdict("python", Reason::ok, "");
  python.available = true;
  python.binary_path = "/usr/bin/python3";
  python.version = "3.11.2";
  python.exit_code = 0;
  Verdict cobol = verdict("cobol", Reason::no_metadata, "no row says how\x1b[31m to verify it");
  cobol.ref.clear();
  made.detection.verdicts = {python, verdict("node", Reason::binary_missing, "node is not on PATH"),
                             verdict("go", Reason::overridden,
                                     "MUSTER_WORKER_RUNTIMES leaves it "
                                     "out"),
                             cobol};
  made.capabilities = {{"docker", false, "unix:///var/run/docker.sock: no such file", ""},
                       {"postgres", true, "/usr/lib/postgresql/15/bin/postgres", "15.8.0"}};
  made.demands = {demand("python>=3.11", {true, "python 3.11.2"}),
                  demand("docker", {false, "docker: unix:///var/run/docker.sock: no such file"})};
  return made;
}

TEST(Listing, KeepsClaimedAndVerifiedApart) {
  expect_golden("runtimes/claimed.txt", render(listing()));
  expect_golden("runtimes/claimed.json", dump_json(to_json(listing())) + "\n");
  EXPECT_FALSE(listing().all_met());
}

TEST(Listing, OfRowsAloneHasNoClaims) {
  Listing made = listing();
  made.rows = "the core pack";
  made.detection.source = Source::database;
  made.detection.origin.clear();
  made.detection.claimed.clear();
  made.detection.role = Role::sensor;
  made.detection.verdicts.resize(2);
  made.demands.clear();
  expect_golden("runtimes/rows.txt", render(made));
  EXPECT_TRUE(made.all_met());
}

}  // namespace
}  // namespace muster::runtimes
