#include "net/tap.hpp"

#include <gmock/gmock.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>

#include "base/digest.hpp"
#include "net/bearer.hpp"
#include "net/client.hpp"
#include "net/event_stream.hpp"
#include "net/listener.hpp"
#include "net/test_bench.hpp"

namespace muster::net::testing {
namespace {

namespace asio = boost::asio;
using ::testing::HasSubstr;
using ::testing::Not;

class Recorder final : public Observer {
 public:
  void observe(Observation observation) override {
    const std::lock_guard lock(mutex_);
    all_.push_back(std::move(observation));
  }
  std::vector<Observation> of(std::string_view lane) const {
    const std::lock_guard lock(mutex_);
    std::vector<Observation> out;
    for (const auto& one : all_) {
      if (one.lane == lane) out.push_back(one);
    }
    return out;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Observation> all_;
};

/// A worker behind a tap: /echo answers what it got, /stream sends four events, each when it is
/// asked for, /hang waits.
class TapTest : public ::testing::Test {
 protected:
  TapTest() : server(io, [this](const Request& request) { return serve(request); }) {
    io.on([&] {
      tap =
          Tap::listen(io.executor(),
                      {"console → ralph", Address::tcp("127.0.0.1", 0), server.address()}, recorder)
              .value_or_throw();
    });
  }
  ~TapTest() override {
    io.on([&] { tap.reset(); });
  }

  asio::awaitable<Response> serve(const Request& request) {
    calls.push_back(request);
    Response response;
    if (request.path == "/hang") {
      hanging.set();
      asio::steady_timer timer(co_await asio::this_coro::executor,
                               std::chrono::steady_clock::time_point::max());
      try {
        co_await timer.async_wait(asio::use_awaitable);
      } catch (const boost::system::system_error&) {
        abandoned.set();
        throw;
      }
    }
    if (request.path == "/stream") {
      const auto last = request.headers.get("Last-Event-ID", "0");
      response.headers.add("Content-Type", "text/event-stream");
      response.stream = [this,
                         begin = std::stoi(last)](BodyWriter& writer) -> asio::awaitable<void> {
        for (int id = begin + 1; id <= 4; ++id) {
          while (allowed < id) {
            asio::steady_timer timer(co_await asio::this_coro::executor, milliseconds(1));
            co_await timer.async_wait(asio::use_awaitable);
          }
          const auto frame = sse_comment("beat") +
                             sse_frame(std::to_string(id), R"({"n":)" + std::to_string(id) + "}");
          co_await writer.write(frame);
        }
      };
      co_return response;
    }
    response.status = request.path == "/missing" ? 404 : 200;
    response.headers.add("Set-Cookie", "rocky_session=secretcookie");
    response.body = request.method + " " + request.target + " " + request.body;
    co_return response;
  }

  Result<Response> ask(Request request, milliseconds timeout = patience) {
    return io.await(send(tap->address(), std::move(request), timeout));
  }
  Result<Response> get(const std::string& target, milliseconds timeout = patience) {
    Request request;
    request.target = target;
    return ask(std::move(request), timeout);
  }

  /// Ids and data that a client reads until the stream ends or breaks; resumes `resumes` times.
  std::vector<std::string> follow(int resumes = 0) {
    Request request;
    request.target = "/stream";
    EventStream stream(tap->address(), request);
    std::vector<std::string> out;
    for (int attempt = 0; attempt <= resumes; ++attempt) {
      const auto opened = io.await(stream.open());
      if (!opened) {
        out.push_back(opened.error().code);
        continue;
      }
      for (;;) {
        const auto event = io.await(stream.next());
        if (!event) out.push_back(event.error().code);
        if (!event || !*event) break;
        out.push_back((*event)->id + (*event)->data);
      }
    }
    return out;
  }

  /// The tap's exchange as soon as it has ended.
  TapExchange ended(std::string_view path) {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
      auto found = tap->exchanges("*", path);
      if (!found.empty() && found.back().t_end_ns != 0) return found.back();
      if (std::chrono::steady_clock::now() > end) {
        ADD_FAILURE() << "no ended exchange of " << path;
        return {};
      }
      io.on([] {});  // a turn of the io thread
    }
  }

