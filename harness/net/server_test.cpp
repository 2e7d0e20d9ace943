#include "net/server.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fstream>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "net/client.hpp"
#include "net/listener.hpp"
#include "net/test_bench.hpp"
#include "testing/fastest.hpp"

namespace muster::net::testing {
namespace {

namespace asio = boost::asio;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Answers what it got: method, target, path and body, one per line.
asio::awaitable<Response> echo(const Request& request) {
  Response response;
  response.headers.add("Content-Type", "text/plain");
  response.body =
      request.method + "\n" + request.target + "\n" + request.path + "\n" + request.body;
  co_return response;
}

std::string ask(const Address& address, std::string_view bytes) {
  RawPeer peer(address);
  peer.send(bytes);
  return peer.read_to_end();
}

std::string get(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

class ServerTest : public ::testing::Test {
 protected:
  IoThread io;
};

TEST_F(ServerTest, AnswersAndCloses) {
  LiveServer server(io, echo);
  const auto answer = ask(server.address(), get("/a%20b?c"));
  EXPECT_THAT(
      answer,
      StartsWith("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 18\r\nDate: "));
  EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n\r\nGET\n/a%20b?c\n/a b\n"));
}

TEST_F(ServerTest, EveryRefusalHasItsStatus) {
  LiveServer server(io, echo);
  const std::string post = "POST / HTTP/1.1\r\nHost: h\r\n";
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  std::string many = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 100; ++i) many += "a: b\r\n";
  const std::string cap(1024 * 1024, 'x');
  const struct {
    const char* name;
    int status;
    std::string bytes;
  } table[] = {
      {"plain", 200, get("/")},
      {"head of exactly 16 KiB", 200,
       "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(16 * 1024 - 32, 'x') + "\r\n\r\n"},
      {"head of 16 KiB and a byte", 431,
       "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(16 * 1024 - 31, 'x') + "\r\n\r\n"},
      {"endless head line", 431, "GET /" + std::string(200 * 1024, 'x')},
      {"101 fields", 431, many + "\r\n"},
      {"body of the cap", 200, post + "Content-Length: 1048576\r\n\r\n" + cap},
      {"body above the cap, announced", 413, post + "Content-Length: 1048577\r\n\r\n"},
      {"body above the cap, sent", 413, post + "Content-Length: 1048577\r\n\r\n" + cap + "x"},
      {"chunked body of the cap", 200, chunked + "100000\r\n" + cap + "\r\n0\r\n\r\n"},
      {"chunked body above the cap", 413,
       chunked + "80000\r\n" + cap.substr(0, 0x80000) + "\r\n80001\r\n" + cap.substr(0, 0x80001)},
      {"one huge chunk", 413, chunked + "fffffffffffffff\r\n"},
      {"chunk size too long", 400, chunked + "11111111111111111\r\n"},
      {"chunk ended by LF", 400, chunked + "1\na\r\n0\r\n\r\n"},
      {"chunk longer than said", 400, chunked + "1\r\nab\r\n0\r\n\r\n"},
      {"gzip body", 415, post + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"},
      {"identity body", 415, post + "Content-Encoding: identity\r\nContent-Length: 1\r\n\r\nx"},
      {"TE: gzip, chunked", 400, post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
      {"TE: gzip", 400, post + "Transfer-Encoding: gzip\r\n\r\n"},
      {"TE: identity", 400, post + "Transfer-Encoding: identity\r\n\r\n"},
      {"TE: xchunked", 400, post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"},
      {"TE twice", 400,
       post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"TE: Chunked", 200, post + "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n"},
      {"CL and TE", 400, post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"TE and CL", 400, post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"},
      {"CL twice, equal", 400, post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx"},
      {"CL twice, unequal", 400, post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"},
      {"CL list", 400, post + "Content-Length: 3, 3\r\n\r\nxxx"},
      {"CL with sign", 400, post + "Content-Length: +1\r\n\r\nx"},
      {"CL in hex", 400, post + "Content-Length: 0x1\r\n\r\nx"},
      {"CL empty", 400, post + "Content-Length:\r\n\r\n"},
      {"CL huge", 400, post + "Content-Length: 99999999999999999999\r\n\r\n"},
      {"bare LF", 400, "GET / HTTP/1.1\nHost: h\n\n"},
      {"bare LF in fields", 400, "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n"},
      {"bare CR", 400, "GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n"},
      {"obs-fold", 400, "GET / HTTP/1.1\r\nHost: h\r\nX: y\r\n z\r\n\r\n"},
      {"NUL in head", 400, std::string("GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n", 35)},
      {"control character in value", 400, "GET / HTTP/1.1\r\nHost: h\r\nX: a\x0b\r\n\r\n"},
      {"blank before colon", 400, "GET / HTTP/1.1\r\nHost : h\r\n\r\n"},
      {"blank in name", 400, "GET / HTTP/1.1\r\nHost: h\r\nX y: z\r\n\r\n"},
      {"empty name", 400, "GET / HTTP/1.1\r\nHost: h\r\n: z\r\n\r\n"},
      {"no colon", 400, "GET / HTTP/1.1\r\nHost: h\r\nX\r\n\r\n"},
      {"no Host", 400, "GET / HTTP/1.1\r\n\r\n"},
      {"two Hosts", 400, "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n"},
      {"Host list", 400, "GET / HTTP/1.1\r\nHost: h, i\r\n\r\n"},
      {"%0d%0a in target", 400, get("/%0d%0aX:%20y")},
      {"%00 in target", 400, get("/a%00b")},
      {"%00 in query", 400, get("/?a=%00")},
      {"malformed percent", 400, get("/%4")},
      {"dot dot", 400, get("/a/../b")},
      {"encoded dot dot", 400, get("/%2e%2E/b")},
      {"encoded slash", 400, get("/..%2fb")},
      {"byte above 127 in target", 400, get("/\xC3\xA4")},
      {"absolute target", 400, get("http://h/")},
      {"relative target", 400, get("a")},
      {"asterisk without OPTIONS", 400, get("*")},
      {"OPTIONS *", 200, "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"blank in target", 400, get("/a b")},
      {"two blanks", 400, "GET  / HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"no target", 400, "GET HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"no version", 400, "GET /\r\nHost: h\r\n\r\n"},
      {"HTTP/1.0", 400, "GET / HTTP/1.0\r\nHost: h\r\n\r\n"},
      {"HTTP/1.2", 400, "GET / HTTP/1.2\r\nHost: h\r\n\r\n"},
      {"http/1.1", 400, "GET / http/1.1\r\nHost: h\r\n\r\n"},
      {"bad method", 400, "G(T / HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"unknown method", 200, "FROB / HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"leading empty line", 400, "\r\n" + get("/")},
      {"HTTP/2 preface", 400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
      {"TLS hello", 400, std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)},
      {"unknown expectation", 417, post + "Expect: tea\r\nContent-Length: 1\r\n\r\nx"},
  };
  for (const auto& row : table) {
    const auto answer = ask(server.address(), row.bytes);
    EXPECT_EQ(status_of(answer), row.status) << row.name << "\n" << shorten(answer, 300);
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n")) << row.name;
    if (row.status == 200) continue;
    const auto body = parse_json(body_of(answer));
    ASSERT_TRUE(body.ok()) << row.name;
    EXPECT_TRUE(body->at("error").at("code").is_string()) << row.name;
    EXPECT_FALSE(string_at(body->at("error"), "message").empty()) << row.name;
    EXPECT_TRUE(body->at("error").at("retryable").is_boolean()) << row.name;
  }
  EXPECT_EQ(server.open_requests(), 0U);
}

TEST_F(ServerTest, AGoodRequestMayBeCutAtEveryByte) {
  LiveServer server(io, echo);
  const std::string plain = "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
  const std::string chunked =
      "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
      "chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";
  for (const auto& bytes : {plain, chunked}) {
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
      RawPeer peer(server.address());
      peer.send(bytes.substr(0, cut));
      // The first half has been read when the server waits for more with it in hand; a round trip
      // of another peer shows that it had its turn.
      ask(server.address(), get("/"));
      peer.send(bytes.substr(cut));
      EXPECT_EQ(body_of(peer.read_to_end()), "POST\n/x\n/x\nhello") << cut;
    }
  }
}

TEST_F(ServerTest, SlowHeadsAndBodiesAreTimedOut) {
  ServerLimits limits;
  limits.head = milliseconds(60);
  limits.body = milliseconds(60);
  LiveServer server(io, echo, limits);
  for (const std::string& start :
       {std::string(), std::string("GET / HT"),
        std::string("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhel"),
        std::string("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe")}) {
    EXPECT_EQ(status_of(ask(server.address(), start)), 408) << start;
  }
}

TEST_F(ServerTest, AnswersAnExpectationBeforeTheBody) {
  LiveServer server(io, echo);
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: ";
  RawPeer peer(server.address());
  peer.send(head + "5\r\n\r\n");
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(peer.read_until([&](std::string_view all) { return all.size() >= interim.size(); }),
            interim);
  peer.send("hello");
  EXPECT_THAT(peer.read_to_end(), HasSubstr("POST\n/\n/\nhello"));
  EXPECT_EQ(status_of(ask(server.address(), head + "2000000\r\n\r\n")), 413);
}

TEST_F(ServerTest, HeadHasTheLengthAndNoBody) {
  LiveServer server(io, echo);
  const auto answer = ask(server.address(), "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 9\r\n"));
  EXPECT_EQ(body_of(answer), "");
}

TEST_F(ServerTest, A204HasNeitherBodyNorLength) {
  LiveServer server(io, [](const Request&) -> asio::awaitable<Response> {
    Response response;
    response.status = 204;
    response.body = "unseen";
    co_return response;
  });
  const auto answer = ask(server.address(), get("/"));
  EXPECT_EQ(status_of(answer), 204);
  EXPECT_EQ(body_of(answer), "");
  EXPECT_EQ(answer.find("Content-Length"), std::string::npos);
}

TEST_F(ServerTest, AThrowingHandlerIsA500WithoutSecrets) {
  LiveServer server(io, [](const Request&) -> asio::awaitable<Response> {
    throw std::runtime_error("token=abcdef broke");
    co_return Response{};
  });
  const auto answer = ask(server.address(), get("/"));
  EXPECT_EQ(status_of(answer), 500);
  EXPECT_THAT(answer, HasSubstr("internal_error"));
  EXPECT_EQ(answer.find("abcdef"), std::string::npos);
}

TEST_F(ServerTest, NoneResetsTheConnection) {
  LiveServer server(
      io, [](const Request&) -> asio::awaitable<Response> { co_return Response::none(); });
  RawPeer peer(server.address());
  peer.send(get("/"));
  EXPECT_EQ(peer.read_to_end(), "");
  EXPECT_TRUE(peer.was_reset());
}

/// A handler that waits for ever and tells when it began and how it ended.
struct Waiting {
  Event began, cancelled;

  Handler handler() {
    return [this](const Request&) -> asio::awaitable<Response> {
      asio::steady_timer timer(co_await asio::this_coro::executor,
                               std::chrono::steady_clock::time_point::max());
      began.set();
      try {
        co_await timer.async_wait(asio::use_awaitable);
      } catch (const boost::system::system_error&) {
        cancelled.set();
        throw;
      }
      co_return Response{};
    };
  }
};

TEST_F(ServerTest, AClientThatLeavesCancelsItsHandler) {
  TempTree directory;
  for (const auto& where : {Address::tcp("127.0.0.1", 0), Address::unix_path(directory.str("s"))}) {
    const auto measure = [&] {
      Waiting waiting;
      LiveServer server(io, waiting.handler(), {}, where);
      RawPeer peer(server.address());
      peer.send(get("/"));
      EXPECT_TRUE(waiting.began.wait());
      EXPECT_EQ(server.open_requests(), 1U);
      const auto begin = std::chrono::steady_clock::now();
      peer.close();
      EXPECT_TRUE(waiting.cancelled.wait());
      return std::chrono::steady_clock::now() - begin;
    };
    EXPECT_LT(muster::testing::fastest(milliseconds(100), measure), milliseconds(100));
  }
}

TEST_F(ServerTest, AClientThatOnlyStopsSendingReadsThat) {
  Waiting waiting;
  LiveServer server(io, waiting.handler());
  RawPeer peer(server.address());
  peer.send(get("/"));
  ASSERT_TRUE(waiting.began.wait());
  peer.half_close();
  const auto answer = peer.read_to_end();
  EXPECT_EQ(status_of(answer), 499);
  EXPECT_THAT(answer, HasSubstr("context_canceled"));
}

TEST_F(ServerTest, StopLetsOpenRequestsEndAndCancelsTheRest) {
  Waiting waiting;
  LiveServer server(io, waiting.handler());
  RawPeer busy(server.address());
  RawPeer idle(server.address());
  busy.send(get("/"));
  ASSERT_TRUE(waiting.began.wait());
  server.stop(milliseconds(20));
  EXPECT_EQ(status_of(busy.read_to_end()), 499);
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_EQ(server.connections(), 0U);
  const auto late = io.await(send(server.address(), Request{}, patience));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, "connect_refused");
}

TEST_F(ServerTest, StreamsPieceByPiece) {
  Event go_on;
  std::promise<bool> written;
  LiveServer server(io, [&](const Request&) -> asio::awaitable<Response> {
    Response response;
    response.stream = [&](BodyWriter& writer) -> asio::awaitable<void> {
      co_await writer.write("first");
      co_await writer.write("");
      while (!go_on.wait(milliseconds(0))) {
        asio::steady_timer timer(co_await asio::this_coro::executor, milliseconds(1));
        co_await timer.async_wait(asio::use_awaitable);
      }
      written.set_value(co_await writer.write("second"));
    };
    co_return response;
  });
  RawPeer peer(server.address());
  peer.send(get("/"));
  const auto first =
      peer.read_until([](std::string_view all) { return all.find("first") != all.npos; });
  EXPECT_THAT(first, HasSubstr("Transfer-Encoding: chunked"));
  go_on.set();
  EXPECT_EQ(body_of(peer.read_to_end()), "5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n");
  EXPECT_TRUE(written.get_future().get());
}

TEST_F(ServerTest, AStreamIsCancelledWhenItsClientLeaves) {
  Event cancelled;
  LiveServer server(io, [&](const Request&) -> asio::awaitable<Response> {
    Response response;
    response.stream = [&](BodyWriter& writer) -> asio::awaitable<void> {
      co_await writer.write("x");
      asio::steady_timer timer(co_await asio::this_coro::executor,
                               std::chrono::steady_clock::time_point::max());
      try {
        co_await timer.async_wait(asio::use_awaitable);
      } catch (const boost::system::system_error&) {
        cancelled.set();
        throw;
      }
    };
    co_return response;
  });
  RawPeer peer(server.address());
  peer.send(get("/"));
  peer.read_until([](std::string_view all) { return all.find("1\r\nx") != all.npos; });
  peer.close();
  EXPECT_TRUE(cancelled.wait());
}

TEST_F(ServerTest, AStreamThatThrowsIsVisiblyTruncated) {
  LiveServer server(io, [&](const Request&) -> asio::awaitable<Response> {
    Response response;
    response.stream = [](BodyWriter& writer) -> asio::awaitable<void> {
      co_await writer.write("part");
      throw std::runtime_error("broken");
    };
    co_return response;
  });
  EXPECT_EQ(body_of(ask(server.address(), get("/"))), "4\r\npart\r\n");
  const auto result = io.await(send(server.address(), Request{}, patience));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, "closed");
}

TEST_F(ServerTest, ARefusedBodyIsStillAnsweredWhileItComes) {
  LiveServer server(io, echo);
  RawPeer peer(server.address());
  peer.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8000000\r\n\r\n");
  for (int i = 0; i < 80; ++i) peer.send(std::string(100'000, 'x'));
  EXPECT_EQ(status_of(peer.read_to_end()), 413);
}

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(::getpagesize());
}

TEST_F(ServerTest, DrippingPeersNeitherBlockNorCostMemory) {
  LiveServer server(io, echo);
  constexpr std::size_t peers = 64;
  const auto before = resident_bytes();
  std::vector<std::unique_ptr<RawPeer>> slow;
  for (std::size_t i = 0; i < peers; ++i) {
    slow.push_back(std::make_unique<RawPeer>(server.address()));
    if (i % 2 == 0) {
      slow.back()->send("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(15'000, 'x'));
    } else {
      slow.back()->send(
          "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n14000\r\n" +
          std::string(0x14000 - 1, 'x'));
    }
  }
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(status_of(ask(server.address(), get("/"))), 200);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LE(resident_bytes() - before, peers * 64 * 1024 + 1024 * 1024);
#endif
  EXPECT_GE(before, 1U);
  for (auto& peer : slow) peer->send("x");
}

TEST_F(ServerTest, LargeBodiesThatNeverEndTakeOneRoomOneAfterAnother) {
  ServerLimits limits;
  limits.body = std::chrono::milliseconds(2'500);
  LiveServer server(io, echo, limits);
  constexpr std::size_t peers = 64;
  ask(server.address(), get("/"));
  const auto before = resident_bytes();
  std::vector<std::unique_ptr<RawPeer>> slow;
  for (std::size_t i = 0; i < peers; ++i) {
    slow.push_back(std::make_unique<RawPeer>(server.address()));
    slow.back()->send(i % 2 == 0
                          ? "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1048576\r\n\r\n"
                          : "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "100000\r\n");
    slow.back()->send(std::string(100'000, 'x'));
  }
  std::set<int> answers;
  for (auto& peer : slow) answers.insert(status_of(peer->read_to_end()));
  EXPECT_EQ(answers, (std::set<int>{408, 503})) << "some had their turn, the others had none";
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LE(resident_bytes() - std::min(before, resident_bytes()),
            peers * 64 * 1024 + limits.body_bytes);
#endif
}

TEST_F(ServerTest, LargeBodiesTakeTurns) {
  LiveServer server(io, echo);
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n";
  RawPeer stalled(server.address());
  stalled.send(head + std::string(500'000, 'x'));
  ask(server.address(), get("/"));
  const auto answer = ask(server.address(), head + std::string(1'000'000, 'y'));
  EXPECT_EQ(status_of(answer), 200) << "the stalled one had to give way";
  EXPECT_EQ(status_of(stalled.read_to_end()), 408);
}

TEST_F(ServerTest, TheConnectionAfterTheLastGets503) {
  ServerLimits limits;
  limits.connections = 4;
  LiveServer server(io, echo, limits);
  std::vector<std::unique_ptr<RawPeer>> idle;
  for (int i = 0; i < 4; ++i) idle.push_back(std::make_unique<RawPeer>(server.address()));
  EXPECT_EQ(status_of(ask(server.address(), get("/"))), 503);
  idle[0]->send(get("/"));
  EXPECT_EQ(status_of(idle[0]->read_to_end()), 200);
}

TEST_F(ServerTest, WithoutDescriptorsAConnectionWaitsForItsTurn) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "UBSan's vptr check opens a pipe, and takes its failure for a bad object";
#endif
  LiveServer server(io, echo);
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const int next = ::dup(STDERR_FILENO);
  ::close(next);
  const rlimit narrow{static_cast<rlim_t>(next) + 1, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &narrow);
  RawPeer peer(server.address());  // takes the last descriptor
  peer.send(get("/"));
  io.on([] {});
  EXPECT_EQ(server.connections(), 0U);
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(status_of(peer.read_to_end()), 200);
}

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST_F(ServerTest, NoDescriptorIsLeftBehind) {
  { const LiveServer warm_up(io, echo); }  // the io_context opens its own at first use
  const auto before = open_descriptors();
  Waiting waiting;
  {
    LiveServer server(io, waiting.handler());
    RawPeer idle(server.address());
    RawPeer cut(server.address());
    cut.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 50000\r\n\r\nhalf");
    RawPeer busy(server.address());
    busy.send(get("/"));
    ASSERT_TRUE(waiting.began.wait());
    EXPECT_GT(open_descriptors(), before + 6);
  }
  ASSERT_TRUE(waiting.cancelled.wait());
  for (int turns = 0; turns < 1000 && open_descriptors() != before; ++turns) io.on([] {});
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(ServerTest, AUnixSocketIsPrivateAndGoneAtTheEnd) {
  TempTree directory;
  const auto path = directory.str("server.sock");
  struct stat info {};
  {
    LiveServer server(io, echo, {}, Address::unix_path(path));
    ASSERT_EQ(::lstat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777U, 0600U);
    EXPECT_EQ(status_of(ask(server.address(), "GET / HTTP/1.1\r\nHost: /any/path\r\n\r\n")), 200);
    const auto second = Listener::open(Address::unix_path(path));
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, "listen_in_use");
  }
  EXPECT_NE(::lstat(path.c_str(), &info), 0);
}

TEST_F(ServerTest, AStaleSocketFileIsReplacedAndNothingElseIs) {
  TempTree directory;
  const auto path = directory.str("server.sock");
  {
    const UniqueFd dead(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto end = literal_endpoint(Address::unix_path(path)).value_or_throw();
    ASSERT_EQ(::bind(dead.get(), end.get(), end.size), 0);
  }
  { LiveServer server(io, echo, {}, Address::unix_path(path)); }
  std::ofstream(path) << "precious";
  const auto refused = Listener::open(Address::unix_path(path));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "listen_in_use");
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_EQ(Listener::open(Address::unix_path("/" + std::string(120, 'x'))).error().code,
            "address_too_long");
}

TEST_F(ServerTest, AForeignSocketFileInItsPlaceIsLeftAlone) {
  TempTree directory;
  const auto path = directory.str("server.sock");
  {
    LiveServer server(io, echo, {}, Address::unix_path(path));
    std::filesystem::remove(path);
    std::ofstream(path) << "not ours";
  }
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(ServerTest, DescriptorsAreClosedOnExecAndPortsAreNotShared) {
  auto listener = Listener::open(Address::tcp("127.0.0.1", 0)).value_or_throw();
  EXPECT_TRUE(::fcntl(listener.descriptor(), F_GETFD) & FD_CLOEXEC);
  int on = 0;
  socklen_t size = sizeof on;
  ::getsockopt(listener.descriptor(), SOL_SOCKET, SO_REUSEADDR, &on, &size);
  EXPECT_EQ(on, 1);
  ::getsockopt(listener.descriptor(), SOL_SOCKET, SO_REUSEPORT, &on, &size);
  EXPECT_EQ(on, 0);
  const auto second = Listener::open(listener.address());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, "listen_in_use");
  RawPeer peer(listener.address());
  const auto accepted = listener.accept();
  ASSERT_TRUE(accepted);
  EXPECT_TRUE(::fcntl(accepted.get(), F_GETFD) & FD_CLOEXEC);
}

TEST_F(ServerTest, ListensAtADescriptorThatListensAlready) {
  auto listener = Listener::open(Address::tcp("127.0.0.1", 0)).value_or_throw();
  const int copy = ::fcntl(listener.descriptor(), F_DUPFD_CLOEXEC, 10);
  std::unique_ptr<Server> server;
  io.on([&] { server = Server::listen(io.executor(), {Address{}, copy}, echo).value_or_throw(); });
  EXPECT_EQ(server->address(), listener.address());
  EXPECT_EQ(status_of(ask(server->address(), get("/"))), 200);
  io.on([&] { server.reset(); });
  EXPECT_EQ(Listener::adopt(STDIN_FILENO).error().code, "listen_fds");
}

TEST(InheritedListener, FollowsTheProtocol) {
  struct Environment {
    ~Environment() {
      ::unsetenv("LISTEN_FDS");
      ::unsetenv("LISTEN_PID");
    }
  } const restore;
  ::unsetenv("LISTEN_FDS");
  EXPECT_EQ(inherited_listener().value_or_throw(), std::nullopt);
  ::setenv("LISTEN_FDS", "1", 1);
  ::setenv("LISTEN_PID", "1", 1);
  EXPECT_EQ(inherited_listener().value_or_throw(), std::nullopt) << "for another process";
  ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
  ::setenv("LISTEN_FDS", "2", 1);
  EXPECT_EQ(inherited_listener().error().code, "listen_fds");
  ::setenv("LISTEN_FDS", "x", 1);
  EXPECT_EQ(inherited_listener().error().code, "listen_fds");
}

}  // namespace
}  // namespace muster::net::testing
