// The door and the emit client against each other, and the door against raw bytes.
#include "sinks/unix_door.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <functional>

#include "events/emit.hpp"
#include "sinks/memory_sink.hpp"
#include "testing/temp_tree.hpp"

namespace muster::sinks {
namespace {

namespace asio = boost::asio;
using asio::use_awaitable;
using events::EmitClient;
using ::testing::ElementsAre;
using Socket = asio::local::stream_protocol::socket;

// g++ 12 stumbles over braces inside a co_await expression
Json number(int n) {
  return {{"n", n}};
}

class Recorder : public Observer {
 public:
  void observe(Observation one) override {
    seen.push_back(std::move(one));
    if (on_observe) on_observe();
  }
  std::vector<Observation> of(const std::string& kind) const {
    std::vector<Observation> found;
    for (const Observation& one : seen) {
      if (one.lane == "event" && one.kind == kind) found.push_back(one);
    }
    return found;
  }
  std::vector<Observation> seen;
  std::function<void()> on_observe;
};

class UnixDoorTest : public ::testing::Test {
 protected:
  UnixDoorTest()
      : path_(tree_.str("sink.sock")),
        door_(UnixDoor::open(io_.get_executor(), path_, sink_, recorder_).value_or_throw()) {}

  EmitClient client(std::chrono::milliseconds timeout = std::chrono::seconds(2)) {
    return EmitClient(io_.get_executor(), {"console", door_->address(), timeout});
  }

  /// Runs a coroutine to its end, then closes the door. A test that hangs fails after ten seconds.
  void run(std::function<asio::awaitable<void>()> body) {
    std::exception_ptr failed;
    bool done = false;
    asio::co_spawn(io_, std::move(body), [&](std::exception_ptr error) {
      failed = error;
      done = true;
      door_->close();
      io_.stop();
    });
    io_.run_for(std::chrono::seconds(10));
    ASSERT_TRUE(done) << "the test hangs";
    if (failed) std::rethrow_exception(failed);
  }

  asio::awaitable<Socket> connected() {
    Socket socket(io_);
    co_await socket.async_connect(asio::local::stream_protocol::endpoint(path_), use_awaitable);
    co_return socket;
  }

  static asio::awaitable<char> answer(Socket& socket) {
    char byte = 0;
    co_await asio::async_read(socket, asio::buffer(&byte, 1), use_awaitable);
    co_return byte;
  }

  /// Waits until the observer has seen something of a kind.
  asio::awaitable<void> until(const std::string& kind, std::size_t count = 1) {
    asio::steady_timer wake(io_, std::chrono::hours(1));
    recorder_.on_observe = [&] { wake.cancel(); };
    while (recorder_.of(kind).size() < count) {
      wake.expires_after(std::chrono::hours(1));
      boost::system::error_code ignored;
      co_await wake.async_wait(asio::redirect_error(use_awaitable, ignored));
    }
    recorder_.on_observe = nullptr;
  }

