#include <gtest/gtest.h>

#include <chrono>

#include "config/load_for_tests.hpp"

namespace muster::config {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

constexpr const char* kFile = R"(
[run]
paths = ["features", "extra"]
jobs = 4
scale = 2
step_timeout = "1m30s"

[[service]]
name = "web"
env = { PATH = "/bin", "A.B" = "dotted" }
[[service]]
name = "db"
port = 5432

[action.lint]
command = "ci/lint"
[action.deploy]
retry = 3

[worker]
claims = ["python", 3]

[profiles.ci.run]
jobs = 8
order = "random:7"
[[profiles.ci.service]]
name = "only"
)";

TEST(Layers, defaults_hold_without_a_file) {
  const Config config = std::get<Config>(load_text(schema_for_tests(), {}, "", ""));
  EXPECT_EQ(*config.get<int>("run.jobs"), 2);
  EXPECT_EQ(*config.get<Strings>("run.paths"), Strings{"features"});
  EXPECT_EQ(*config.get<std::chrono::milliseconds>("run.step_timeout"), 5s);
  EXPECT_EQ(config.get<std::string>("run.tags").error().code, "config_key_unset");
  EXPECT_FALSE(config.find<std::string>("run.tags")->has_value());
  EXPECT_FALSE(config.is_set("run.jobs"));
  EXPECT_EQ(to_string(config.origin("run.jobs")), "default");
  EXPECT_EQ(config.file(), "");
}

TEST(Layers, a_file_gives_values_of_every_kind_with_their_places) {
  const Config config = loaded(kFile);
  EXPECT_EQ(*config.get<Strings>("run.paths"), (Strings{"features", "extra"}));
  EXPECT_EQ(*config.get<std::int64_t>("run.jobs"), 4);
  EXPECT_EQ(*config.get<double>("run.scale"), 2.0);
  EXPECT_EQ(*config.get<std::chrono::milliseconds>("run.step_timeout"), 90s);
  EXPECT_FALSE(*config.get<bool>("run.dry-run"));
  EXPECT_EQ(to_string(config.origin("run.jobs")), "muster.toml:4:8");
  EXPECT_EQ(to_toml(*config.value("worker.claims")), R"(["python", 3])");
}

TEST(Layers, users_name_tables_and_elements) {
  const Config config = loaded(kFile);
  EXPECT_EQ(config.names("action"), (Strings{"lint", "deploy"}));
  EXPECT_EQ(config.count("service"), 2U);
  EXPECT_EQ(config.count("run"), 0U);
  EXPECT_EQ(*config.get<std::string>("service[0].name"), "web");
  EXPECT_EQ(*config.get<int>("service[0].port"), 8080) << "elements have defaults, too";
  EXPECT_EQ(*config.get<int>("service[1].port"), 5432);
  EXPECT_EQ(*config.get<int>("action.lint.retry"), 0);
  EXPECT_EQ(*config.get<int>("action.deploy.retry"), 3);
  EXPECT_EQ(config.names("service[0].env"), (Strings{"PATH", "\"A.B\""}));
  EXPECT_EQ(*config.get<std::string>("service[0].env.\"A.B\""), "dotted");
}

TEST(Layers, a_profile_overlays_keys_and_replaces_arrays_of_tables) {
  Request request;
  request.profile = "ci";
  const Config config = loaded(kFile, request);
  EXPECT_EQ(config.profile(), "ci");
  EXPECT_EQ(*config.get<int>("run.jobs"), 8);
  EXPECT_EQ(to_string(config.origin("run.jobs")), "muster.toml:24:8 (profile ci)");
  EXPECT_EQ(*config.get<Strings>("run.paths"), (Strings{"features", "extra"})) << "not overlaid";
  EXPECT_EQ(config.count("service"), 1U);
  EXPECT_EQ(*config.get<std::string>("service[0].name"), "only");
  EXPECT_EQ(config.value("service[0].env.PATH"), nullptr);
  EXPECT_EQ(config.find<int>("service[1].port").error().code, "config_key_unknown");
}