  IoThread io;
  Recorder recorder;
  std::vector<Request> calls;
  std::atomic<int> allowed{4};
  Event hanging, abandoned;
  LiveServer server;
  std::unique_ptr<Tap> tap;
};

TEST_F(TapTest, PassesEverythingThatABearerSigns) {
  const auto keys = KeyRing::parse(R"({"keys":[{"kid":"k1","secret":")" +
                                   to_base64(std::string(32, 'k')) + "\"}]}")
                        .value_or_throw();
  Request request;
  request.method = "POST";
  request.target = "/echo/%7Ex?q=%2F&r";
  request.body = std::string("{\"a\":\0\xff}", 9);
  request.headers.add("authorization", bearer_sign(keys, BearerMode::m1, request.method,
                                                   request.target, request.body)
                                           .value_or_throw());
  request.headers.add("Cookie", "rocky_session=secretcookie");
  const auto response = ask(request);
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->body, "POST /echo/%7Ex?q=%2F&r " + request.body);
  ASSERT_EQ(calls.size(), 1U);
  Verifier verifier(keys, BearerMode::m1);
  EXPECT_EQ(verifier.verify(calls[0].headers.get("Authorization"), calls[0].method, calls[0].target,
                            calls[0].body),
            std::nullopt);
  const auto exchange = ended("/echo/%7Ex");
  EXPECT_EQ(exchange.status, 200);
  EXPECT_EQ(exchange.bearer_kid, "k1");
  EXPECT_EQ(exchange.bearer_nonce.size(), 22U);
  EXPECT_GE(exchange.t_end_ns, exchange.t_begin_ns);
  EXPECT_EQ(exchange.request_bytes, 9U);
  EXPECT_EQ(exchange.response_bytes, response->body.size());
}

TEST_F(TapTest, RecordsWithoutSecrets) {
  Request request;
  request.method = "POST";
  request.target = "/echo?token=secrettoken";
  request.body = R"({"password":"secretpassword"})";
  request.headers.add("Authorization", "Bearer secretbearer");
  request.headers.add("Cookie", "rocky_session=secretcookie");
  ASSERT_TRUE(ask(request).ok());
  ended("/echo*");
  const auto seen = recorder.of("http");
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].kind, "exchange");
  EXPECT_EQ(seen[0].subject, "console → ralph");
  const auto text = dump_json(seen[0].data);
  EXPECT_THAT(text, Not(HasSubstr("secret")));
  EXPECT_THAT(text, HasSubstr("[redacted]"));
  EXPECT_EQ(seen[0].data["status"], 200);
}

TEST_F(TapTest, CountsCallsAndActivity) {
  EXPECT_EQ(tap->last_activity_ns(), 0);
  get("/echo/a?x").value_or_throw();
  get("/echo/b").value_or_throw();
  EXPECT_EQ(get("/missing").value_or_throw().status, 404);
  EXPECT_EQ(tap->calls("GET", "/echo/*"), 2U);
  EXPECT_EQ(tap->calls("*", "*"), 3U);
  EXPECT_EQ(tap->calls("POST", "*"), 0U);
  EXPECT_EQ(ended("/missing").status, 404);
  EXPECT_GT(tap->last_activity_ns(), 0);
}

TEST_F(TapTest, LeavesRefusalsToTheProgram) {
  RawPeer peer(tap->address());
  peer.send("POST /%0d%0a HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx");
  EXPECT_EQ(status_of(peer.read_to_end()), 400);
  EXPECT_EQ(ended("/%0d%0a").error, "") << "the program's own answer";
  Request large;
  large.method = "POST";
  large.target = "/large";
  large.body = std::string(1024 * 1024 + 1, 'x');
  EXPECT_EQ(ask(large).value_or_throw().status, 413);
  RawPeer worse(tap->address());
  worse.send("GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n");
  EXPECT_EQ(status_of(worse.read_to_end()), 400);
  EXPECT_EQ(tap->exchanges().back().error, "the tap itself refused the request");
}

TEST_F(TapTest, HeadKeepsTheLength) {
  Request request;
  request.method = "HEAD";
  request.target = "/echo";
  const auto response = ask(request);
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->headers.get("Content-Length"), "11");
  EXPECT_EQ(ended("/echo").error, "");
}

TEST_F(TapTest, EventsAreNotDelayed) {
  allowed = 0;
  Request request;
  request.target = "/stream";
  EventStream stream(tap->address(), request);
  ASSERT_TRUE(io.await(stream.open()).ok()) << "the head comes before the first event";
  for (int id = 1; id <= 4; ++id) {
    EXPECT_EQ(tap->open_requests(), 1U);
    ++allowed;  // the next event exists from now on, and the one after it does not
    EXPECT_EQ(io.await(stream.next()).value_or_throw()->id, std::to_string(id));
  }
  EXPECT_EQ(io.await(stream.next()).value_or_throw(), std::nullopt);
  const auto exchange = ended("/stream");
  ASSERT_EQ(exchange.frames.size(), 4U);
  EXPECT_EQ(exchange.frames[0].id, "1");
  EXPECT_EQ(exchange.frames[0].raw, "id: 1\ndata: {\"n\":1}\n\n");
  EXPECT_EQ(exchange.frames[0].offset, 8U) << "after the heartbeat";
  EXPECT_EQ(tap->open_requests(), 0U);
  const auto seen = recorder.of("sse");
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_EQ(seen[3].data["id"], "4");
}

