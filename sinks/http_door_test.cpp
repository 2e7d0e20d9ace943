#include "sinks/http_door.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/client.hpp"
#include "net/test_bench.hpp"
#include "sinks/memory_sink.hpp"

namespace muster::sinks {
namespace {

namespace asio = boost::asio;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Both ends on one thread; the kinds of observations in the order in which they came.
class Kinds : public Observer {
 public:
  void observe(Observation one) override {
    const std::lock_guard lock(guard_);
    kinds_.push_back(one.kind + (one.cause.empty() ? "" : " " + one.cause));
    changed_.notify_all();
  }
  std::vector<std::string> all() const {
    const std::lock_guard lock(guard_);
    return kinds_;
  }
  bool wait_for(std::size_t count) {
    std::unique_lock lock(guard_);
    return changed_.wait_for(lock, net::testing::patience, [&] { return kinds_.size() >= count; });
  }

 private:
  mutable std::mutex guard_;
  std::condition_variable changed_;
  std::vector<std::string> kinds_;
};

class HttpDoorTest : public ::testing::Test {
 protected:
  HttpDoorTest() {
    io_.on([&] {
      door_ = HttpDoor::open(io_.executor(), "127.0.0.1:0", sink_, seen_).value_or_throw();
    });
    std::string where = door_->address();
    where.erase(where.rfind("/ingest"));
    address_ = net::parse_address(where).value_or_throw();
  }
  ~HttpDoorTest() override {
    io_.await([](HttpDoor& door) -> asio::awaitable<int> {
      co_await door.stop();
      co_return 0;
    }(*door_));
    io_.on([&] { door_.reset(); });
  }

  Result<net::Response> send(std::string body, std::string path = "/ingest",
                             std::string method = "POST") {
    net::Request request;
    request.method = std::move(method);
    request.target = std::move(path);
    request.body = std::move(body);
    return io_.await(net::send(address_, std::move(request), net::testing::patience));
  }
  int status(std::string body, std::string path = "/ingest", std::string method = "POST") {
    const auto answer = send(std::move(body), std::move(path), std::move(method));
    return answer ? answer->status : 0;
  }

  static std::string line(int number) {
    return R"({"source":"py/00000001","src_seq":)" + std::to_string(number) +
           R"(,"ts":"2026-01-02T03:04:05Z","event":"a.b","actor":null,"workspace_slug":"test",)"
           R"("payload":{}})";
  }

  net::testing::IoThread io_;
  MemorySink sink_{system_clock(), 4};
  Kinds seen_;
  std::unique_ptr<HttpDoor> door_;
  net::Address address_;
};

TEST_F(HttpDoorTest, AnswersOnceTheEventIsRecorded) {
  EXPECT_EQ(status(line(1)), 204);
  EXPECT_EQ(status(line(2) + "\n"), 204);
  ASSERT_EQ(sink_.size(), 2U);
  EXPECT_EQ(sink_.events()[1]->src_seq, 2U);
  EXPECT_EQ(sink_.events()[1]->seq, 2U);
  EXPECT_TRUE(sink_.continuity().empty());
  EXPECT_THAT(seen_.all(), ElementsAre("recorded", "recorded"));
}

TEST_F(HttpDoorTest, WhatIsNoEventIsRefusedAndTold) {
  const auto answer = send("{\"event\":1}").value_or_throw();
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("/source: expected a string"));
  const auto cut = send("{\"a\":").value_or_throw();
  EXPECT_EQ(cut.status, 400);
  EXPECT_THAT(cut.body, HasSubstr("(line 1, column 6)"));
  EXPECT_EQ(status(line(1) + "\n" + line(2)), 400) << "one event per request";
  EXPECT_EQ(status(""), 400);
  EXPECT_EQ(sink_.size(), 0U);
  EXPECT_THAT(seen_.all(), ElementsAre("refused event_field", "refused json_syntax",
                                       "refused json_syntax", "refused json_syntax"));
}

TEST_F(HttpDoorTest, OnlyIngestTakesEvents) {
  EXPECT_EQ(status("", "/ingest", "GET"), 405);
  EXPECT_EQ(status(line(1), "/other"), 404);
  EXPECT_EQ(status("", "/healthz", "GET"), 200);
  EXPECT_EQ(sink_.size(), 0U);
}

TEST_F(HttpDoorTest, AFullSinkRefusesAndDropsNothing) {
  for (int number = 1; number <= 4; ++number) EXPECT_EQ(status(line(number)), 204);
  EXPECT_EQ(status(line(5)), 503);
  EXPECT_EQ(sink_.size(), 4U);
  EXPECT_TRUE(sink_.overflowed());
}

TEST_F(HttpDoorTest, FaultsAreInjected) {
  door_->faults().refuse_next(1);
  EXPECT_EQ(status(line(1)), 503);
  EXPECT_EQ(sink_.size(), 0U);
  door_->faults().drop_next_acks(1);
  EXPECT_EQ(send(line(1)).error().code, "closed");
  EXPECT_EQ(sink_.size(), 1U);
  EXPECT_EQ(status(line(2)), 204);
}

TEST_F(HttpDoorTest, WhoGaveUpWhileItsWriteWasDelayedIsNotRecorded) {
  door_->faults().delay_next(1, std::chrono::hours(1));
  net::testing::RawPeer peer(address_);
  const std::string body = line(1);
  peer.send("POST /ingest HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
            "\r\n\r\n" + body);
  peer.close();
  ASSERT_TRUE(seen_.wait_for(1));
  EXPECT_THAT(seen_.all(), ElementsAre("refused gave_up"));
  EXPECT_EQ(sink_.size(), 0U);
}

}  // namespace
}  // namespace muster::sinks
