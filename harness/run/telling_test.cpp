// What the coordinator makes of frames: the messages of hooks, cases and runs that cannot begin.
#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "messages/messages.hpp"
#include "run/case_telling.hpp"
#include "run/hook_runner.hpp"
#include "run/hook_telling.hpp"
#include "run/narrator.hpp"
#include "steps/assertions.hpp"

namespace muster::run {
namespace {

/// Takes messages, and gives ids `1`, `2`, ….
struct Told {
  std::vector<messages::Envelope> all;
  int ids = 0;
  Emit emit = [this](const messages::Envelope& it) { all.push_back(it); };
  NextId next_id = [this] { return std::to_string(++ids); };

  template <class M>
  std::vector<M> of() const {
    std::vector<M> found;
    for (const auto& it : all) {
      if (const auto* message = std::get_if<M>(&it)) found.push_back(*message);
    }
    return found;
  }
};

Surroundings around(Told& told) {
  Surroundings made;
  made.emit = told.emit;
  made.next_id = told.next_id;
  made.started = [](const std::string&) {};
  made.observe = [](const std::string&) {};
  return made;
}

steps::Library library_of(detail::HookDefinition hook) {
  steps::Registered registered;
  registered.hooks.push_back(std::move(hook));
  return std::get<steps::Library>(steps::Library::compile(registered));
}

using Body = void (*)();
template <Body Run>
std::optional<Task<>> invoke(Body, const detail::Call&) {
  Run();
  return std::nullopt;
}

void attach_much() {
  attach(std::string(100'000, 'x') + "end", "text/plain", "much.txt");
  attach("", "text/plain");
}
void fail_with_words() {
  throw std::runtime_error("went wrong");
}

template <Body Run>
Told told_of_hook() {
  detail::HookDefinition hook;
  hook.kind = detail::HookKind::before_all;
  hook.file = "hooks.cpp";
  hook.line = 7;
  hook.invoke = &invoke<Run>;
  const steps::Library library = library_of(hook);
  Plan plan;
  plan.hook_ids = {"the hook"};
  Told told;
  const Surroundings surroundings = around(told);
  HookTelling telling(plan, library, surroundings);
  telling.run_started();
  steps::AssertionCollector assertions;
  run_hooks(library, detail::HookKind::before_all, std::chrono::seconds(10), assertions,
            [&](const Frame& frame) {
              // through the wire, whose records are bounded
              const std::string bytes = encode(frame);
              EXPECT_LT(bytes.size(), 60'000u);
              const Frame back = decode(bytes).value_or_throw();
              std::visit(
                  [&](const auto& it) {
                    if constexpr (requires { telling.on(it); }) telling.on(it);
                  },
                  back);
            });
  return told;
}

TEST(HookTelling, JoinsTheLargeAttachmentOfAHook) {
  const Told told = told_of_hook<attach_much>();
  const auto attached = told.of<messages::Attachment>();
  ASSERT_EQ(attached.size(), 2u);
  EXPECT_EQ(attached[0].body, std::string(100'000, 'x') + "end");
  EXPECT_EQ(attached[0].file_name, "much.txt");
  EXPECT_EQ(attached[0].test_run_hook_started_id, told.of<messages::TestRunHookStarted>().at(0).id);
  EXPECT_EQ(attached[1].body, "");
}

TEST(HookTelling, SaysWhatAHookThrewAndWhere) {
  const Told told = told_of_hook<fail_with_words>();
  const auto finished = told.of<messages::TestRunHookFinished>();
  ASSERT_EQ(finished.size(), 1u);
  EXPECT_EQ(finished[0].result.status, Status::failed);
  EXPECT_EQ(finished[0].result.message, "went wrong");
  ASSERT_TRUE(finished[0].result.exception);
  EXPECT_EQ(finished[0].result.exception->type, "std::runtime_error");
  EXPECT_EQ(finished[0].result.exception->stack_trace,
            "std::runtime_error: went wrong\nhooks.cpp:7");
}

TEST(BrokenRun, StartsAndFails) {
  Told told;
  const Outcome outcome =
      broken_run(Plan(), steps::Library(), around(told), error("cannot_run", "no descriptor"));
  EXPECT_FALSE(outcome.passed);
  EXPECT_EQ(outcome.problem, "no descriptor");
  ASSERT_EQ(told.of<messages::TestRunStarted>().size(), 1u);
  const auto finished = told.of<messages::TestRunFinished>();
  ASSERT_EQ(finished.size(), 1u);
  EXPECT_FALSE(finished[0].success);
  ASSERT_TRUE(finished[0].exception);
  EXPECT_EQ(finished[0].exception->type, "muster::Error(cannot_run)");
}

/// A case of one undefined step.
Plan undefined_case() {
  PlannedCase planned;
  planned.id = 7;
  planned.info.scenario.uri = "a.feature";
  planned.info.steps.push_back({"Given ", "nobody knows", 3, 0, {}});
  PlannedStep step;
  step.id = 8;
  auto suggestion = std::make_shared<messages::Suggestion>();
  suggestion->id = "suggestion";
  step.unmatched = std::make_unique<const Unmatched>(Unmatched{suggestion, {}});
  planned.steps.push_back(std::move(step));
  Plan plan;
  plan.cases.push_back(std::move(planned));
  return plan;
}

void play_attempt(CaseTelling& telling, std::uint32_t attempt, bool retried) {
  frame::CaseStarted started;
  started.attempt = attempt;
  telling.on(started);
  telling.on(frame::StepStarted{});
  frame::StepFinished finished;
  finished.status = Status::undefined;
  telling.on(finished);
  frame::CaseFinished ended;
  ended.retried = retried;
  telling.on(ended);
}

TEST(CaseTelling, SuggestsOnceAndBesideTheStep) {
  const Plan plan = undefined_case();
  Told told;
  CaseTelling telling(plan, 0, told.next_id, told.emit);
  play_attempt(telling, 0, true);
  play_attempt(telling, 1, false);
  EXPECT_EQ(told.of<messages::TestStepFinished>().size(), 2u);
  ASSERT_EQ(told.of<messages::Suggestion>().size(), 1u);
  ASSERT_GT(told.all.size(), 3u);
  EXPECT_TRUE(std::holds_alternative<messages::TestStepStarted>(told.all[1]));
  EXPECT_TRUE(std::holds_alternative<messages::Suggestion>(told.all[2]));
  EXPECT_TRUE(std::holds_alternative<messages::TestStepFinished>(told.all[3]));
}

TEST(CaseTelling, SaysThatAWorkerWasEndedBecauseItWasSilent) {
  const Plan plan = undefined_case();
  Told told;
  CaseTelling telling(plan, 0, told.next_id, told.emit);
  telling.on(frame::CaseStarted{});
  frame::Abandoned abandoned;
  abandoned.why = "did not answer";
  abandoned.timed_out = true;
  telling.on(decode(encode(abandoned)).value_or_throw());
  const auto finished = told.of<messages::TestStepFinished>();
  ASSERT_EQ(finished.size(), 1u);
  EXPECT_EQ(finished[0].test_step_result.status, Status::failed);
  ASSERT_TRUE(finished[0].test_step_result.exception);
  EXPECT_EQ(finished[0].test_step_result.exception->type, "timed-out");
  EXPECT_EQ(finished[0].test_step_result.exception->message, "did not answer");
}

struct Frames final : FrameSink {
  std::vector<Frame> all;
  void send(const Frame& frame) override { all.push_back(frame); }
};

TEST(Narrator, CallsAStepLeakedWhoseProgramsOutliveIt) {
  Frames frames;
  Narrator narrator(frames);
  narrator.case_started(0, 0, 0);
  narrator.step_started(0, std::chrono::seconds(1));
  frame::StepFinished passed;
  passed.status = Status::passed;
  narrator.step_finished(passed);
  narrator.amend_last("LEAK: pid 7 (sleep) outlived its program and was killed");
  EXPECT_FALSE(narrator.case_finished(false));
  std::vector<frame::StepFinished> finished;
  for (const auto& it : frames.all) {
    if (const auto* step = std::get_if<frame::StepFinished>(&it)) finished.push_back(*step);
  }
  ASSERT_EQ(finished.size(), 1u);
  EXPECT_EQ(finished[0].status, Status::failed);
  EXPECT_EQ(finished[0].exception_type, "leaked");
  EXPECT_THAT(finished[0].message, ::testing::HasSubstr("pid 7 (sleep)"));
}

}  // namespace
}  // namespace muster::run
