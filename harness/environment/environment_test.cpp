#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "environment/control.hpp"
#include "environment/failure_class.hpp"
#include "environment/test_bed.hpp"
#include "process/proc_fs.hpp"
#include "process/sweep.hpp"
#include "truth/service_truth.hpp"

namespace muster::environment {
namespace {

using namespace testing;

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
  project().previous_ports = {{"web", process::hold_port().value_or_throw().number}};
  EXPECT_TRUE(start().up);
  EXPECT_EQ(state().services.at("Main Web").actual_port, project().previous_ports.at("web"));
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

TEST_F(Environments, AStopSignalOfItsOwnIsNotFollowedByTerm) {
  services::ServiceSpec& web =
      service("web",
              "trap 'echo quit >>got; exit 0' QUIT; trap 'echo term >>got' TERM; echo up; "
              "while :; do sleep 0.01; done");
  web.ready = {{services::ReadyKind::log, "up"}};
  web.stop_signal = SIGQUIT;
  web.stop_grace = 5s;
  EXPECT_TRUE(start().up);
  EXPECT_TRUE(stop_environment(*repository, 10s));
  EXPECT_EQ(tree.read("got"), "quit\n");
}

TEST_F(Environments, ACommandMayTellThatItIsReady) {
  service("web", "echo there >flag; exec sleep 1000").ready = {
      {services::ReadyKind::exec, "test -s flag"}};
  EXPECT_TRUE(start().up);
}

TEST_F(Environments, ARestartKeepsThePortHeldAndTellsTheNewFromTheOld) {
  services::ServiceSpec& web = server("web");
  web.restart = services::Restart::always;
  web.restart_delay = 1ms;
  EXPECT_TRUE(start().up);
  const auto before = state().services.at("Main Web");
  const Json asked{{"do", "start"}, {"restart", true}, {"services", Json::array({"Main Web"})}};
  EXPECT_TRUE(ask_keeper(repository->folder(), asked, 10s).value_or_throw()["up"].get<bool>());
  const auto after = state().services.at("Main Web");
  EXPECT_NE(after.pid, before.pid);
  EXPECT_EQ(after.actual_port, before.actual_port);
  EXPECT_EQ(process::listen_loopback(static_cast<std::uint16_t>(*after.actual_port)).error().code,
            "listen_in_use");
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
  const auto of = [](const char* code, bool taken, const char* lines, int exit = 1) {
    StartFailure failure = start_failure(error(code, ""), taken);
    failure.exit.emplace();
    failure.exit->code = exit;
    failure.last_lines = lines;
    return classify(failure);
  };
  EXPECT_EQ(of("died_before_ready", true, ""), FailureClass::bind_conflict_retryable);
  EXPECT_EQ(of("died_before_ready", false, "cannot bind-mount /x"),
            FailureClass::hard_start_failure);
  EXPECT_EQ(of("died_before_ready", false, "listen tcp: bind: Address already in use"),
            FailureClass::bind_conflict_retryable);
  EXPECT_EQ(of("not_ready", false, ""), FailureClass::transient_probe_timeout_retryable);
  EXPECT_EQ(of("program_not_found", false, ""), FailureClass::hard_start_failure);
  EXPECT_EQ(of("listen_in_use", false, ""), FailureClass::bind_conflict_retryable);
  EXPECT_EQ(of("died_before_ready", false, "", 75),
            FailureClass::transient_probe_timeout_retryable);
  EXPECT_EQ(of("engine_failed", false, "Bind for 127.0.0.1:80 failed: port is already allocated"),
            FailureClass::hard_start_failure)
      << "what an engine says is no cause; whether the port is taken is asked of the port";
  StartFailure soft = start_failure(error("command_failed", ""));
  soft.soft = true;
  EXPECT_EQ(classify(soft), FailureClass::bootstrap_soft_failure);
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
