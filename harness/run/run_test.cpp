#include <gmock/gmock.h>

#include <fstream>

#include "run/case_telling.hpp"
#include "run/channel.hpp"
#include "run/frames.hpp"
#include "run/selection.hpp"
#include "run/snippet.hpp"
#include "run/worker_link.hpp"

namespace muster::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Frames, ComeBackAsTheyWere) {
  frame::StepFinished sent;
  sent.step = 3;
  sent.at = {5, 6};
  sent.duration_ns = 7;
  sent.status = Status::failed;
  sent.message = std::string("a\0b", 3);
  const auto got = decode(encode(sent));
  ASSERT_TRUE(got);
  const auto& back = std::get<frame::StepFinished>(*got);
  EXPECT_EQ(back.step, 3u);
  EXPECT_EQ(back.at, (WallTime{5, 6}));
  EXPECT_EQ(back.status, Status::failed);
  EXPECT_EQ(back.message, sent.message);
}

TEST(Frames, EveryPrefixIsRefused) {
  const std::string bytes = encode(frame::Attached{1, {2, 3}, "body", "text/plain", "name"});
  for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(decode(bytes.substr(0, n))) << n;
  EXPECT_FALSE(decode(bytes + "x"));
  EXPECT_FALSE(decode("\xff"));
}

std::string framed(const std::vector<Frame>& frames) {
  std::string out;
  for (const Frame& frame : frames) append_framed(out, frame);
  return out;
}

TEST(FrameSplitter, TakesAnyChunking) {
  const std::string stream = framed({frame::RunOne{1, 2}, frame::Observed{"{}"}, frame::Stuck{}});
  for (std::size_t chunk = 1; chunk <= stream.size(); ++chunk) {
    FrameSplitter splitter;
    int frames = 0;
    for (std::size_t at = 0; at < stream.size(); at += chunk) {
      splitter.feed(std::string_view(stream).substr(at, chunk));
      while (auto frame = splitter.next()) frames += frame->ok() && decode(**frame) ? 1 : 100;
    }
    EXPECT_EQ(frames, 3) << chunk;
    EXPECT_EQ(splitter.left_over(), 0u);
  }
}

TEST(Records, CarryDescriptors) {
  auto [a, b] = record_pair();
  ASSERT_TRUE(send_record(a.get(), frame::Fork{9}, {a.get(), b.get()}));
  auto record = receive_record(b.get());
  ASSERT_TRUE(record);
  EXPECT_EQ(std::get<frame::Fork>(record->frame).worker, 9u);
  EXPECT_EQ(record->descriptors.size(), 2u);
  record.reset();  // with its copies of both ends
  a.reset();
  EXPECT_FALSE(receive_record(b.get()));
}

Plan two_steps() {
  PlannedCase planned;
  planned.id = 7;
  for (const Id id : {8, 9}) {
    planned.steps.emplace_back().id = id;
    planned.info.steps.push_back({"Given ", "it", 1, 0, nullptr});
  }
  Plan plan;
  plan.cases.push_back(std::move(planned));
  return plan;
}

/// What is told of one case.
class Told {
 public:
  void on(const std::vector<Frame>& frames) {
    for (const Frame& frame : frames) telling_.on(frame);
  }
  template <class M>
  const M& at(std::size_t index) const {
    return std::get<M>(out.at(index));
  }

  std::vector<messages::Envelope> out;

 private:
  const Plan plan_ = two_steps();
  int ids_ = 0;
  NextId next_id_ = [this] { return "started" + std::to_string(ids_++); };
  Emit emit_ = [this](const messages::Envelope& it) { out.push_back(it); };
  CaseTelling telling_{plan_, 0, next_id_, emit_};
};

TEST(CaseTelling, AWorkerThatDiesFailsItsStepAndSkipsTheRest) {
  Told told;
  told.on({frame::CaseStarted{0, 0, 3, {}}, frame::StepStarted{0, {10, 0}, 5000},
           frame::Abandoned{{12, 0}, "died of signal 11", false}});
  ASSERT_EQ(told.out.size(), 6u);
  EXPECT_EQ(told.at<messages::TestCaseStarted>(0).worker_id, "3");
  const auto& first = told.at<messages::TestStepFinished>(2).test_step_result;
  EXPECT_EQ(first.status, Status::failed);
  EXPECT_EQ(first.message, "died of signal 11");
  EXPECT_EQ(first.duration.seconds, 2);
  EXPECT_EQ(told.at<messages::TestStepFinished>(4).test_step_result.status, Status::skipped);
  EXPECT_FALSE(told.at<messages::TestCaseFinished>(5).will_be_retried);
}

TEST(CaseTelling, ACaseThatNeverStartedIsToldWhole) {
  Told told;
  told.on({frame::Abandoned{{}, "gone", false}});
  ASSERT_EQ(told.out.size(), 6u);
  EXPECT_EQ(told.at<messages::TestCaseStarted>(0).worker_id, std::nullopt);
}

TEST(CaseTelling, EachAttemptHasItsOwnId) {
  Told told;
  told.on({frame::CaseStarted{0, 0, 0, {}}, frame::Abandoned{{}, "gone", true},
           frame::CaseStarted{0, 1, 1, {}}, frame::CaseFinished{{}, false}});
  ASSERT_EQ(told.out.size(), 8u);
  EXPECT_TRUE(told.at<messages::TestCaseFinished>(5).will_be_retried);
  EXPECT_EQ(told.at<messages::TestCaseStarted>(6).id, "started1");
  EXPECT_EQ(told.at<messages::TestCaseStarted>(6).attempt, 1);
  EXPECT_EQ(told.at<messages::TestCaseFinished>(7).test_case_started_id, "started1");
}

TEST(CaseTelling, BytesAreEncodedAndTextIsRedacted) {
  Told told;
  told.on({frame::CaseStarted{}, frame::Attached{0, {}, "\x89PNG", "image/png", "a.png"},
           frame::Attached{0, {}, "password=hunter2", "text/plain", ""}});
  EXPECT_EQ(told.at<messages::Attachment>(1).content_encoding, messages::ContentEncoding::base64);
  EXPECT_THAT(told.at<messages::Attachment>(2).body, testing::Not(HasSubstr("hunter2")));
}

TEST(DescribeEnd, SaysSignalOrStatus) {
  EXPECT_EQ(describe_end(11), "died of signal 11 (Segmentation fault)");
  EXPECT_EQ(describe_end(3 << 8), "ended with exit status 3");
}

TEST(Snippet, IsReadyToPaste) {
  expressions::Proposal proposal{
      "I have {int} of {string}", {"int", "string"}, {"int1", "string1"}};
  messages::PickleStep step;
  step.type = messages::PickleStepType::outcome;
  step.argument.emplace();
  step.argument->data_table.emplace();
  EXPECT_EQ(snippet(proposal, step),
            "THEN(\"I have {int} of {string}\") = [](int int1, std::string string1, const Table& "
            "table) {\n"
            "  pending();\n};");
}

TEST(Selection, NamesWhatIsMissing) {
  const auto missing = select_files({"/nonexistent/x.feature"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, "path_missing");
}

}  // namespace
}  // namespace muster::run
