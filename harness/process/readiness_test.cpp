#include "process/readiness.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "process/log_capture.hpp"
#include "process/notify_socket.hpp"
#include "process/ports.hpp"
#include "process/test_bed.hpp"
#include "testing/fastest.hpp"

namespace muster::process {
namespace {

namespace asio = boost::asio;
using namespace testing;

/// Runs `event` on the io_context a little later, and says when it did.
struct Later {
  Later(asio::io_context& io, std::function<void()> event) : timer(io, 30ms) {
    timer.async_wait([this, event = std::move(event)](boost::system::error_code) {
      event();
      happened = mono_ns();
    });
  }
  asio::steady_timer timer;
  std::int64_t happened = 0;
};

void notify(const std::string& path, const std::string& text) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::sendto(fd.get(), text.data(), text.size(), 0, reinterpret_cast<sockaddr*>(&address),
                     sizeof address),
            static_cast<ssize_t>(text.size()));
}

class Readying : public ::testing::Test {
 protected:
  Result<Readiness> until(Process& process, Ready ready, std::chrono::milliseconds within = 10s) {
    return run(bed.io, until_ready(process, std::move(ready), within));
  }
  std::shared_ptr<Process> idle(bool with_notify = false) {
    return bed.spawn(shell("idle", "exec sleep 1000"), with_notify);
  }
  Bed bed;
};

TEST_F(Readying, ByNotify) {
  std::shared_ptr<Process> process;
  const auto seen_after = [&] {
    process.reset();
    bed.recorder.seen.clear();
    process = idle(true);
    const std::string path = process->notify_socket()->path();
    EXPECT_TRUE(path.starts_with(bed.tree->str()));
    Later later(bed.io, [&] {
      notify(path, "STATUS=loading\x1b[2J");
      notify(path, "MAINPID=1\nREADY=1\n");
    });
    const auto ready = until(*process, {{ReadyNotify{}}}).value_or_throw();
    EXPECT_EQ(ready.by, "notify");
    return std::chrono::nanoseconds(ready.t_mono_ns - later.happened);
  };
  EXPECT_LT(muster::testing::fastest(20ms, seen_after), 20ms);
  EXPECT_TRUE(process->notify_socket()->status().starts_with("loading"));
  EXPECT_EQ(process->notify_socket()->status().find('\x1b'), std::string::npos);
  EXPECT_TRUE(until(*process, {{ReadyNotify{}}})) << "it stays ready";
  EXPECT_EQ(bed.recorder.kinds(), (std::vector<std::string>{"spawned", "ready", "ready"}));
}

