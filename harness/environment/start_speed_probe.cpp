// Measures starts for ci/bench: how soon readiness is seen, how many programs come and go per
// second, what a spawn costs from a large parent. Prints a JSON object.
//   start_speed_probe              measures
//   start_speed_probe child KIND   is the program that becomes ready, told by its environment how
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "process/group.hpp"
#include "process/latch.hpp"
#include "process/log_capture.hpp"
#include "process/ports.hpp"
#include "process/readiness.hpp"

namespace muster {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr int kRounds = 31;     // of each kind of readiness
constexpr int kStarts = 1'000;  // of the loop
constexpr int kSideBySide = 4;  // programs of the loop at once
constexpr int kSpawns = 30;     // of a small and a large parent
constexpr milliseconds kWithin{5'000};
constexpr std::size_t kGibibyte = std::size_t{1} << 30;

std::string variable(const char* name) {
  const char* value = ::getenv(name);
  return value == nullptr ? "" : value;
}

// ---- the program that becomes ready

/// When it became ready, as the first line of its output; behind the act, unless the act is a line.
void say_moment(std::int64_t moment) {
  const std::string line = "ready " + std::to_string(moment) + "\n";
  (void)!::write(1, line.data(), line.size());
}

void notify() {
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  variable("NOTIFY_SOCKET").copy(address.sun_path, sizeof address.sun_path - 1);
  ::sendto(fd, "READY=1", 7, 0, reinterpret_cast<sockaddr*>(&address), sizeof address);
}

int listen_on(int fd, const sockaddr* address, socklen_t size) {
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd, address, size) != 0 || ::listen(fd, 16) != 0) ::_exit(3);
  return fd;
}

int listen_tcp() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(variable("PORT"))));
  return listen_on(::socket(AF_INET, SOCK_STREAM, 0), reinterpret_cast<sockaddr*>(&address),
                   sizeof address);
}

int listen_unix() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  variable("READY_SOCKET").copy(address.sun_path, sizeof address.sun_path - 1);
  return listen_on(::socket(AF_UNIX, SOCK_STREAM, 0), reinterpret_cast<sockaddr*>(&address),
                   sizeof address);
}

