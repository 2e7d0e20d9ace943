#include <gtest/gtest.h>

#include "config/load_for_tests.hpp"
#include "config/text_value.hpp"
#include "testing/golden.hpp"

namespace muster::config {
namespace {

TEST(Refusals, read_as_people_need_them) {
  std::string all;
  const auto add = [&](const char* name, const std::string& text, const Request& request = {}) {
    all += std::string("== ") + name + "\n" + problems_of_text(text, request);
  };
  add("unknown keys", "[run]\njobz = 3\n[runn]\njobs = 3\n[elsewhere]\nx = 1\n");
  add("a key of another section", "jobs = 3\n");
  add("an unknown key of an element", "[[service]]\nnam = \"web\"\n");
  add("wrong types",
      "[run]\njobs = \"four\"\npaths = \"features\"\nscale = true\nstep_timeout = 5\ntags = 3\n"
      "dry-run = 1979-05-27\norder = [\"defined\"]\n");
  add("an element of a wrong type", "[run]\npaths = [\"a\", 2]\n");
  add("values out of range", "[run]\njobs = 257\nscale = -0.5\nstep_timeout = \"5 s\"\n");
  add("not a number", "[run]\nscale = nan\n");
  add("a word that is no choice", "[run]\norder = \"reversed\"\n");
  add("a section that is a value", "run = 3\nservice = 4\naction = \"x\"\n");
  add("a value that is a section", "[run.jobs]\nx = 1\n");
  add("elements that are no tables", "service = [1, 2]\n");
  add("profiles are checked though not chosen", "[profiles.ci.run]\njob = 3\njobs = \"x\"\n");
  add("profiles that are none", "profiles = 3\n");
  add("a profile that is none", "[profiles]\nci = 3\n");
  add("duplicate keys", "[run]\njobs = 1\njobs = 2\n");
  add("duplicate tables", "[run]\njobs = 1\n[run]\njobs = 2\n");
  add("an unended string", "[run]\ntags = \"@smoke\n");
  add("an unended array", "[run]\npaths = [\"a\"\n");
  add("a key in wide characters", "[run]\n\"größe\" = 1\n");
  Request request;
  request.environment = {{"MUSTER_RUN_JOBS", "four"}, {"MUSTER_RUN_ORDER", "revers"}};
  request.command_line = {{"run.scale", {"x"}, "--scale"}, {"run.nope", {"x"}, "--nope"}};
  request.profile = "ci";
  add("variables, options and a profile", "", request);
  muster::testing::expect_golden("config/refusals.txt", all);
}

TEST(Refusals, show_no_secret) {
  const std::string canary = "hunter2canary";
  for (const std::string& text :
       {"[bearer]\nkey = [\"" + canary + "\"]\n", "[run]\ndb_password = \"" + canary + "\"\n",
        "[run]\nurl = \"postgres://me:" + canary + "@host/db\"\n",
        "[bearer]\nkey = \"x\"\napi_key = '" + canary + "'\n",
        "[run]\njobs = { token = \"" + canary + "\" }\n"}) {
    EXPECT_EQ(problems_of_text(text).find(canary), std::string::npos) << problems_of_text(text);
  }
  Request request;
  request.command_line = {{"worker.claims", {canary}, "--claims"}};
  request.environment = {{"MUSTER_BEARER_KEY", canary}};
  EXPECT_EQ(render(loaded("", request).error_at("bearer.key", "bad_key", "too short")),
            "MUSTER_BEARER_KEY: error: too short\n");
}

TEST(Refusals, durations) {
  using namespace std::chrono_literals;
  EXPECT_EQ(read_duration("200ms"), 200ms);
  EXPECT_EQ(read_duration("1h2m3s4ms"), 1h + 2min + 3s + 4ms);
  EXPECT_EQ(read_duration("0s"), 0ms);
  for (const char* wrong : {"", "5", "s", "5 s", "-5s", "5s1m", "5s5s", "1.5s", "5sec", "10001h",
                            "99999999999999999999h", "9223372036854775807ms"}) {
    EXPECT_EQ(read_duration(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace muster::config
