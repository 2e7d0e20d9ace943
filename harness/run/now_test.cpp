#include "run/now.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace muster::run {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kSecond = 1'000'000'000;

class NowTest : public ::testing::Test {
 protected:
  NowTest() {
    for (int i = 0; i < 3; ++i) {
      PlannedCase planned;
      planned.info.scenario.name = "number " + std::to_string(i);
      planned.info.scenario.uri = "a.feature";
      planned.info.scenario.line = 10 * (i + 1);
      steps::PickleStepInfo step;
      step.keyword = "When ";
      step.text = "it starts";
      planned.info.steps.push_back(step);
      planned.steps.resize(2);
      planned.steps[0].hook = 0;
      planned.retries = i == 2 ? 1 : 0;
      plan_.cases.push_back(std::move(planned));
    }
    now_.emplace(plan_);
  }
  void tell(std::uint32_t worker, const Frame& frame, std::int64_t at_ns = kSecond) {
    now_->take(worker, frame, at_ns);
  }
  void program(const char* kind, int pid, Json data = Json::object()) {
    data["pid"] = pid;
    const Json seen = {{"lane", "process"}, {"kind", kind}, {"subject", "web"}, {"data", data}};
    tell(1, frame::Observed{dump_json(seen)});
  }
  void end(std::uint32_t worker, messages::Status status, bool retried = false) {
    frame::StepFinished finished;
    finished.status = status;
    tell(worker, finished);
    tell(worker, frame::CaseFinished{{}, retried});
  }
  Plan plan_;
  std::optional<Now> now_;
};

TEST_F(NowTest, KnowsWhatEachWorkerIsAt) {
  tell(1, frame::CaseStarted{0, 0, 1, {}});
  tell(2, frame::CaseStarted{1, 0, 2, {}});
  EXPECT_EQ(now_->step(now_->scenes().at(1)), "the beginning");
  tell(1, frame::StepStarted{0, {}, 0});
  EXPECT_EQ(now_->step(now_->scenes().at(1)), "a hook");
  tell(1, frame::StepStarted{1, {}, 0});
  EXPECT_EQ(now_->step(now_->scenes().at(1)), "When it starts");
  tell(1, frame::CaseEnding{0});
  EXPECT_EQ(now_->step(now_->scenes().at(1)), "the end");
  EXPECT_EQ(now_->place(now_->scenes().at(2)), "a.feature:20");
  EXPECT_EQ(now_->name(now_->scenes().at(2)), "number 1");
}

TEST_F(NowTest, CountsWhatIsDoneAndWhatFailed) {
  EXPECT_EQ(now_->counts().planned, 3u);
  tell(1, frame::CaseStarted{0, 0, 1, {}});
  end(1, messages::Status::passed);
  tell(1, frame::CaseStarted{2, 0, 1, {}});
  end(1, messages::Status::failed, /*retried=*/true);
  EXPECT_EQ(now_->counts().done, 1u);
  tell(1, frame::CaseStarted{2, 1, 1, {}});
  end(1, messages::Status::failed);
  EXPECT_EQ(now_->counts().done, 2u);
  EXPECT_EQ(now_->counts().failed, 1u);
  EXPECT_TRUE(now_->scenes().empty());
}

TEST_F(NowTest, ALostWorkerLosesItsScenarioUnlessThatIsTriedAgain) {
  tell(1, frame::CaseStarted{2, 0, 1, {}});
  now_->gone(1);
  EXPECT_EQ(now_->counts().done, 0u);
  tell(2, frame::CaseStarted{2, 1, 2, {}});
  now_->gone(2);
  now_->gone(2);
  EXPECT_EQ(now_->counts().failed, 1u);
  EXPECT_EQ(now_->counts().done, 1u);
}

TEST_F(NowTest, KnowsTheProgramsThatRun) {
  tell(1, frame::CaseStarted{0, 0, 1, {}});
  program("spawned", 7);
  program("spawned", 8);
  program("ready", 7);
  program("log", 7, {{"text", "one\ntwo\n"}});
  program("exited", 8, {{"exited", 0}});
  const auto& programs = now_->scenes().at(1).programs;
  ASSERT_EQ(programs.size(), 1u);
  EXPECT_EQ(programs[0].pid, 7);
  EXPECT_TRUE(programs[0].ready);
  EXPECT_EQ(programs[0].last_line, "two");
}

TEST_F(NowTest, SlowIsToldAtTheLimitAndWhenItHasDoubled) {
  tell(1, frame::CaseStarted{0, 0, 1, {}}, kSecond);
  tell(1, frame::StepStarted{1, {}, 0}, kSecond);
  const auto at = [&](double seconds) {
    return now_
        ->slow(kSecond + static_cast<std::int64_t>(seconds * 1e9), milliseconds(1'000),
               milliseconds(5'000))
        .size();
  };
  EXPECT_EQ(at(0.9), 0u);
  EXPECT_EQ(at(1.0), 1u);
  EXPECT_EQ(at(1.5), 0u);
  EXPECT_EQ(at(2.0), 1u);
  EXPECT_EQ(at(5.0), 2u);  // step and scenario
  tell(1, frame::StepStarted{1, {}, 0}, 6 * kSecond);
  EXPECT_EQ(at(5.5), 0u);
  EXPECT_TRUE(now_->slow(100 * kSecond, milliseconds(0), milliseconds(0)).empty());
}

TEST(Lasting, IsWrittenForPeople) {
  EXPECT_EQ(lasting(440'000'000), "0.4 s");
  EXPECT_EQ(lasting(12 * kSecond), "12 s");
  EXPECT_EQ(lasting(185 * kSecond), "3 min 5 s");
}

}  // namespace
}  // namespace muster::run