TEST(Layers, the_command_line_is_above_the_environment_is_above_the_profile) {
  Request request;
  request.profile = "ci";
  request.environment = {
      {"MUSTER_RUN_JOBS", "16"},         {"MUSTER_RUN_PATHS", "a, b"},
      {"MUSTER_RUN_DRY_RUN", "1"},       {"MUSTER_SERVICE_0_PORT", "99"},
      {"MUSTER_ACTION_LINT_RETRY", "7"}, {"MUSTER_WORKER_CLAIMS", "read by its owner"}};
  const Config environment = loaded(kFile, request);
  EXPECT_EQ(*environment.get<int>("run.jobs"), 16);
  EXPECT_EQ(to_string(environment.origin("run.jobs")), "MUSTER_RUN_JOBS");
  EXPECT_EQ(*environment.get<Strings>("run.paths"), (Strings{"a", "b"}));
  EXPECT_TRUE(*environment.get<bool>("run.dry-run"));
  EXPECT_EQ(*environment.get<int>("service[0].port"), 99);
  EXPECT_EQ(*environment.get<int>("action.lint.retry"), 7);
  EXPECT_EQ(to_toml(*environment.value("worker.claims")), R"(["python", 3])");

  request.command_line = {{"run.jobs", {"1"}, "--jobs"},
                          {"run.paths", {"a,b", "c"}, "PATH"},
                          {"action.new.command", {"make"}, "--action"}};
  const Config line = loaded(kFile, request);
  EXPECT_EQ(*line.get<int>("run.jobs"), 1);
  EXPECT_EQ(to_string(line.origin("run.jobs")), "--jobs");
  EXPECT_EQ(*line.get<Strings>("run.paths"), (Strings{"a,b", "c"})) << "no commas to separate";
  EXPECT_EQ(line.names("action"), (Strings{"lint", "deploy", "new"}));
  EXPECT_EQ(*line.get<std::string>("action.new.command"), "make");
}

TEST(Layers, an_empty_variable_unsets_nothing_but_clears_texts_and_lists) {
  Request request;
  request.environment = {
      {"MUSTER_RUN_JOBS", ""}, {"MUSTER_RUN_PATHS", ""}, {"MUSTER_RUN_TAGS", ""}};
  const Config config = loaded("[run]\njobs = 4\ntags = \"@x\"\n", request);
  EXPECT_EQ(*config.get<int>("run.jobs"), 4);
  EXPECT_EQ(*config.get<Strings>("run.paths"), Strings{});
  EXPECT_EQ(*config.get<std::string>("run.tags"), "");
}

TEST(Layers, the_profile_may_come_from_the_environment) {
  Request request;
  request.environment = {{"MUSTER_PROFILE", "ci"}};
  EXPECT_EQ(*loaded(kFile, request).get<int>("run.jobs"), 8);
  request.environment = {{"MUSTER_PROFILE", "cii"}};
  EXPECT_EQ(problems_of_text(kFile, request),
            "error: MUSTER_PROFILE asks for the profile cii, which muster.toml does not have\n"
            "  hint: did you mean ci?\n");
}

TEST(Layers, a_variable_that_is_nearly_a_key_is_told) {
  Request request;
  request.environment = {{"MUSTER_RUN_JOBB", "3"}, {"MUSTER_APPROVE", "1"}};
  const Config config = loaded("", request);
  ASSERT_EQ(config.warnings().size(), 1U);
  EXPECT_EQ(render(config.warnings()[0]),
            "error: the variable MUSTER_RUN_JOBB sets nothing\n"
            "  hint: did you mean MUSTER_RUN_JOBS?\n");
}

TEST(Layers, an_error_of_a_reader_stands_where_the_value_was_set) {
  Request request;
  request.environment = {{"MUSTER_RUN_TAGS", "@"}};
  const Config config = loaded("[run]\norder = \"random:x\"\n", request);
  EXPECT_EQ(render(config.error_at("run.order", "bad_order", "the seed is no number")),
            "muster.toml:2:9: error: the seed is no number\n"
            "  2 | order = \"random:x\"\n"
            "    |         ^^^^^^^^^^\n");
  EXPECT_EQ(render(config.error_at("run.tags", "bad_tags", "no expression")),
            "MUSTER_RUN_TAGS: error: no expression\n");
  EXPECT_EQ(render(config.error_at("run.jobs", "x", "wrong")), "error: wrong\n");
}

TEST(Layers, a_getter_of_another_type_is_refused) {
  const Config config = loaded("[run]\njobs = 3\n");
  const auto wrong = config.get<std::string>("run.jobs");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, "config_type");
  EXPECT_EQ(wrong.error().message, "run.jobs is an integer, asked for as a string");
  EXPECT_EQ(config.get<int>("run.nothing").error().code, "config_key_unknown");
}

TEST(Layers, a_table_of_keys_is_checked_itself) {
  EXPECT_TRUE(problems_of(schema_for_tests()).empty());
  static constexpr KeySpec kWrong[] = {
      {.key = "a.b", .kind = Kind::integer, .fallback = "x", .about = "Ends with a stop."},
      {.key = "a.b"},
  };
  std::string said;
  for (const auto& problem : problems_of(Schema{kWrong})) said += problem.message + "\n";
  EXPECT_EQ(said,
            "a.b: its description ends with a full stop\n"
            "a.b: its default is none: a.b takes an integer, not \"x\"\n"
            "a.b: stands in two tables\n"
            "a.b: has no description\n");
}

}  // namespace
}  // namespace muster::config
