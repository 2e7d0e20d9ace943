#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "environment/lifecycle.hpp"
#include "process/sweep.hpp"
#include "testing/temp_tree.hpp"

/// What the tests of this folder stand on.
namespace muster::environment::testing {

using artifacts::Status;
using namespace std::chrono_literals;

inline constexpr const char* kScope = "repo-0123456789ab";

/// An environment of the test's own, gone with it.
class Environments : public ::testing::Test {
 protected:
  Environments() {
    blueprint.run_id = "20260102T030405Z-" + random_hex(4);
    blueprint.scope = kScope;
    blueprint.runtime_directory = tree.str("state");
    blueprint.projects.emplace_back();
    blueprint.projects[0].root = tree.str();
    blueprint.variables = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}};
  }
  ~Environments() override {
    if (repository) (void)stop_environment(*repository, 10s);
    process::sweep_run(blueprint.run_id);
  }

  ProjectPlan& project() { return blueprint.projects.front(); }
  services::ServiceSpec& service(const std::string& name, const std::string& script) {
    services::ServiceSpec spec;
    spec.name = name;
    spec.command = {"/bin/sh", "-c", script};
    spec.cwd = tree.str();
    spec.stop_grace = 1s;
    project().services.push_back(std::move(spec));
    return project().services.back();
  }
  services::ServiceSpec& server(const std::string& name) {
    services::ServiceSpec& spec = service(name, "");
    spec.command = {"python3", "-u", "-m", "http.server", "{port}", "--bind", "127.0.0.1"};
    spec.port = 0;
    spec.ready = {{services::ReadyKind::tcp, ""}};
    return spec;
  }

  StartOutcome start() {
    auto outcome = start_environment(blueprint, [this](const Json& step) {
      steps.push_back(string_at(step, "event") + " " + string_at(step, "service"));
    });
    EXPECT_TRUE(outcome) << outcome.error().message;
    auto opened = artifacts::Repository::open(tree.str("state"), kScope);
    EXPECT_TRUE(opened);
    repository.emplace(std::move(opened).value_or_throw());
    return std::move(outcome).value_or_throw();
  }
  artifacts::RunState state() { return repository->latest().value_or_throw().value(); }

  muster::testing::TempTree tree;
  Blueprint blueprint;
  std::vector<std::string> steps;
  std::optional<artifacts::Repository> repository;
};

}  // namespace muster::environment::testing
