#include "net/client.hpp"

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <deque>

#include "base/text.hpp"
#include "net/event_stream.hpp"
#include "net/listener.hpp"
#include "net/test_bench.hpp"

namespace muster::net::testing {
namespace {

namespace asio = boost::asio;
using ::testing::HasSubstr;

/// A server that answers each connection with bytes of the test's choice, when it has read a
/// request head.
class Canned {
 public:
  explicit Canned(std::vector<std::string> answers, bool keep_open = false)
      : listener_(Listener::open(Address::tcp("127.0.0.1", 0)).value_or_throw()),
        keep_open_(keep_open),
        thread_([this, answers = std::move(answers)] { serve(answers); }) {}
  ~Canned() {
    done_.set();
    thread_.join();
  }

  const Address& address() const { return listener_.address(); }
  /// What the clients sent, after the thread is done with them all.
  std::string requests() {
    served_.wait();
    return requests_;
  }

 private:
  void serve(const std::vector<std::string>& answers) {
    std::vector<UniqueFd> open;
    for (const auto& answer : answers) {
      pollfd waiting{listener_.descriptor(), POLLIN, 0};
      if (::poll(&waiting, 1, 10'000) != 1) break;
      UniqueFd peer = listener_.accept();
      std::string request;
      while (request.find("\r\n\r\n") == request.npos) {
        pollfd readable{peer.get(), POLLIN, 0};
        if (::poll(&readable, 1, 10'000) != 1) break;
        char buffer[4096];
        const auto count = ::recv(peer.get(), buffer, sizeof buffer, 0);
        if (count <= 0) break;
        request.append(buffer, static_cast<std::size_t>(count));
      }
      requests_ += request;
      [[maybe_unused]] const auto sent =
          ::send(peer.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
      if (keep_open_) open.push_back(std::move(peer));
    }
    served_.set();
    done_.wait();
  }

  Listener listener_;
  bool keep_open_;
  std::string requests_;
  Event served_, done_;
  std::thread thread_;
};

class ClientTest : public ::testing::Test {
 protected:
  Result<Response> ask(const Address& address, Request request = {},
                       milliseconds timeout = patience) {
    return io.await(send(address, std::move(request), timeout));
  }
  std::string code(const std::string& answer, milliseconds timeout = patience,
                   bool keep_open = false) {
    Canned server({answer}, keep_open);
    const auto result = ask(server.address(), {}, timeout);
    if (result) return "";
    EXPECT_THAT(result.error().message, HasSubstr(to_string(server.address())));
    return result.error().code;
  }
  std::string body(const std::string& answer) {
    Canned server({answer});
    auto result = ask(server.address());
    return result ? result->body : result.error().code;
  }

  IoThread io;
  TempTree directory;
};

TEST_F(ClientTest, SendsTheRequestAsGiven) {
  Canned server({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b\r\n\r\nhi"});
  Request request;
  request.method = "POST";
  request.target = "/runs?x=%2F";
  request.headers.add("Authorization", "Bearer m1.a.b.c.d");
  request.body = "{}";
  const auto response = ask(server.address(), request);
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "hi");
  EXPECT_EQ(response->headers.get("x-a"), "b");
  EXPECT_EQ(server.requests(),
            "POST /runs?x=%2F HTTP/1.1\r\nAuthorization: Bearer m1.a.b.c.d\r\nHost: " +
                host_header(server.address()) +
                "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
}

TEST_F(ClientTest, ReadsEveryFraming) {
  EXPECT_EQ(body("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"), "abc");
  EXPECT_EQ(body("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef"), "abc");
  EXPECT_EQ(body("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
            "abc");
  EXPECT_EQ(body("HTTP/1.1 200 OK\r\n\r\nuntil the end"), "until the end");
  EXPECT_EQ(body("HTTP/1.0 200 OK\r\n\r\nold"), "old");
  EXPECT_EQ(body("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"),
            "x");
  EXPECT_EQ(body("HTTP/1.1 204 No Content\r\n\r\nnot a body"), "");
}

TEST_F(ClientTest, NamesEachFailureByItsCause) {
  EXPECT_EQ(code(""), "closed");
  EXPECT_EQ(code("HTTP/1.1 200 OK\r\nContent-Le"), "closed");
  EXPECT_EQ(code("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"), "closed");
  EXPECT_EQ(code("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"), "closed");
  EXPECT_EQ(code("SSH-2.0-OpenSSH_9.2\r\n\r\n"), "malformed");
  EXPECT_EQ(code("HTTP/1.1 200 OK\nContent-Length: 1\n\nx"), "malformed");
  EXPECT_EQ(code("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"), "malformed");
  EXPECT_EQ(code("HTTP/1.1 101 Switching\r\n\r\n"), "malformed");
  EXPECT_EQ(code("", milliseconds(50), true), "timeout");
  EXPECT_EQ(code("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", milliseconds(50), true),
            "timeout");
}

TEST_F(ClientTest, NamesWhyItCannotConnect) {
  const auto missing = ask(Address::unix_path(directory.str("none.sock")));
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, "connect_missing");
  EXPECT_THAT(missing.error().message, HasSubstr("none.sock"));
  Address free_port;
  free_port = Listener::open(Address::tcp("127.0.0.1", 0)).value_or_throw().address();
  EXPECT_EQ(ask(free_port).error().code, "connect_refused");
  const auto dead = directory.str("dead.sock");
  {
    const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto end = literal_endpoint(Address::unix_path(dead)).value_or_throw();
    ASSERT_EQ(::bind(fd.get(), end.get(), end.size), 0);
  }
  EXPECT_EQ(ask(Address::unix_path(dead)).error().code, "connect_refused");
  EXPECT_EQ(ask(Address::unix_path("/" + std::string(200, 'x'))).error().code, "address_too_long");
}

TEST_F(ClientTest, RefusesToSendTwoRequestsInOne) {
  Request request;
  request.target = "/ HTTP/1.1\r\nHost: h\r\n\r\nGET /";
  EXPECT_EQ(ask(Address::tcp("127.0.0.1", 1), request).error().code, "malformed");
  request.target = "/";
  request.method = "GET /x";
  EXPECT_EQ(ask(Address::tcp("127.0.0.1", 1), request).error().code, "malformed");
}

TEST_F(ClientTest, ReadsTheAnswerToABodyThatIsRefused) {
  LiveServer server(io, [](const Request&) -> asio::awaitable<Response> { co_return Response{}; });
  Request request;
  request.method = "POST";
  request.body = std::string(12'000'000, 'x');
  const auto response = ask(server.address(), request);
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response->status, 413);
}

TEST_F(ClientTest, BoundsTheResponse) {
  LiveServer server(io, [](const Request&) -> asio::awaitable<Response> {
    Response response;
    response.body = std::string(5000, 'x');
    co_return response;
  });
  EXPECT_EQ(io.await(send(server.address(), Request{}, patience, 4999)).error().code, "too_large");
  EXPECT_TRUE(io.await(send(server.address(), Request{}, patience, 5000)).ok());
}

TEST_F(ClientTest, CancellingEndsTheCall) {
  Canned server({""}, true);
  asio::cancellation_signal signal;
  Event ended;
  std::string outcome;
  io.on([&] {
    asio::co_spawn(
        io.executor(),
        [&]() -> asio::awaitable<void> {
          const auto result = co_await send(server.address(), Request(), patience);
          outcome = result ? "answered" : result.error().code;
        },
        asio::bind_cancellation_slot(signal.slot(), [&](const std::exception_ptr& thrown) {
          if (thrown) outcome = "thrown";
          ended.set();
        }));
  });
  EXPECT_THAT(server.requests(), HasSubstr("GET /"));
  io.on([&] { signal.emit(asio::cancellation_type::terminal); });
  ASSERT_TRUE(ended.wait(milliseconds(1000)));
  EXPECT_THAT(outcome, ::testing::AnyOf("cancelled", "thrown"));
}

TEST_F(ClientTest, StreamsUntilACallbackHasEnough) {
  Canned server({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"}, true);
  int status = 0;
  std::string got;
  const OnHead on_head = [&](const Response& head) -> asio::awaitable<bool> {
    status = head.status;
    co_return true;
  };
  const OnData on_data = [&](std::string_view bytes) -> asio::awaitable<bool> {
    got += bytes;
    co_return got.size() < 3;
  };
  const auto result = io.await(send_streaming(server.address(), Request{}, on_head, on_data));
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(status, 200);
  EXPECT_EQ(got, "abc");
}

const std::string stream_head =
    "HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream; charset=utf-8\r\n\r\n";

TEST_F(ClientTest, AnEventStreamResumesAfterACut) {
  const std::string frames[] = {sse_frame("1", "a"), sse_frame("2", "b"), sse_frame("3", "c")};
  const std::string chunked_head =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 100\r\n\r\n";
  Canned server({chunked_head + frames[0] + frames[1] + "id: 3\nda",
                 stream_head + sse_comment("beat") + "retry: 70\n" + frames[2],
                 "HTTP/1.1 204 No Content\r\n\r\n"});
  EventStream stream(server.address(), Request{}, {},
                     [](Request& request) { request.headers.set("Authorization", "Bearer x"); });
  ASSERT_TRUE(io.await(stream.open()).ok());
  EXPECT_EQ(io.await(stream.next()).value_or_throw()->data, "a");
  EXPECT_EQ(stream.last_event_id(), "1");
  EXPECT_EQ(io.await(stream.next()).value_or_throw()->data, "b");
  EXPECT_EQ(io.await(stream.next()).error().code, "closed");
  ASSERT_TRUE(io.await(stream.open()).ok());
  EXPECT_EQ(io.await(stream.next()).value_or_throw()->data, "c");
  EXPECT_EQ(stream.retry_ms(), 70U);
  EXPECT_EQ(io.await(stream.next()).value_or_throw(), std::nullopt);
  EXPECT_EQ(io.await(stream.open()).error().code, "sse_ended");
  const auto requests = server.requests();
  EXPECT_THAT(requests, HasSubstr("Accept: text/event-stream\r\n"));
  EXPECT_THAT(requests, HasSubstr("Authorization: Bearer x\r\n"));
  EXPECT_LT(requests.find("Last-Event-ID: 2\r\n"), requests.find("Last-Event-ID: 3\r\n"));
  EXPECT_NE(requests.find("Last-Event-ID: 3\r\n"), requests.npos);
}

TEST_F(ClientTest, AnEventStreamRefusesWhatIsNone) {
  const auto open = [&](const std::string& answer) {
    Canned server({answer});
    EventStream stream(server.address(), Request{});
    const auto opened = io.await(stream.open());
    return opened ? std::string() : opened.error().code;
  };
  EXPECT_EQ(open(stream_head), "");
  EXPECT_EQ(open("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}"),
            "sse_content_type");
  EXPECT_EQ(open("HTTP/1.1 200 OK\r\n\r\n"), "sse_content_type");
  EXPECT_EQ(open("HTTP/1.1 401 No\r\nContent-Type: text/event-stream\r\n\r\n"), "sse_status");
}

}  // namespace
}  // namespace muster::net::testing