TEST_F(TapTest, AClientThatLeavesReachesTheProgram) {
  Request request;
  {
    RawPeer peer(tap->address());
    peer.send("GET /hang HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(hanging.wait());
    EXPECT_EQ(tap->open_requests(), 1U);
  }
  EXPECT_TRUE(abandoned.wait());
  const auto exchange = ended("/hang");
  EXPECT_EQ(exchange.status, 0);
  EXPECT_EQ(exchange.error, "the client went away");
}

TEST_F(TapTest, AnUpstreamThatIsDownLooksLikeOne) {
  io.on([&] {
    auto listener = Listener::open(Address::tcp("127.0.0.1", 0)).value_or_throw();
    tap->set_upstream(listener.address());
  });
  const auto result = get("/echo");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, "closed");
  const auto exchange = ended("/echo");
  EXPECT_EQ(exchange.status, 502);
  EXPECT_THAT(exchange.error, HasSubstr("Connection refused"));
}

TEST_F(TapTest, StandsBetweenUnixSockets) {
  TempTree directory;
  const auto inner = Address::unix_path(directory.str("inner.sock"));
  LiveServer hearth(
      io, [this](const Request& request) { return serve(request); }, {}, inner);
  std::unique_ptr<Tap> second;
  io.on([&] {
    second =
        Tap::listen(io.executor(),
                    {"console → hearth", Address::unix_path(directory.str("outer.sock")), inner},
                    recorder)
            .value_or_throw();
  });
  Request request;
  request.target = "/echo";
  EXPECT_EQ(io.await(send(second->address(), request, patience)).value_or_throw().body,
            "GET /echo ");
  second->set_upstream(Address::unix_path(directory.str("none.sock")));
  EXPECT_FALSE(io.await(send(second->address(), request, patience)).ok());
  EXPECT_THAT(second->exchanges().back().error, HasSubstr("No such file"));
  io.on([&] { second.reset(); });
}

TEST_F(TapTest, FaultsMeetWhatTheyMatch) {
  tap->inject({"GET", "/echo/*", 1, 2}, Fault::respond(503, R"({"error":{}})"));
  std::vector<int> statuses;
  for (int i = 0; i < 4; ++i) statuses.push_back(get("/echo/x?y").value_or_throw().status);
  EXPECT_EQ(statuses, (std::vector<int>{200, 503, 503, 200}));
  EXPECT_EQ(get("/other").value_or_throw().status, 200);
  EXPECT_EQ(calls.size(), 3U) << "upstream is not called";
  EXPECT_EQ(tap->exchanges("GET", "/echo/*")[1].fault, "respond");
  EXPECT_EQ(recorder.of("fault").size(), 2U);
}

TEST_F(TapTest, RefuseHangAndLoseAnswer) {
  tap->inject({"*", "/refuse"}, Fault::refuse());
  tap->inject({"*", "/wait"}, Fault::hang());
  tap->inject({"*", "/lose"}, Fault::lose_answer());
  EXPECT_EQ(get("/refuse").error().code, "closed");
  EXPECT_EQ(get("/wait", milliseconds(50)).error().code, "timeout");
  EXPECT_TRUE(calls.empty());
  EXPECT_EQ(get("/lose").error().code, "closed");
  EXPECT_EQ(calls.size(), 1U) << "the program has acted";
  EXPECT_EQ(ended("/lose").error, "the answer was lost by an injected fault");
  tap->clear_faults();
  EXPECT_TRUE(get("/refuse").ok());
}

TEST_F(TapTest, DelayAndDrip) {
  tap->inject({"*", "/echo/slow"}, Fault::delay(milliseconds(60)));
  tap->inject({"*", "/echo/drip"}, Fault::drip(5, milliseconds(20)));
  const auto timed = [&](const std::string& target) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(get(target).value_or_throw().body, "GET " + target + " ");
    return std::chrono::steady_clock::now() - begin;
  };
  EXPECT_GE(timed("/echo/slow"), milliseconds(60));
  EXPECT_GE(timed("/echo/drip"), milliseconds(60)) << "16 bytes are four pieces";
}

