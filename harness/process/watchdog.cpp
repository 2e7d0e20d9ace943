// The watchdog hears from the coordinator over a socket of packets, one JSON object each:
// `{"group": record}`, `{"forget_group": id}`, `{"process": pid}`, `{"forget_process": pid}`,
// `{"engine": address}`, `{"done": true}`. It learns the coordinator's end by a pidfd, since a
// child of the coordinator may hold the other end of the socket open.
#include "process/watchdog.hpp"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <map>

#include "process/engine.hpp"
#include "process/proc_fs.hpp"
#include "process/sweep.hpp"

namespace muster::process {
namespace {

constexpr int channel_fd = 3;
constexpr int coordinator_fd = 4;
constexpr std::size_t packet_bytes = 64 * 1024;
constexpr int clean_rounds = 3;
/// Between two rounds: long enough for a process that was just born to have its environment.
constexpr int round_milliseconds = 20;
/// A process that cannot be killed (uninterruptible I/O) does not hold the watchdog for ever.
constexpr int most_rounds = 500;
constexpr std::chrono::seconds containers_time{9};

/// The life of the watchdog process.
class Keeper {
 public:
  Keeper(std::string run_id, std::string scratch_dir)
      : run_id_(std::move(run_id)), scratch_dir_(std::move(scratch_dir)) {}

  void run() {
    while (!done_) {
      pollfd polls[2] = {{channel_fd, POLLIN, 0}, {coordinator_fd, POLLIN, 0}};
      if (::poll(polls, 2, -1) < 0) continue;
      const bool open = receive();
      if (done_) return;
      if (!open || polls[1].revents != 0) break;
    }
    if (!done_) clean_up();
  }

 private:
  /// Takes what has come. False when nobody can send any more.
  bool receive() {
    static char packet[packet_bytes];
    for (;;) {
      const ssize_t got = ::recv(channel_fd, packet, sizeof packet, MSG_DONTWAIT);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return errno == EAGAIN;
      if (got == 0) return false;
      if (Result<Json> message = parse_json({packet, static_cast<std::size_t>(got)}))
        take(*message);
    }
  }

  void take(const Json& message) {
    if (message.contains("done")) done_ = true;
    if (message.contains("group")) {
      Result<GroupRecord> record = group_record_from_json(message["group"]);
      if (record) groups_[record->id] = *record;
    }
    if (message.contains("forget_group")) groups_.erase(string_at(message, "forget_group"));
    if (message.contains("process")) {
      const pid_t pid = message["process"].get<pid_t>();
      // Held from now on, while it is sure to be the one that was meant.
      processes_[pid] = open_pidfd(pid);
    }
    if (message.contains("engine")) engine_ = string_at(message, "engine");
    if (message.contains("forget_process"))
      processes_.erase(message["forget_process"].get<pid_t>());
  }

  void clean_up() {
    for (const auto& [pid, pidfd] : processes_) {
      if (pidfd) signal_pidfd(pidfd.get(), SIGKILL);
    }
    for (const auto& [id, record] : groups_) sweep(record);
    int clean = 0;
    for (int round = 0; clean < clean_rounds && round < most_rounds; ++round) {
      clean = sweep_run(run_id_).killed.empty() ? clean + 1 : 0;
      if (clean < clean_rounds) ::poll(nullptr, 0, round_milliseconds);
    }
    if (!scratch_dir_.empty()) {
      std::error_code ignored;
      std::filesystem::remove_all(scratch_dir_, ignored);
    }
    // last, since an engine may take its time
    if (const auto engine = net::parse_address(engine_))
      sweep_containers(*engine, run_id_, containers_time);
  }

  std::string run_id_;
  std::string scratch_dir_;
  bool done_ = false;
  std::string engine_;  ///< its address; empty: no containers
  std::map<std::string, GroupRecord> groups_;
  std::map<pid_t, UniqueFd> processes_;
};

/// Leaves everything of the parent behind but its two descriptors.
void detach(int channel, int coordinator) {
  ::setsid();
  ::prctl(PR_SET_NAME, "muster-watchdog");
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP, SIGUSR1, SIGUSR2}) {
    ::signal(signal, SIG_IGN);
  }
  ::signal(SIGCHLD, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // Out of the way of the targets first.
  const int high_channel = ::fcntl(channel, F_DUPFD_CLOEXEC, coordinator_fd + 1);
  const int high_coordinator = ::fcntl(coordinator, F_DUPFD_CLOEXEC, coordinator_fd + 1);
  ::dup3(high_channel, channel_fd, O_CLOEXEC);
  ::dup3(high_coordinator, coordinator_fd, O_CLOEXEC);
  ::syscall(SYS_close_range, coordinator_fd + 1, ~0U, 0);
  const int null = ::open("/dev/null", O_RDWR);
  for (int standard = 0; standard <= 2; ++standard) ::dup2(null, standard);
  if (null > coordinator_fd) ::close(null);
  if (::chdir("/") != 0) return;
}

}  // namespace

Result<Watchdog> start_watchdog(const std::string& run_id, const std::string& scratch_dir) {
  const auto failed = [](const std::string& what) {
    return error("watchdog_failed",
                 "cannot start the watchdog: " + what + ": " + ::strerror(errno));
  };
  // Without a run nobody could be told apart, and the sweep would take every harness's programs.
  if (run_id.empty()) return error("watchdog_failed", "cannot start the watchdog: no run id");
  std::string scratch;
  if (!scratch_dir.empty()) {
    std::error_code bad;
    scratch = std::filesystem::absolute(scratch_dir, bad).string();
    if (bad) return error("watchdog_failed", "cannot start the watchdog: " + bad.message());
  }
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return failed("socketpair");
  UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  UniqueFd self = open_pidfd(::getpid());
  if (!self) return failed("pidfd_open");
  const pid_t pid = ::fork();
  if (pid < 0) return failed("fork");
  if (pid == 0) {
    detach(theirs.get(), self.get());
    try {
      Keeper(run_id, scratch).run();
    } catch (...) {
      ::_exit(1);
    }
    ::_exit(0);
  }
  return Watchdog(pid, std::move(ours));
}

Result<void> Watchdog::tell(const Json& message) {
  const std::string packet = message.dump();
  if (pipe_ && ::send(pipe_.get(), packet.data(), packet.size(), MSG_NOSIGNAL) >= 0) return {};
  return error("watchdog_gone", std::string("the watchdog does not hear: ") + ::strerror(errno));
}

Result<void> Watchdog::add(const GroupRecord& group) {
  return tell({{"group", to_json(group)}});
}
Result<void> Watchdog::add_process(pid_t pid) {
  return tell({{"process", pid}});
}
Result<void> Watchdog::add_engine(const std::string& address) {
  return tell({{"engine", address}});
}

void Watchdog::forget(const std::string& group_id) {
  [[maybe_unused]] const Result<void> told = tell({{"forget_group", group_id}});
}

void Watchdog::forget_process(pid_t pid) {
  [[maybe_unused]] const Result<void> told = tell({{"forget_process", pid}});
}

void Watchdog::done() {
  if (!pipe_) return;
  [[maybe_unused]] const Result<void> told = tell({{"done", true}});
  pipe_.reset();
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Watchdog::~Watchdog() {
  done();
}

}  // namespace muster::process
