#include "runtimes/reverification.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "runtimes/row_for_tests.hpp"

namespace muster::runtimes {
namespace {

using namespace std::chrono_literals;
using testing::command;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::row;

class Recorder : public Observer {
 public:
  void observe(Observation observation) override { seen.push_back(std::move(observation)); }
  std::vector<Observation> seen;
};

class Reverify : public ::testing::Test {
 protected:
  Reverify() : repository(open_repository(where()).value_or_throw()) {
    for (const Runtime& each : repository->all().value_or_throw())
      repository->remove(each.ref).value_or_throw();
    repository->create(row("core.lua", Json::array({command("lua")}))).value_or_throw();
    repository->create(row("core.tcl", Json::array({command("tcl")}))).value_or_throw();
    good("lua");
    good("tcl");
    options.worker = "w1";
    options.observer = &recorder;
    options.detect.environment = [](const std::string&) { return std::nullopt; };
    options.detect.verify.search_path = programs.path();
  }
  std::string where() const { return tree.str("r.db"); }
  void good(const std::string& name) { programs.add(name, "#!/bin/sh\necho " + name + " 5.4.6\n"); }
  void bad(const std::string& name) { programs.add(name, "#!/bin/sh\nexit 1\n"); }

  Detection registered() {
    const Detection found = detect(*repository, options.detect).value_or_throw();
    register_worker(*repository, "w1", "host", found).value_or_throw();
    return found;
  }
  std::vector<std::string> changes(Reverification& reverification) {
    std::vector<std::string> told;
    for (const RuntimeChange& change : reverification.round().value_or_throw())
      told.push_back((change.available ? "+" : "-") + change.name);
    return told;
  }
  Json stored() { return repository->worker("w1").value_or_throw().capabilities["runtimes"]; }

  muster::testing::TempTree tree;
  testing::Programs programs;
  std::unique_ptr<Repository> repository;
  ReverificationOptions options;
  Recorder recorder;
};

TEST_F(Reverify, TwoFailuresDropAndOneSuccessRestores) {
  Reverification rounds(*repository, registered(), options);
  EXPECT_THAT(changes(rounds), IsEmpty());
  EXPECT_EQ(stored(), Json::parse(R"(["lua", "tcl"])"));
  bad("lua");
  EXPECT_THAT(changes(rounds), IsEmpty()) << "one failure is not believed";
  EXPECT_EQ(stored(), Json::parse(R"(["lua", "tcl"])"));
  EXPECT_THAT(changes(rounds), ElementsAre("-lua"));
  EXPECT_EQ(stored(), Json::parse(R"(["tcl"])"));
  EXPECT_THAT(changes(rounds), IsEmpty()) << "told once";
  good("lua");
  EXPECT_THAT(changes(rounds), ElementsAre("+lua"));
  EXPECT_EQ(stored(), Json::parse(R"(["lua", "tcl"])"));

  ASSERT_EQ(recorder.seen.size(), 2u);
  EXPECT_EQ(recorder.seen[0].lane, "runtime");
  EXPECT_EQ(recorder.seen[0].kind, "dropped");
  EXPECT_EQ(recorder.seen[0].subject, "lua");
  EXPECT_EQ(recorder.seen[0].data["failures"], 2);
  EXPECT_EQ(recorder.seen[0].data["worker"], "w1");
  EXPECT_EQ(recorder.seen[0].cause.substr(0, 13), "exit_mismatch");
  EXPECT_EQ(recorder.seen[1].kind, "restored");
}

TEST_F(Reverify, AFailureBetweenSuccessesIsForgotten) {
  Reverification rounds(*repository, registered(), options);
  for (int i = 0; i < 3; ++i) {
    bad("tcl");
    EXPECT_THAT(changes(rounds), IsEmpty());
    good("tcl");
    EXPECT_THAT(changes(rounds), IsEmpty());
  }
}

TEST_F(Reverify, SeesRowsThatComeAndGo) {
  Reverification rounds(*repository, registered(), options);
  repository->create(row("core.awk", Json::array({command("sh", {{"args", {"-c", "echo 1.2"}}})})))
      .value_or_throw();
  EXPECT_THAT(changes(rounds), ElementsAre("+awk"));
  repository->remove("core.lua").value_or_throw();
  EXPECT_THAT(changes(rounds), ElementsAre("-lua"));
  EXPECT_EQ(stored(), Json::parse(R"(["awk", "tcl"])"));
}

TEST_F(Reverify, NotesEveryRoundAndLeavesTheStatusAlone) {
  Reverification rounds(*repository, registered(), options);
  ASSERT_TRUE(set_status(*repository, "w1", "draining").ok());
  bad("lua");
  EXPECT_THAT(changes(rounds), IsEmpty());
  const Worker worker = repository->worker("w1").value_or_throw();
  EXPECT_EQ(worker.status, "draining");
  const auto checks = repository->latest_checks(worker.id).value_or_throw();
  ASSERT_EQ(checks.size(), 2u);
  EXPECT_EQ(checks[0].reason, "exit_mismatch") << "what was seen, not what is believed";
  EXPECT_FALSE(checks[0].available);
}

TEST_F(Reverify, AWorkerThatIsGoneIsAnError) {
  Reverification rounds(*repository, registered(), options);
  repository->remove_worker("w1").value_or_throw();
  EXPECT_EQ(rounds.round().error().code, "not_found");
}

TEST_F(Reverify, GoesOnByItselfAndEndsAtOnce) {
  const Detection known = registered();
  bad("lua");
  std::promise<std::string> dropped;
  options.observer = nullptr;
  options.on_change = [&dropped](const RuntimeChange& change) {
    dropped.set_value((change.available ? "+" : "-") + change.name);
  };
  std::future<std::string> first = dropped.get_future();
  {
    const PeriodicReverification periodic([this] { return open_repository(where()); }, known,
                                          options, 20ms);
    ASSERT_EQ(first.wait_for(20s), std::future_status::ready);
    EXPECT_EQ(first.get(), "-lua");
    programs.add("lua", "#!/bin/sh\nsleep 86396\n");
  }
  const auto begun = std::chrono::steady_clock::now();
  {
    const PeriodicReverification idle([this] { return open_repository(where()); }, known, options,
                                      1h);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
}

TEST_F(Reverify, RoutesToWorkersThatHaveWhatIsNeeded) {
  registered();
  const auto answer = [this](Role role, const char* requirement) {
    return may_take(repository->worker("w1").value_or_throw(), role,
                    {parse_requirement("tcl").value_or_throw(),
                     parse_requirement(requirement).value_or_throw()});
  };
  EXPECT_TRUE(answer(Role::action, "lua>=5.4").met);
  EXPECT_EQ(answer(Role::action, "lua>=6").reason, "w1: lua 5.4.6 does not satisfy >=6");
  EXPECT_EQ(answer(Role::action, "python").reason, "w1: it does not have python");
  EXPECT_EQ(answer(Role::sensor, "lua").reason, "w1 runs actions, not sensors");
  set_status(*repository, "w1", "draining").value_or_throw();
  EXPECT_EQ(answer(Role::action, "lua").reason, "w1 is draining");
}

}  // namespace
}  // namespace muster::runtimes