int child(const std::string& kind) {
  // long enough that whoever waits does wait, so that it is the seeing that is measured
  ::usleep(3'000);
  int server = -1;
  if (kind == "notify") notify();
  if (kind == "tcp" || kind == "http") server = listen_tcp();
  if (kind == "unix_socket") server = listen_unix();
  say_moment(mono_ns());
  constexpr char kAnswer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  for (;;) {
    if (server < 0) {
      ::pause();
      continue;
    }
    const int peer = ::accept(server, nullptr, nullptr);
    char request[4'096];
    if (kind == "http" && ::read(peer, request, sizeof request) > 0)
      (void)!::write(peer, kAnswer, sizeof kAnswer - 1);
    ::close(peer);
  }
}

// ---- the measuring

template <class T>
T median(std::vector<T> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<long>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

class Bench {
 public:
  explicit Bench(std::string self) : self_(std::move(self)) {
    std::string pattern = "/tmp/muster-speed-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no " + pattern);
    folder_ = pattern;
    process::GroupOptions options;
    options.run_id = "speed-" + random_hex(4);
    options.id = "speed";
    options.socket_dir = folder_;
    group_ = process::Group::create(io_.get_executor(), std::move(options)).value_or_throw();
  }
  ~Bench() {
    run([](Bench& bench) -> asio::awaitable<void> { co_await bench.group_->end(milliseconds(0)); });
    group_.reset();
    ::rmdir(folder_.c_str());
  }

  template <class Play>
  void run(Play play) {
    std::exception_ptr failed;
    asio::co_spawn(io_, play(*this), [&](std::exception_ptr why) {
      failed = why;
      io_.stop();
    });
    io_.restart();
    io_.run();
    if (failed) std::rethrow_exception(failed);
  }

  /// Milliseconds between the moment at which it is ready and that at which this is seen: median.
  asio::awaitable<double> seen_after(std::string kind) {
    std::vector<double> taken;
    for (int round = 0; round < kRounds; ++round) {
      auto spec = child_spec(kind);
      process::Ready ready;
      const std::string socket = folder_ + "/ready-" + std::to_string(round);
      auto port = process::hold_port().value_or_throw();
      spec.env.push_back("PORT=" + std::to_string(port.number));
      spec.env.push_back("READY_SOCKET=" + socket);
      if (kind == "notify") ready.any.push_back(process::ReadyNotify{});
      if (kind == "log_line") ready.any.push_back(process::ReadyLogLine{"ready "});
      if (kind == "unix_socket") ready.any.push_back(process::ReadyUnixSocket{socket});
      if (kind == "tcp") ready.any.push_back(process::ReadyTcp{port.number});
      if (kind == "http")
        ready.any.push_back(process::ReadyHttp{net::Address::tcp("127.0.0.1", port.number), "/"});
      const bool wants_notify = kind == "notify";
      auto program = group_->spawn(std::move(spec), wants_notify).value_or_throw();
      const auto seen =
          (co_await process::until_ready(*program, std::move(ready), kWithin)).value_or_throw();
      const std::int64_t now = seen.t_mono_ns;
      co_await program->stop(milliseconds(0));
      for (const std::string& line : program->log().tail(1))
        if (line.starts_with("ready "))
          taken.push_back(static_cast<double>(now - std::stoll(line.substr(6))) / 1e6);
      ::unlink(socket.c_str());
    }
    co_return std::max(0.0, median(std::move(taken)));
  }

  /// spawn → ready → stop → reaped, per second.
  asio::awaitable<double> cycles() {
    const std::int64_t begin = mono_ns();
    int left = kSideBySide;
    process::Latch done(io_.get_executor());
    for (int i = 0; i < kSideBySide; ++i)
      asio::co_spawn(io_, some_cycles(kStarts / kSideBySide), [&](std::exception_ptr) {
        if (--left == 0) done.set();
      });
    co_await done.wait();
    co_return kStarts / (static_cast<double>(mono_ns() - begin) / 1e9);
  }

  /// Microseconds of a spawn: median.
  asio::awaitable<double> spawn_us() {
    std::vector<double> taken;
    for (int i = 0; i < kSpawns; ++i) {
      auto spec = shell_spec("exec sleep 1000");
      const std::int64_t begin = mono_ns();
      auto program = group_->spawn(std::move(spec)).value_or_throw();
      taken.push_back(static_cast<double>(mono_ns() - begin) / 1e3);
      co_await program->stop(milliseconds(0));
    }
    co_return median(std::move(taken));
  }

 private:
  asio::awaitable<void> some_cycles(int count) {
    for (int i = 0; i < count; ++i) {
      auto program = group_->spawn(shell_spec("echo up; read wait")).value_or_throw();
      process::Ready ready;
      ready.any.push_back(process::ReadyLogLine{"up"});
      (co_await process::until_ready(*program, std::move(ready), kWithin)).value_or_throw();
      co_await program->stop(milliseconds(1'000));
    }
  }

  process::LaunchSpec child_spec(const std::string& kind) const {
    process::LaunchSpec spec;
    spec.name = kind;
    spec.program = self_;
    spec.args = {"child", kind};
    spec.env = {"PATH=/usr/bin:/bin"};
    return spec;
  }
  static process::LaunchSpec shell_spec(const std::string& line) {
    process::LaunchSpec spec;
    spec.name = "shell";
    spec.program = "/bin/sh";
    spec.args = {"-c", line};
    spec.env = {"PATH=/usr/bin:/bin"};
    return spec;
  }

  std::string self_;
  std::string folder_;
  asio::io_context io_{1};
  std::unique_ptr<process::Group> group_;
};

/// Microseconds of fork and exec as a program without clone(CLONE_VM) would do it: median.
double fork_us() {
  std::vector<double> taken;
  for (int i = 0; i < kSpawns; ++i) {
    const std::int64_t begin = mono_ns();
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::execl("/bin/true", "true", static_cast<char*>(nullptr));
      ::_exit(127);
    }
    taken.push_back(static_cast<double>(mono_ns() - begin) / 1e3);
    ::waitpid(pid, nullptr, 0);
  }
  return median(std::move(taken));
}

int measure(const std::string& self) {
  Json found;
  Bench bench(self);
  for (const char* kind : {"notify", "log_line", "unix_socket", "http", "tcp"})
    bench.run([&](Bench& it) -> asio::awaitable<void> {
      found["seen_ms"][kind] = co_await it.seen_after(kind);
    });
  bench.run(
      [&](Bench& it) -> asio::awaitable<void> { found["cycles_per_s"] = co_await it.cycles(); });
  bench.run([&](Bench& it) -> asio::awaitable<void> {
    found["spawn_us"]["small"] = co_await it.spawn_us();
  });
  found["fork_us"]["small"] = fork_us();
  {
    // touched, so that a fork has its page tables to copy
    const std::unique_ptr<char[]> large(new char[kGibibyte]);
    std::memset(large.get(), 1, kGibibyte);
    bench.run([&](Bench& it) -> asio::awaitable<void> {
      found["spawn_us"]["large"] = co_await it.spawn_us();
    });
    found["fork_us"]["large"] = fork_us();
    // read, so that no compiler leaves it out
    found["touched"] = large[kGibibyte - 1] == 1;
  }
  std::cout << dump_json(found) << '\n';
  return 0;
}

}  // namespace
}  // namespace muster

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]) == "child") return muster::child(argv[2]);
  try {
    return muster::measure(std::filesystem::read_symlink("/proc/self/exe").string());
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 1;
  }
}