  testing::TempTree tree_;
  asio::io_context io_{1};
  MemorySink sink_;
  Recorder recorder_;
  std::string path_;
  std::unique_ptr<UnixDoor> door_;
};

const std::string kLine =
    R"({"source":"py/00000001","src_seq":1,"ts":"2026-01-02T03:04:05Z","event":"a.b","actor":null,)"
    R"("workspace_slug":"test","payload":{}})"
    "\n";

TEST_F(UnixDoorTest, AnEmitReturnsAfterTheEventIsRecorded) {
  run([&]() -> asio::awaitable<void> {
    EmitClient console = client();
    for (int at = 1; at <= 3; ++at) {
      const auto sent = co_await console.emit("a.b", nullptr, "test", "r1", number(at));
      EXPECT_TRUE(sent.ok()) << sent.error().message;
      EXPECT_EQ(sink_.size(), static_cast<std::size_t>(at));
    }
    const auto events = sink_.events();
    EXPECT_EQ(events[2]->src_seq, 3U);
    EXPECT_EQ(events[2]->run_id, "r1");
    EXPECT_EQ(events[2]->source, console.source());
    EXPECT_EQ(console.source().size(), std::string("console/").size() + 8);
    EXPECT_GT(events[2]->recv_mono_ns, 0);
    EXPECT_EQ(recorder_.of("recorded").size(), 3U);
    EXPECT_EQ(recorder_.of("recorded")[0].subject, "console");
    EXPECT_EQ(recorder_.of("recorded")[0].data["seq"], 1);
  });
}

TEST_F(UnixDoorTest, ConcurrentEmitsKeepTheOrderOfTheirCalls) {
  run([&]() -> asio::awaitable<void> {
    EmitClient console = client();
    int left = 50;
    asio::steady_timer done(io_, std::chrono::hours(1));
    for (int at = 0; at < 50; ++at) {
      asio::co_spawn(
          io_,
          [&, at]() -> asio::awaitable<void> {
            EXPECT_TRUE(
                (co_await console.emit("a.b", nullptr, "test", std::nullopt, number(at))).ok());
            if (--left == 0) done.cancel();
          },
          asio::detached);
    }
    boost::system::error_code ignored;
    co_await done.async_wait(asio::redirect_error(use_awaitable, ignored));
    const auto events = sink_.events();
    EXPECT_EQ(events.size(), 50U);
    for (std::size_t at = 0; at < events.size(); ++at) EXPECT_EQ(events[at]->payload["n"], at);
    EXPECT_TRUE(sink_.continuity().empty());
  });
}

TEST_F(UnixDoorTest, ARefusedWriteIsNotRecordedAndLeavesNoHole) {
  run([&]() -> asio::awaitable<void> {
    EmitClient console = client();
    EXPECT_TRUE((co_await console.emit("a.one", nullptr, "test")).ok());
    door_->refuse_next(2);
    EXPECT_EQ((co_await console.emit("a.two", nullptr, "test")).error().code, "sink_refused");
    EXPECT_EQ((co_await console.emit("a.two", nullptr, "test")).error().code, "sink_refused");
    EXPECT_TRUE((co_await console.emit("a.three", nullptr, "test")).ok());
    EXPECT_EQ(sink_.size(), 2U);
    EXPECT_TRUE(sink_.continuity().empty());
    EXPECT_EQ(recorder_.of("refused").size(), 2U);
    EXPECT_EQ(recorder_.of("refused")[0].data["code"], "injected");
  });
}

TEST_F(UnixDoorTest, ADroppedAckTimesOutAndTheEventKeepsItsNumber) {
  run([&]() -> asio::awaitable<void> {
    EmitClient console = client(std::chrono::milliseconds(80));
    door_->drop_next_acks(1);
    EXPECT_EQ((co_await console.emit("a.one", nullptr, "test")).error().code, "sink_timeout");
    EXPECT_EQ(sink_.size(), 1U);
    EXPECT_TRUE((co_await console.emit("a.two", nullptr, "test")).ok());
    EXPECT_EQ(sink_.events().back()->src_seq, 2U);
    EXPECT_TRUE(sink_.continuity().empty());
  });
}

TEST_F(UnixDoorTest, AProducerThatGaveUpIsNotRecordedAndItsLossIsNamed) {
  run([&]() -> asio::awaitable<void> {
    EmitClient console = client(std::chrono::milliseconds(80));
    door_->delay_next(1, std::chrono::milliseconds(300));
    EXPECT_EQ((co_await console.emit("a.one", nullptr, "test")).error().code, "sink_timeout");
    EXPECT_TRUE((co_await console.emit("a.two", nullptr, "test")).ok());
    co_await until("refused");
    EXPECT_EQ(recorder_.of("refused")[0].data["code"], "gave_up");
    EXPECT_EQ(sink_.size(), 1U);
    EXPECT_EQ(to_text(sink_.continuity().at(0)), "console src_seq 1 is missing");
  });
}

TEST_F(UnixDoorTest, AShortDelayIsOnlySlow) {
  run([&]() -> asio::awaitable<void> {
    EmitClient console = client();
    door_->delay_next(1, std::chrono::milliseconds(30));
    const std::int64_t before = mono_ns();
    EXPECT_TRUE((co_await console.emit("a.one", nullptr, "test")).ok());
    EXPECT_GE(mono_ns() - before, 30'000'000);
  });
}

TEST_F(UnixDoorTest, WithoutASinkNothingIsEmitted) {
  run([&]() -> asio::awaitable<void> {
    const auto code = [&](std::string address) -> asio::awaitable<std::string> {
      EmitClient lost(io_.get_executor(), {"console", std::move(address), std::chrono::seconds(1)});
      co_return (co_await lost.emit("a.b", nullptr, "test")).error().code;
    };
    EXPECT_EQ(co_await code("unix:" + tree_.str("nobody.sock")), "sink_unreachable");
    EXPECT_EQ(co_await code(""), "sink_unreachable");
    EXPECT_EQ(co_await code("http://127.0.0.1:1"), "sink_unreachable");
    EXPECT_EQ(co_await code("unix:/" + std::string(200, 'x')), "sink_unreachable");
  });
}

TEST_F(UnixDoorTest, AClientFindsASinkThatCameBack) {
  run([&]() -> asio::awaitable<void> {
    EmitClient console = client();
    EXPECT_TRUE((co_await console.emit("a.one", nullptr, "test")).ok());
    door_->close();
    EXPECT_EQ((co_await console.emit("a.two", nullptr, "test")).error().code, "sink_unreachable");
    door_ = UnixDoor::open(io_.get_executor(), path_, sink_, recorder_).value_or_throw();
    EXPECT_TRUE((co_await console.emit("a.two", nullptr, "test")).ok());
    EXPECT_TRUE(sink_.continuity().empty());
  });
}

TEST_F(UnixDoorTest, EveryPrefixOfALineAtTheEndIsTruncatedAndNeverAnEvent) {
  run([&]() -> asio::awaitable<void> {
    for (std::size_t length = 1; length + 1 < kLine.size(); length += 7) {
      Socket socket = co_await connected();
      co_await asio::async_write(socket, asio::buffer(kLine, length), use_awaitable);
      socket.close();
    }
    const std::size_t expected = (kLine.size() - 3) / 7 + 1;
    co_await until("truncated", expected);
    EXPECT_EQ(recorder_.of("truncated").size(), expected);
    EXPECT_EQ(recorder_.of("truncated")[0].data["bytes"], 1);
    EXPECT_EQ(sink_.size(), 0U);
  });
}

TEST_F(UnixDoorTest, LinesArriveWhateverTheCuts) {
  run([&]() -> asio::awaitable<void> {
    Socket socket = co_await connected();
    std::string second = kLine;
    second.replace(second.find("\"src_seq\":1"), 11, "\"src_seq\":2");
    for (const char byte : kLine)
      co_await asio::async_write(socket, asio::buffer(&byte, 1), use_awaitable);
    EXPECT_EQ(co_await answer(socket), '+');
    std::string third = second;
    third.replace(third.find("\"src_seq\":2"), 11, "\"src_seq\":3");
    co_await asio::async_write(socket, asio::buffer(second + "{]\n" + third), use_awaitable);
    EXPECT_EQ(co_await answer(socket), '+');
    EXPECT_EQ(co_await answer(socket), '-');
    EXPECT_EQ(co_await answer(socket), '+');
    EXPECT_EQ(sink_.size(), 3U);
    EXPECT_EQ(recorder_.of("refused")[0].data["code"], "json_syntax");
  });
}

TEST_F(UnixDoorTest, AnEventWithAWrongFieldIsRefusedByName) {
  run([&]() -> asio::awaitable<void> {
    Socket socket = co_await connected();
    std::string wrong = kLine;
    wrong.replace(wrong.find("\"a.b\""), 5, "\"a b\"");
    co_await asio::async_write(socket, asio::buffer(wrong), use_awaitable);
    EXPECT_EQ(co_await answer(socket), '-');
    EXPECT_THAT(recorder_.of("refused")[0].data["reason"].get<std::string>(),
                ::testing::StartsWith("/event: expected a dotted event name"));
  });
}

TEST_F(UnixDoorTest, ALineBeyondTheLimitIsRefusedAndItsProducerLetGo) {
  run([&]() -> asio::awaitable<void> {
    Socket socket = co_await connected();
    const std::string huge(UnixDoor::kLineLimit + 20'000, 'x');
    boost::system::error_code ec;
    co_await asio::async_write(socket, asio::buffer(huge), asio::redirect_error(use_awaitable, ec));
    EXPECT_EQ(co_await answer(socket), '-');
    EXPECT_EQ(recorder_.of("refused")[0].data["code"], "line_limit");
    EXPECT_LE(recorder_.of("refused")[0].data["line"].get<std::string>().size(), 210U);
  });
}

TEST_F(UnixDoorTest, AProducersDeathIsEvidence) {
  run([&]() -> asio::awaitable<void> {
    {
      EmitClient console = client();
      EXPECT_TRUE((co_await console.emit("a.one", nullptr, "test")).ok());
    }
    co_await until("source_closed");
    const Observation closed = recorder_.of("source_closed")[0];
    EXPECT_EQ(closed.subject, "console");
    EXPECT_EQ(closed.data["last_src_seq"], 1);
    EXPECT_EQ(closed.data["pid"], ::getpid());
    EXPECT_EQ(door_->connections(), 0U);
  });
}

TEST_F(UnixDoorTest, TheSocketIsPrivateAndGoneAfterwards) {
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(UnixDoor::open(io_.get_executor(), path_, sink_, recorder_).error().code, "door_bind");
  EXPECT_EQ(::stat(path_.c_str(), &status), 0) << "what is not ours is left alone";
  door_.reset();
  EXPECT_NE(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(UnixDoor::open(io_.get_executor(), tree_.str(std::string(120, 'x')), sink_, recorder_)
                .error()
                .code,
            "door_bind");
}

}  // namespace
}  // namespace muster::sinks
