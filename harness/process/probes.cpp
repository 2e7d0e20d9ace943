#include "process/probes.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/client.hpp"
#include "process/latch.hpp"
#include "process/log_capture.hpp"
#include "process/notify_socket.hpp"
#include "process/path_watch.hpp"
#include "process/proc_fs.hpp"

namespace muster::process {
namespace asio = boost::asio;
using namespace std::chrono_literals;
namespace {

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);

/// Pauses between tries where no event tells of a change: a twentieth of the time waited so far, at
/// least 0.5 ms and at most 20, so that nothing is seen much later than it is so.
class Pace {
 public:
  explicit Pace(std::shared_ptr<Process> process) : timer_(process->executor()) {}

  asio::awaitable<void> pause() {
    const auto waited = std::chrono::steady_clock::now() - begun_;
    timer_.expires_after(std::clamp<std::chrono::steady_clock::duration>(
        waited / kTriesInTheTimeWaited, 500us, 20ms));
    co_await timer_.async_wait(asio::use_awaitable);
  }

 private:
  static constexpr int kTriesInTheTimeWaited = 20;
  asio::steady_timer timer_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

asio::awaitable<Result<void>> until_notified(std::shared_ptr<Process> process,
                                             std::shared_ptr<ProbeHistory> history) {
  NotifySocket* socket = process->notify_socket();
  if (!socket) {
    co_return error("bad_readiness", process->name() + " was started without a NOTIFY_SOCKET");
  }
  history->last = "no READY=1";
  co_await socket->until_ready();
  co_return Result<void>();
}

asio::awaitable<Result<void>> until_line(std::shared_ptr<Process> process, std::string text,
                                         std::shared_ptr<ProbeHistory> history) {
  history->last = "no such line";
  Latch seen(process->executor());
  // Whatever ends the wait, the subscription goes with it.
  struct Subscription {
    LogCapture& log;
    int number;
    ~Subscription() { log.unsubscribe(number); }
  } subscription{process->log(), process->log().subscribe(
                                     [seen, text](const LogLine& line) mutable {
                                       if (line.text.find(text) != std::string_view::npos)
                                         seen.set();
                                     },
                                     true)};
  co_await seen.wait();
  co_return Result<void>();
}

/// The nearest directory above `path` that is there.
std::string existing_directory(const std::string& path) {
  std::string at = path;
  for (;;) {
    const std::size_t slash = at.rfind('/');
    at = slash == std::string::npos ? "." : at.substr(0, std::max<std::size_t>(slash, 1));
    struct stat found {};
    if (at == "." || at == "/" || (::stat(at.c_str(), &found) == 0 && S_ISDIR(found.st_mode))) {
      return at;
    }
  }
}

struct UnixAnswer {
  boost::system::error_code failed;
  pid_t listener = 0;  ///< who called listen(2); 0: not to be seen from here
};

asio::awaitable<UnixAnswer> connect_unix(asio::any_io_executor executor, std::string path) {
  asio::local::stream_protocol::socket socket(executor);
  const asio::local::stream_protocol::endpoint target(path);
  const auto [failed] = co_await socket.async_connect(target, quiet);
  UnixAnswer answer{failed, 0};
  // Asio takes the EAGAIN of a full queue for a connection under way, and then for one made.
  if (!failed) (void)socket.remote_endpoint(answer.failed);
  ucred peer{};
  socklen_t size = sizeof peer;
  if (!answer.failed &&
      ::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0)
    answer.listener = peer.pid;
  co_return answer;
}

/// A process that neither is the program nor comes from it. We may listen for it ourselves, and who
/// called listen(2) may have left the socket to another since. One that is just dying counts as
/// what it was: its socket may go with it.
bool is_foreign(pid_t pid, const Process& process) {
  if (pid == 0 || pid == ::getpid()) return false;
  std::optional<ProcStat> stat = read_stat(pid);
  if (!stat || environment_has(environment_of(pid), process.mark())) return false;
  for (pid_t at = pid; stat && at > 1; at = stat->parent, stat = read_stat(at)) {
    if (at == process.pid()) return false;
  }
  return true;
}

asio::awaitable<Result<void>> until_unix_socket(std::shared_ptr<Process> process, std::string path,
                                                std::shared_ptr<ProbeHistory> history) {
  if (path.size() > 107)
    co_return error("bad_readiness", "no unix socket can have the path " + path);
  Pace pace(process);
  for (;;) {
    Latch changed(process->executor());
    // Before the try, so that nothing that happens after it is missed.
    Result<PathWatch> watch = PathWatch::make(process->executor(), existing_directory(path),
                                              [changed]() mutable { changed.set(); });
    const UnixAnswer answer = co_await connect_unix(process->executor(), path);
    const bool foreign = !answer.failed && is_foreign(answer.listener, *process);
    if (!answer.failed && !foreign) co_return Result<void>();
    history->tried(foreign ? "pid " + std::to_string(answer.listener) + " answers there (" +
                                 command_of(answer.listener) + ")"
                           : answer.failed.message());
    if (watch && answer.failed == boost::system::errc::no_such_file_or_directory) {
      co_await changed.wait();
    } else {
      // Bound and not yet listening: nothing tells when it does.
      co_await pace.pause();
    }
  }
}

asio::awaitable<boost::system::error_code> connect_tcp(asio::any_io_executor executor,
                                                       asio::ip::tcp::endpoint target) {
  asio::ip::tcp::socket socket(executor, asio::ip::tcp::v4());
  // From another loopback address: from the same one, a try may meet itself when the kernel picks
  // the port that is tried.
  boost::system::error_code ignored;
  if (target.address().is_loopback()) {
    socket.bind({asio::ip::make_address_v4("127.0.0.2"), 0}, ignored);
  }
  const auto [failed] = co_await socket.async_connect(target, quiet);
  co_return failed;
}

asio::awaitable<Result<void>> until_tcp(std::shared_ptr<Process> process, std::string host,
                                        std::uint16_t port, std::shared_ptr<ProbeHistory> history) {
  boost::system::error_code bad;
  const auto address = asio::ip::make_address_v4(host, bad);
  // Others are left to the HTTP client, which resolves them.
  if (bad) co_return Result<void>();
  Pace pace(process);
  for (;;) {
    const asio::ip::tcp::endpoint target(address, port);
    const boost::system::error_code failed = co_await connect_tcp(process->executor(), target);
    if (!failed) co_return Result<void>();
    history->tried(failed.message());
    co_await pace.pause();
  }
}

bool spoke_for_itself(const ReadyHttp& probe, const net::Response& response) {
  const std::string* nonce = response.headers.find("Muster-Nonce");
  return nonce == nullptr ? !probe.nonce_needed : probe.nonce.empty() || *nonce == probe.nonce;
}

asio::awaitable<Result<void>> until_http(std::shared_ptr<Process> process, ReadyHttp probe,
                                         std::shared_ptr<ProbeHistory> history) {
  // No conditional expression: g++ 12 destroys what is awaited in one twice.
  Result<void> there;
  if (probe.address.is_unix()) {
    there = co_await until_unix_socket(process, probe.address.path, history);
  } else {
    there = co_await until_tcp(process, probe.address.host, probe.address.port, history);
  }
  if (!there) co_return there;
  Pace pace(process);
  for (;;) {
    net::Request request;
    request.target = probe.target;
    Result<net::Response> response =
        co_await net::send(probe.address, std::move(request), 1s, 64 * 1024);
    if (response && response->status == 200 && spoke_for_itself(probe, *response))
      co_return Result<void>();
    history->tried(!response                 ? response.error().message
                   : response->status == 200 ? "another server answers there"
                                             : "status " + std::to_string(response->status));
    co_await pace.pause();
  }
}

asio::awaitable<Result<void>> until_success(std::shared_ptr<Process> process, ReadyExec probe,
                                            std::shared_ptr<ProbeHistory> history) {
  asio::steady_timer timer(process->executor());
  std::chrono::milliseconds pause = 10ms;
  for (;;) {
    const Result<void> succeeded = co_await probe.attempt();
    if (succeeded) co_return Result<void>();
    history->tried(succeeded.error().message);
    timer.expires_after(pause);
    pause = std::min<std::chrono::milliseconds>(pause * 2, 500ms);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<Result<void>> at_once() {
  co_return Result<void>();
}

}  // namespace

asio::awaitable<Result<void>> await_probe(std::shared_ptr<Process> process, Probe probe,
                                          std::shared_ptr<ProbeHistory> history) {
  struct Start {
    std::shared_ptr<Process>& process;
    std::shared_ptr<ProbeHistory>& history;
    asio::awaitable<Result<void>> operator()(ReadyNotify) {
      return until_notified(process, history);
    }
    asio::awaitable<Result<void>> operator()(ReadyUnixSocket& probe) {
      return until_unix_socket(process, probe.path, history);
    }
    asio::awaitable<Result<void>> operator()(ReadyHttp& probe) {
      return until_http(process, probe, history);
    }
    asio::awaitable<Result<void>> operator()(ReadyLogLine& probe) {
      return until_line(process, probe.text, history);
    }
    asio::awaitable<Result<void>> operator()(ReadyTcp& probe) {
      return until_tcp(process, "127.0.0.1", probe.port, history);
    }
    asio::awaitable<Result<void>> operator()(ReadyListener) { return at_once(); }
    asio::awaitable<Result<void>> operator()(ReadyExec& probe) {
      return until_success(process, probe, history);
    }
  };
  co_return co_await std::visit(Start{process, history}, probe);
}

}  // namespace muster::process
