#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "base/ids.hpp"
#include "environment/control.hpp"
#include "environment/failure_class.hpp"
#include "environment/lifecycle.hpp"
#include "process/proc_fs.hpp"
#include "process/sweep.hpp"
#include "testing/temp_tree.hpp"
#include "truth/service_truth.hpp"

namespace muster::environment {
namespace {

using artifacts::Status;
using namespace std::chrono_literals;

constexpr const char* kScope = "repo-0123456789ab";

/// An environment of the test's own, gone with it.
class Environments : public ::testing::Test {
 protected:
  Environments() {
    blueprint.run_id = "20260102T030405Z-" + random_hex(4);
    blueprint.scope = kScope;
    blueprint.runtime_directory = tree.str("state");
    blueprint.root = tree.str();
    blueprint.variables = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}};
  }
  ~Environments() override {
    if (repository) (void)stop_environment(*repository, 10s);
    process::sweep_run(blueprint.run_id);
  }

  services::ServiceSpec& service(const std::string& name, const std::string& script) {
    services::ServiceSpec spec;
    spec.name = name;
    spec.command = {"/bin/sh", "-c", script};
    spec.cwd = tree.str();
    spec.stop_grace = 1s;
    blueprint.services.push_back(std::move(spec));
    return blueprint.services.back();
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

TEST_F(Environments, ComesUpInOrderAndGoesDownWhole) {
  service("web", "echo web >>order; exec sleep 1000").depends_on = {
      {"prepare", services::Condition::completed}};
  service("prepare", "echo prepare >>order");
  const StartOutcome outcome = start();
  EXPECT_TRUE(outcome.up);
  EXPECT_EQ(tree.read("order"), "prepare\nweb\n");
  const auto up = state();
  EXPECT_EQ(up.services.at("Main Web").status, Status::running);
  EXPECT_EQ(up.services.at("Main Prepare").status, Status::stopped);
  const pid_t pid = static_cast<pid_t>(*up.services.at("Main Web").pid);
  EXPECT_EQ(process::read_stat(pid)->start_time, up.services.at("Main Web").pid_start);

  EXPECT_TRUE(stop_environment(*repository, 10s));
  EXPECT_FALSE(process::read_stat(pid) && process::read_stat(pid)->alive());
  EXPECT_EQ(state().services.at("Main Web").status, Status::stopped);
  EXPECT_EQ(stop_environment(*repository, 10s).error().code, "no_keeper");
}

TEST_F(Environments, AServerIsReadyWhereItSays) {
  server("web");
  EXPECT_TRUE(start().up);
  const auto web = state().services.at("Main Web");
  const auto truth =
      truth::Snapshot::take().value_or_throw().judge(web, 0ms, system_clock().wall());
  EXPECT_EQ(truth.status, Status::running) << truth.detail;
  EXPECT_TRUE(truth.listening);
  EXPECT_EQ(repository->ports_of(blueprint.run_id).value_or_throw().projects.at(0).ports.size(),
            1U);
}

TEST_F(Environments, WhoDiesBeforeItIsReadyFailsAtOnceWithItsLastLines) {
  services::ServiceSpec& web = service("web", "echo no such table; exit 3");
  web.ready = {{services::ReadyKind::log, "listening"}};
  web.ready_within = 20s;
  const auto begin = std::chrono::steady_clock::now();
  const StartOutcome outcome = start();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  EXPECT_FALSE(outcome.up);
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->code, "died_before_ready");
  EXPECT_EQ(outcome.failure->failure_class, "hard_start_failure");
  EXPECT_NE(outcome.failure->hint.find("no such table"), std::string::npos)
      << outcome.failure->hint;
  EXPECT_EQ(repository->errors_of(blueprint.run_id).value_or_throw().errors.size(), 1U);
}

TEST_F(Environments, WhatNeedsAFailedServiceSaysSo) {
  service("db", "exit 1").ready = {{services::ReadyKind::log, "ready"}};
  service("web", "exec sleep 1000").depends_on = {{"db", services::Condition::ready}};
  EXPECT_FALSE(start().up);
  EXPECT_EQ(state().services.at("Main Web").failure_detail,
            "it needs db@ready, which did not come");
}

TEST_F(Environments, AProgramThatIsNotThereIsNamed) {
  service("web", "").command = {"no-such-program"};
  const StartOutcome outcome = start();
  EXPECT_FALSE(outcome.up);
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->code, "program_not_found");
}