TEST_F(TapTest, CutsAfterEachIdAndTheResumedStreamIsWhole) {
  for (const std::string id : {"1", "2", "3", "4"}) {
    tap->clear_faults();
    tap->inject({"*", "/stream", 0, 1}, Fault::cut_after(id));
    std::vector<std::string> expected;
    for (int n = 1; n <= 4; ++n) {
      expected.push_back(std::to_string(n) + R"({"n":)" + std::to_string(n) + "}");
      if (std::to_string(n) == id) expected.emplace_back("closed");
    }
    EXPECT_EQ(follow(1), expected) << id;
  }
  EXPECT_THAT(tap->exchanges()[0].error, HasSubstr("cut after id 1"));
  EXPECT_EQ(tap->exchanges()[0].frames.size(), 1U);
}

TEST_F(TapTest, AStreamThatStallsNeitherGoesOnNorEnds) {
  tap->inject({"*", "/stream", 0, 1}, Fault::stall_after("2"));
  EXPECT_EQ(get("/stream", milliseconds(100)).error().code, "timeout");
  const auto stalled = tap->exchanges("*", "/stream").back();
  EXPECT_EQ(stalled.frames.size(), 2U);
  EXPECT_THAT(stalled.error, HasSubstr("stalled after id 2"));
  EXPECT_EQ(follow(),
            (std::vector<std::string>{"1{\"n\":1}", "2{\"n\":2}", "3{\"n\":3}", "4{\"n\":4}"}));
}

TEST_F(TapTest, AReplayedCallReachesUpstreamTwice) {
  tap->inject({"*", "/echo/twice", 0, 1}, Fault::replay());
  EXPECT_EQ(get("/echo/twice").value_or_throw().body, "GET /echo/twice ");
  EXPECT_EQ(calls.size(), 2U);
  const auto seen = tap->exchanges("*", "/echo/twice");
  ASSERT_EQ(seen.size(), 2U);
  for (const auto& exchange : seen) {
    EXPECT_EQ(exchange.status, 200);
    EXPECT_EQ(exchange.fault, "replay");
  }
}

TEST_F(TapTest, DropsDoublesAndRewritesFrames) {
  tap->inject({"*", "/stream"}, Fault::drop_frame("1"));
  tap->inject({"*", "/stream"}, Fault::duplicate_frame("2"));
  tap->inject({"*", "/stream"}, Fault::edit_frames([](const SseEvent& event, std::string_view raw) {
                return event.id == "4" ? sse_frame("4", "[]") : std::string(raw);
              }));
  EXPECT_EQ(follow(), (std::vector<std::string>{"2{\"n\":2}", "2{\"n\":2}", "3{\"n\":3}", "4[]"}));
  const auto frames = ended("/stream").frames;
  ASSERT_EQ(frames.size(), 4U) << "what the client got";
  EXPECT_EQ(frames[1].id, "2");
  EXPECT_EQ(frames[3].raw, "id: 4\ndata: []\n\n");
}

TEST_F(TapTest, RewritesBodies) {
  tap->inject({"*", "/echo"}, Fault::edit_body([](std::string_view body) {
                return "<" + std::string(body) + ">";
              }));
  const auto response = get("/echo").value_or_throw();
  EXPECT_EQ(response.body, "<GET /echo >");
  EXPECT_EQ(response.headers.get("Content-Length"), "12");
  EXPECT_EQ(ended("/echo").response_body, "<GET /echo >");
}

TEST_F(TapTest, WhatIsOpenAtTheEndIsStillEvidence) {
  RawPeer peer(tap->address());
  peer.send("GET /hang HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(hanging.wait());
  io.await(tap->stop());
  const auto seen = recorder.of("http");
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].data["error"], "still open when the tap closed");
  EXPECT_TRUE(abandoned.wait());
  EXPECT_EQ(tap->open_requests(), 0U);
}

TEST_F(TapTest, RecordsNoMoreThanItMay) {
  std::unique_ptr<Tap> small;
  io.on([&] {
    TapOptions options;
    options.name = "small";
    options.listen = Address::tcp("127.0.0.1", 0);
    options.upstream = server.address();
    options.max_exchanges = 2;
    small = Tap::listen(io.executor(), options, recorder).value_or_throw();
  });
  Request request;
  request.target = "/echo";
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(io.await(send(small->address(), request, patience)).ok());
  EXPECT_EQ(small->exchanges().size(), 2U);
  io.on([&] { small.reset(); });
}

}  // namespace
}  // namespace muster::net::testing