TEST_F(Readying, NotifySocketIsInTheEnvironmentAndGoesWithTheProcess) {
  auto process = bed.spawn(shell("says", "echo $NOTIFY_SOCKET"), true);
  run(bed.io, process->wait());
  const std::string path = process->notify_socket()->path();
  EXPECT_EQ(process->log().text(), path + "\n");
  EXPECT_TRUE(std::filesystem::exists(path));
  process.reset();
  bed.group.reset();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(Readying, ByUnixSocketAlsoInAFolderThatIsNotThereYet) {
  auto process = idle();
  const auto seen_after = [&, tries = 0]() mutable {
    const std::string folder = bed.tree->str("run" + std::to_string(++tries) + "/hearth");
    const std::string path = folder + "/h.sock";
    std::optional<asio::local::stream_protocol::acceptor> acceptor;
    asio::steady_timer second(bed.io);
    Later later(bed.io, [&] { std::filesystem::create_directories(folder); });
    Later bound(bed.io, [&] {
      acceptor.emplace(bed.io);
      acceptor->open();
      acceptor->bind({path});
      // Bound is not yet ready: connections are refused until it listens.
      second.expires_after(20ms);
      second.async_wait([&](boost::system::error_code) {
        acceptor->listen();
        later.happened = mono_ns();
      });
    });
    const auto ready = until(*process, {{ReadyUnixSocket{path}}}).value_or_throw();
    EXPECT_EQ(ready.by, "unix socket " + path);
    EXPECT_GE(ready.t_mono_ns, later.happened);
    return std::chrono::nanoseconds(ready.t_mono_ns - later.happened);
  };
  EXPECT_LT(muster::testing::fastest(40ms, seen_after), 40ms);
}

/// Answers `GET /healthz` with what `status` says, one connection after another.
/// `status` may have further fields after it, each begun by a line end.
asio::awaitable<void> serve(asio::ip::tcp::acceptor& acceptor,
                            const std::function<std::string()>& status) {
  for (;;) {
    asio::ip::tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
    asio::streambuf request;
    try {
      co_await asio::async_read_until(socket, request, "\r\n\r\n", asio::use_awaitable);
      const std::string answer =
          "HTTP/1.1 " + status() + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      co_await asio::async_write(socket, asio::buffer(answer), asio::use_awaitable);
    } catch (const boost::system::system_error&) {
      // A probe that only connects leaves at once.
    }
  }
}

TEST_F(Readying, ByHttpOnceItAnswers200) {
  auto process = idle();
  int asked = 0;
  asio::ip::tcp::acceptor acceptor(bed.io, {asio::ip::address_v4::loopback(), 0});
  const std::function<std::string()> status = [&asked] {
    return ++asked < 4 ? std::string("503 Wait") : std::string("200 OK");
  };
  asio::co_spawn(bed.io, serve(acceptor, status), [](std::exception_ptr) {});
  const auto address = net::Address::tcp("127.0.0.1", acceptor.local_endpoint().port());
  const auto ready = until(*process, {{ReadyNotify{}, ReadyHttp{address}}});
  EXPECT_EQ(ready.error().code, "bad_readiness") << "it was started without a NOTIFY_SOCKET";

  auto speaker = bed.spawn(shell("speaker", "exec sleep 1000"), true);
  const auto either = until(*speaker, {{ReadyNotify{}, ReadyHttp{address}}});
  ASSERT_TRUE(either);
  EXPECT_EQ(either->by, "GET " + net::to_string(address) + " /healthz");
  EXPECT_EQ(asked, 4);
}

TEST_F(Readying, NotByTheAnswerOfAnotherServer) {
  auto process = idle();
  asio::ip::tcp::acceptor acceptor(bed.io, {asio::ip::address_v4::loopback(), 0});
  std::vector<std::string> answers{"200 OK\r\nMuster-Nonce: mine", "200 OK",
                                   "200 OK\r\nMuster-Nonce: stale"};
  const std::function<std::string()> status = [&answers] {
    const std::string answer = answers.back();
    if (answers.size() > 1) answers.pop_back();
    return answer;
  };
  asio::co_spawn(bed.io, serve(acceptor, status), [](std::exception_ptr) {});
  const auto address = net::Address::tcp("127.0.0.1", acceptor.local_endpoint().port());
  // a program that does not give it back passes, unless it has to
  EXPECT_TRUE(until(*process, {{ReadyHttp{address, "/", "mine"}}}));
  EXPECT_EQ(answers.size(), 1U) << "the stale one does not";
  EXPECT_TRUE(until(*process, {{ReadyHttp{address, "/", "mine", true}}}));
  const auto never = until(*process, {{ReadyHttp{address, "/", "other"}}}, 100ms);
  ASSERT_FALSE(never);
  EXPECT_NE(never.error().hint.find("another server answers there"), std::string::npos);
}

TEST_F(Readying, NotByTheSocketOfAnotherProcess) {
  const std::string path = bed.tree->str("stale.sock");
  auto stale = bed.spawn(shell("stale",
                               "exec perl -MIO::Socket::UNIX -e '$s = IO::Socket::UNIX->new(Local "
                               "=> $ARGV[0], Listen => 5) or die $!; print \"up\\n\"; $| = 1; "
                               "close $_ while $_ = $s->accept' $1",
                               {path}));
  ASSERT_TRUE(until(*stale, {{ReadyUnixSocket{path}}})) << "its own it is";
  auto process = idle();
  const auto ready = until(*process, {{ReadyUnixSocket{path}}}, 150ms);
  ASSERT_FALSE(ready);
  EXPECT_NE(ready.error().hint.find("answers there"), std::string::npos) << ready.error().hint;
}

TEST_F(Readying, ByACommandThatSucceeds) {
  auto process = idle();
  int tries = 0;
  ReadyExec probe;
  probe.name = "check";
  probe.attempt = [&tries]() -> asio::awaitable<Result<void>> {
    if (++tries < 3) co_return error("command_failed", "check exited 1");
    co_return Result<void>();
  };
  const auto ready = until(*process, {{probe}});
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->by, "exec check");
  EXPECT_EQ(tries, 3);
}

TEST_F(Readying, ByTcpPort) {
  auto process = idle();
  Result<Port> held = hold_port();
  ASSERT_TRUE(held);
  Later later(bed.io, [&] { ::listen(held->fd.get(), 5); });
  const auto ready = until(*process, {{ReadyTcp{held->number}}});
  ASSERT_TRUE(ready);
  EXPECT_GE(ready->t_mono_ns, later.happened - 1'000'000);
}