TEST_F(Environments, RestartsOnFailureAndThenGivesUp) {
  services::ServiceSpec& web = service("web", "echo start >>starts; exit 5");
  web.restart = services::Restart::on_failure;
  web.restart_limit = 2;
  web.restart_delay = 1ms;
  service("other", "exec sleep 1000").depends_on = {{"web", services::Condition::completed}};
  EXPECT_TRUE(start().failure.has_value());
  EXPECT_EQ(tree.read("starts"), "start\nstart\nstart\n");
  EXPECT_EQ(state().services.at("Main Web").failure_detail, "it exited 5, restarted 2 times");
}

TEST_F(Environments, ATakenPortIsAnsweredByTheNext) {
  const auto taken = process::listen_loopback().value_or_throw();
  server("web").port = taken.number;
  EXPECT_TRUE(start().up);
  const auto web = state().services.at("Main Web");
  EXPECT_EQ(web.requested_port, taken.number);
  EXPECT_NE(web.actual_port, taken.number);
  const auto ports = repository->ports_of(blueprint.run_id).value_or_throw();
  EXPECT_EQ(ports.projects.at(0).ports.at("web").source, artifacts::PortSource::retry);
}

TEST_F(Environments, PortsDoNotDrift) {
  server("web");
  blueprint.previous_ports = {{"web", process::hold_port().value_or_throw().number}};
  EXPECT_TRUE(start().up);
  EXPECT_EQ(state().services.at("Main Web").actual_port, blueprint.previous_ports.at("web"));
}

TEST_F(Environments, NothingOutlivesAKilledKeeper) {
  service("web", "sleep 1000 & setsid sleep 1001 & exec sleep 1002");
  EXPECT_TRUE(start().up);
  const auto status = ask_keeper(repository->folder(), {{"do", "status"}}, 5s).value_or_throw();
  ::kill(status["pid"].get<pid_t>(), SIGKILL);
  const auto deadline = std::chrono::steady_clock::now() + 2s;
  while (!process::run_survivors(blueprint.run_id).empty() &&
         std::chrono::steady_clock::now() < deadline) {
  }
  EXPECT_TRUE(process::run_survivors(blueprint.run_id).empty());
  EXPECT_EQ(ask_keeper(repository->folder(), {{"do", "status"}}, 1s).error().code, "no_keeper");
}

TEST_F(Environments, TheSecondKeeperIsToldOfTheFirst) {
  service("web", "exec sleep 1000");
  EXPECT_TRUE(start().up);
  Blueprint second = blueprint;
  second.run_id = "20260102T030406Z-" + random_hex(4);
  const auto outcome = start_environment(second, [](const Json&) {});
  ASSERT_TRUE(outcome);
  ASSERT_TRUE(outcome->failure);
  EXPECT_EQ(outcome->failure->code, "locked");
}

TEST(FailureClass, ComesFromCausesNotFromWords) {
  const auto of = [](const char* code, bool taken, const char* lines) {
    return classify({error(code, ""), taken, 0, lines});
  };
  EXPECT_EQ(of("died_before_ready", true, ""), FailureClass::bind_conflict_retryable);
  EXPECT_EQ(of("died_before_ready", false, "cannot bind-mount /x"),
            FailureClass::hard_start_failure);
  EXPECT_EQ(of("died_before_ready", false, "listen tcp: bind: Address already in use"),
            FailureClass::bind_conflict_retryable);
  EXPECT_EQ(of("not_ready", false, ""), FailureClass::transient_probe_timeout_retryable);
  EXPECT_EQ(of("program_not_found", false, ""), FailureClass::hard_start_failure);
}

TEST(ExpandPorts, NamesWhatItDoesNotKnow) {
  const std::map<std::string, int> ports{{"db", 5'432}};
  EXPECT_EQ(expand_ports("a{port}b{port:db}{{c}", 80, ports).value(), "a80b5432{c}");
  EXPECT_EQ(expand_ports("{port}", std::nullopt, ports).error().code, "no_port");
  EXPECT_EQ(expand_ports("{port:bd}", 1, ports).error().hint, "did you mean {port:db}?");
  EXPECT_EQ(expand_ports("${port} {x}", 1, ports).value(), "$1 {x}");
}

}  // namespace
}  // namespace muster::environment
