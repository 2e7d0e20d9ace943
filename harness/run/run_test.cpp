#include <gmock/gmock.h>

#include <fstream>

#include "run/case_telling.hpp"
#include "run/channel.hpp"
#include "run/frames.hpp"
#include "run/in_order.hpp"
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

TEST(FrameSplitter, TakesAnyChunking) {
  const std::string stream =
      on_stream(frame::Assign{1, 2}) + on_stream(frame::Observed{"{}"}) + on_stream(frame::Stuck{});
  for (std::size_t chunk = 1; chunk <= stream.size(); ++chunk) {
    FrameSplitter splitter;
    int frames = 0;
    for (std::size_t at = 0; at < stream.size(); at += chunk) {
      splitter.feed(std::string_view(stream).substr(at, chunk));
      while (auto frame = splitter.next()) frames += frame->ok() ? 1 : 100;
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

messages::Envelope marked(const std::string& id) {
  messages::TestCaseFinished message;
  message.test_case_started_id = id;
  return message;
}

TEST(InOrder, ReleasesInPlanOrder) {
  std::vector<std::string> out;
  InOrder order([&](const messages::Envelope& envelope) {
    out.push_back(std::get<messages::TestCaseFinished>(envelope).test_case_started_id);
  });
  order.add(1, marked("1a"));
  order.add(0, marked("0a"));
  EXPECT_THAT(out, ElementsAre("0a"));
  order.add(2, marked("2a"));
  order.done(2);
  order.add(0, marked("0b"));
  order.done(0);
  EXPECT_THAT(out, ElementsAre("0a", "0b", "1a"));
  order.add(1, marked("1b"));
  EXPECT_THAT(out, ElementsAre("0a", "0b", "1a", "1b"));
  order.done(1);
  EXPECT_THAT(out, ElementsAre("0a", "0b", "1a", "1b", "2a"));
}

PlannedCase two_steps() {
  PlannedCase planned;
  planned.id = "case";
  for (const char* id : {"s0", "s1"}) {
    PlannedStep step;
    step.id = id;
    planned.steps.push_back(step);
    planned.info.steps.push_back({"Given ", id, 1, std::nullopt, 0});
  }
  return planned;
}

TEST(CaseTelling, AWorkerThatDiesFailsItsStepAndSkipsTheRest) {
  const PlannedCase planned = two_steps();
  std::vector<messages::Envelope> out;
  CaseTelling telling(planned, "started", "0", [&](const auto& it) { out.push_back(it); });
  telling.on(frame::CaseStarted{});
  telling.on(frame::StepStarted{0, {}, 5000});
  EXPECT_EQ(telling.running_step(), "s0");
  telling.abandon("died of signal 11");
  ASSERT_EQ(out.size(), 6u);
  const auto& first = std::get<messages::TestStepFinished>(out[2]).test_step_result;
  EXPECT_EQ(first.status, Status::failed);
  EXPECT_EQ(first.message, "died of signal 11");
  EXPECT_EQ(std::get<messages::TestStepFinished>(out[4]).test_step_result.status, Status::skipped);
  EXPECT_TRUE(std::holds_alternative<messages::TestCaseFinished>(out[5]));
  EXPECT_EQ(telling.status(), Status::failed);
}

TEST(CaseTelling, ACaseThatNeverStartedIsToldWhole) {
  const PlannedCase planned = two_steps();
  std::vector<messages::Envelope> out;
  CaseTelling telling(planned, "started", "0", [&](const auto& it) { out.push_back(it); });
  telling.abandon("gone");
  EXPECT_TRUE(std::holds_alternative<messages::TestCaseStarted>(out.front()));
  EXPECT_TRUE(telling.finished());
  EXPECT_EQ(telling.status(), Status::failed);
}

TEST(CaseTelling, BytesAreEncodedAndTextIsRedacted) {
  const PlannedCase planned = two_steps();
  std::vector<messages::Envelope> out;
  CaseTelling telling(planned, "started", "0", [&](const auto& it) { out.push_back(it); });
  telling.on(frame::CaseStarted{});
  telling.on(frame::Attached{0, {}, "\x89PNG", "image/png", "a.png"});
  telling.on(frame::Attached{0, {}, "password=hunter2", "text/plain", ""});
  EXPECT_EQ(std::get<messages::Attachment>(out[1]).content_encoding,
            messages::ContentEncoding::base64);
  EXPECT_THAT(std::get<messages::Attachment>(out[2]).body, testing::Not(HasSubstr("hunter2")));
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
