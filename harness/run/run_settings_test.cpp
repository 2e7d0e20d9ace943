#include "run/run_settings.hpp"

#include <gmock/gmock.h>

#include "config/load.hpp"
#include "run/run_keys.hpp"

namespace muster::run {
namespace {

using testing::ElementsAre;

config::Config config_of(const std::string& text, std::vector<config::Override> options = {}) {
  config::Request request;
  request.command_line = std::move(options);
  auto loaded = config::load_text(config::Schema{kRunKeys}, request, "/nowhere/muster.toml", text);
  if (const auto* problems = std::get_if<std::vector<Diagnostic>>(&loaded)) {
    throw std::runtime_error(render(problems->front()));
  }
  return std::get<config::Config>(std::move(loaded));
}

TEST(RunSettings, HaveTheDefaultsOfTheContract) {
  const auto settings = read_run_settings(config_of(""));
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_THAT(settings->paths, ElementsAre("features"));
  EXPECT_EQ(settings->timeouts.step, std::chrono::seconds(5));
  EXPECT_EQ(settings->timeouts.hook, std::chrono::seconds(10));
  EXPECT_EQ(settings->timeouts.scenario, std::chrono::seconds(120));
  EXPECT_EQ(settings->timeouts.run.count(), 0);
  EXPECT_EQ(settings->order.text(), "defined");
  EXPECT_EQ(settings->retry, 0u);
  EXPECT_FALSE(settings->jobs);
  EXPECT_FALSE(settings->shard);
  EXPECT_FALSE(settings->fail_fast || settings->dry_run || settings->keyword_bound);
  EXPECT_TRUE(settings->taps);
}

TEST(RunSettings, EveryKeyIsRead) {
  const auto settings = read_run_settings(config_of(R"([run]
paths = ["a", "@b"]
tags = "@x and not @y"
name = ["one", "two"]
rerun = "@failed.txt"
last-failed = true
shard = "2/3"
tier = "cai"
strict-capabilities = true
keyword-bound = true
order = "random:5"
jobs = 0
dry-run = true
fail-fast = true
retry = 2
retry-tags = "@flaky"
step-timeout = "1s"
hook-timeout = "2s"
scenario-timeout = "3s"
run-timeout = "4s"
format = ["summary", "junit:x.xml"]
color = "never"
allow-no-steps = true
taps = false
)"));
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->tags.to_string(), "( @x and not ( @y ) )");
  EXPECT_THAT(settings->names, ElementsAre("one", "two"));
  EXPECT_EQ(settings->shard, (Shard{1, 3}));
  EXPECT_EQ(settings->tier.name(), "cai");
  EXPECT_EQ(settings->order.text(), "random:5");
  EXPECT_EQ(settings->jobs, 0u);
  EXPECT_EQ(settings->retry, 2u);
  EXPECT_TRUE(settings->retry_tags.evaluate({"@flaky"}));
  EXPECT_FALSE(settings->retry_tags.evaluate({}));
  EXPECT_EQ(settings->timeouts.step, std::chrono::seconds(1));
  EXPECT_EQ(settings->timeouts.run, std::chrono::seconds(4));
  EXPECT_THAT(settings->formats, ElementsAre("summary", "junit:x.xml"));
  EXPECT_EQ(settings->color, "never");
  EXPECT_TRUE(settings->last_failed && settings->strict_capabilities && settings->keyword_bound &&
              settings->dry_run && settings->fail_fast && settings->allow_no_steps);
  EXPECT_FALSE(settings->taps);
}

TEST(RunSettings, PathsOfTheFileAreRelativeToIt) {
  const std::string text = "[run]\npaths = [\"a\", \"@b\", \"/c\"]\nrerun = \"r\"\n";
  const auto of_file = read_run_settings(config_of(text));
  EXPECT_THAT(of_file->paths, ElementsAre("/nowhere/a", "@/nowhere/b", "/c"));
  EXPECT_EQ(of_file->rerun, "/nowhere/r");
  const auto given = read_run_settings(config_of(text, {{"run.paths", {"a"}, "paths"}}));
  EXPECT_THAT(given->paths, ElementsAre("a"));
}

TEST(RunSettings, WhatIsWrongIsLocated) {
  const auto settings = read_run_settings(config_of("[run]\ntags = \"@a and\"\n"));
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().place.line, 2);
  const auto shard = read_run_settings(config_of("", {{"run.shard", {"3"}, "--shard"}}));
  ASSERT_FALSE(shard);
  EXPECT_EQ(shard.error().code, "bad_shard");
}

}  // namespace
}  // namespace muster::run