TEST_F(Readying, ByLogLineOnEitherStreamAlsoOfThePast) {
  auto process =
      bed.spawn(shell("talks", "echo starting; echo 'listening on 80' >&2; exec sleep 1000"));
  const auto ready = until(*process, {{ReadyLogLine{"listening on"}}});
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->by, "log line 'listening on'");
  EXPECT_TRUE(until(*process, {{ReadyLogLine{"starting"}}}));
}

TEST_F(Readying, AtOnceWithAListenerHandedOn) {
  Result<Port> port = listen_loopback();
  ASSERT_TRUE(port);
  LaunchSpec spec =
      shell("server",
            "echo fds=$LISTEN_FDS pid=${LISTEN_PID-unset}; [ -S /proc/self/fd/3 ] && echo socket");
  pass_listener(spec, *port);
  auto process = bed.spawn(std::move(spec));
  EXPECT_TRUE(until(*process, {{ReadyListener{}}}));
  run(bed.io, process->wait());
  EXPECT_EQ(process->log().text(), "fds=1 pid=unset\nsocket\n");
}

TEST_F(Readying, FailsAtOnceWhenTheProgramDies) {
  auto process = bed.spawn(
      shell("dies", "for i in $(seq 30); do echo line $i; done; printf 'last words' >&2; exit 3"));
  const auto begun = std::chrono::steady_clock::now();
  const auto ready =
      until(*process, {{ReadyLogLine{"never"}, ReadyUnixSocket{bed.tree->str("no.sock")}}}, 20s);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s);
  ASSERT_FALSE(ready);
  EXPECT_EQ(ready.error().code, "died_before_ready");
  EXPECT_EQ(ready.error().message, "dies died before it was ready: exited 3");
  EXPECT_NE(ready.error().hint.find("last words"), std::string::npos);
  EXPECT_NE(ready.error().hint.find("line 30"), std::string::npos);
  EXPECT_EQ(ready.error().hint.find("line 10\n"), std::string::npos) << "twenty lines";
}

TEST_F(Readying, TellsAtTheDeadlineWhatEachProbeSaw) {
  auto process = bed.spawn(shell("slow", "echo working; exec sleep 1000"), true);
  Result<Port> held = hold_port();
  ASSERT_TRUE(held);
  std::optional<Result<Readiness>> answer;
  const auto took = muster::testing::fastest(250ms, [&] {
    const auto begun = std::chrono::steady_clock::now();
    answer.emplace(
        until(*process, {{ReadyNotify{}, ReadyTcp{held->number}, ReadyLogLine{"up"}}}, 150ms));
    return std::chrono::steady_clock::now() - begun;
  });
  const auto& ready = *answer;
  ASSERT_FALSE(ready);
  EXPECT_EQ(ready.error().code, "not_ready");
  EXPECT_GE(took, 150ms);
  EXPECT_LT(took, 250ms);
  EXPECT_EQ(ready.error().message, "slow is not ready after 150 ms");
  const std::string& hint = ready.error().hint;
  EXPECT_NE(hint.find("notify: no READY=1"), std::string::npos) << hint;
  EXPECT_NE(hint.find("Connection refused ("), std::string::npos) << hint;
  EXPECT_NE(hint.find("log line 'up': no such line"), std::string::npos) << hint;
  EXPECT_NE(hint.find("working"), std::string::npos) << hint;
  EXPECT_EQ(process->state(), State::running);
}

TEST(Ports, AListenerTakesConnectionsBeforeAnybodyAccepts) {
  const Result<Port> port = listen_loopback();
  ASSERT_TRUE(port);
  EXPECT_GT(port->number, 0);
  asio::io_context io;
  asio::ip::tcp::socket client(io);
  boost::system::error_code failed;
  client.connect({asio::ip::address_v4::loopback(), port->number}, failed);
  EXPECT_FALSE(failed);
  EXPECT_EQ(listen_loopback(port->number).error().code, "listen_in_use");
}

TEST(Ports, AHeldPortRefusesUntilAServerThatReusesAddressesTakesIt) {
  const Result<Port> held = hold_port();
  ASSERT_TRUE(held);
  asio::io_context io;
  asio::ip::tcp::socket client(io);
  boost::system::error_code failed;
  client.connect({asio::ip::address_v4::loopback(), held->number}, failed);
  EXPECT_EQ(failed, boost::system::errc::connection_refused);
  EXPECT_TRUE(listen_loopback(held->number));
}

}  // namespace
}  // namespace muster::process
