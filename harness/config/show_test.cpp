#include "config/show.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "config/load_for_tests.hpp"
#include "testing/golden.hpp"

namespace muster::config {
namespace {

constexpr const char* kCanary = "hunter2canary";

Config example() {
  Request request;
  request.profile = "ci";
  request.environment = {{"MUSTER_RUN_TAGS", "@smoke and not @slow"}};
  request.command_line = {{"run.order", {"reverse"}, "--order"}};
  return loaded(R"([run]
paths = ["features", "größe"]
jobs = 4

[[service]]
name = "web"
env = { PATH = "/bin", API_TOKEN = "hunter2canary" }
[[service]]
name = "a name that is much longer than all of the others"
port = 5432

[action.deploy]
command = "deploy --password hunter2canary --to https://me:hunter2canary@host/ token=hunter2canary"
[action."with space"]

[bearer]
key = "hunter2canary"

[worker]
claims = ["--token", "hunter2canary", { nested = { db_secret = ["hunter2canary"] } }, "Bearer hunter2canary"]

[profiles.ci.run]
jobs = 8
)",
                request);
}

TEST(Show, as_text) {
  const std::string text = show_text(example());
  EXPECT_EQ(text.find(kCanary), std::string::npos);
  muster::testing::expect_golden("config/show.txt", text);
}

TEST(Show, as_json) {
  const std::string text = show_json(example());
  EXPECT_EQ(text.find(kCanary), std::string::npos);
  const auto json = parse_json(text);
  ASSERT_TRUE(json);
  muster::testing::expect_golden("config/show.json", json->dump(1) + "\n");
}

TEST(Show, the_reference_of_the_keys) {
  muster::testing::expect_golden("config/reference.md", reference_markdown(schema_for_tests()));
}

}  // namespace
}  // namespace muster::config
