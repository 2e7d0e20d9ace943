// The matrix of environment.md: every shape of program against every way to end it, with both
// backends. Nothing may survive in any cell.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>

#include "process/log_capture.hpp"
#include "process/readiness.hpp"
#include "process/sweep.hpp"
#include "process/test_bed.hpp"
#include "process/watchdog.hpp"

namespace muster::process {
namespace {

using namespace testing;

/// $1 is a number that names the processes; each prints `up` when all of it stands.
const std::map<std::string, std::string> shapes{
    {"Plain", "echo up; exec sleep $1"},
    {"WrapperAndChild", "sleep $1 & echo up; wait"},
    {"ChildIgnoresTerm", "(trap '' TERM; echo up; exec sleep $1) & wait"},
    {"SetsidChild", "setsid sh -c 'echo up; exec sleep $1' x $1 & wait"},
    {"DaemonIgnoresTerm",
     "(setsid sh -c 'trap \"\" TERM; echo up; exec sleep $1 >/dev/null 2>&1' x $1 &); exec sleep "
     "$1"},
    {"CrashedLeaderAndDaemon",
     "(setsid sh -c 'trap \"\" TERM; echo up; exec sleep $1 >/dev/null 2>&1' x $1 &); kill -SEGV "
     "$$"},
};

using Cell = std::tuple<std::string, Backend>;

class Reaping : public ::testing::TestWithParam<Cell> {
 protected:
  void SetUp() override {
    if (Result<void> works = backend_available(backend()); !works)
      GTEST_SKIP() << works.error().message;
  }
  std::string shape() const { return std::get<0>(GetParam()); }
  Backend backend() const { return std::get<1>(GetParam()); }
  bool crashes() const { return shape() == "CrashedLeaderAndDaemon"; }
  bool leaks() const {
    return shape() == "SetsidChild" || shape() == "DaemonIgnoresTerm" || crashes() ||
           shape() == "ChildIgnoresTerm";
  }

  /// The shape, as far as it is to stand: up, or crashed with its daemon up.
  std::shared_ptr<Process> start(Bed& bed) {
    auto process = bed.spawn(shell("shape", shapes.at(shape()), {seconds}));
    const auto ready = run(bed.io, until_ready(*process, {{ReadyLogLine{"up"}}}, 10s));
    EXPECT_TRUE(ready || (crashes() && ready.error().code == "died_before_ready"));
    if (crashes()) {
      EXPECT_EQ(run(bed.io, process->wait()).code, SIGSEGV);
    }
    EXPECT_FALSE(processes_with(seconds).empty());
    return process;
  }

  /// A worker of its own process: starts the shape and hands its group's record over, then stands
  /// still until it is killed. Returns its pid.
  pid_t fork_worker(const std::function<void(const GroupRecord&)>& tell) {
    const pid_t worker = ::fork();
    if (worker != 0) return worker;
    // Not through the destructor of anything of the parent's.
    try {
      Bed bed(backend(), home.str());
      start(bed);
      tell(bed.group->record());
      for (;;) ::pause();
    } catch (...) {
    }
    ::_exit(1);
  }

  const std::string seconds = unique_seconds();
  const muster::testing::TempTree home;
};

std::string cell_name(const ::testing::TestParamInfo<Cell>& cell) {
  return std::get<0>(cell.param) + "_" + to_string(std::get<1>(cell.param));
}

INSTANTIATE_TEST_SUITE_P(Matrix, Reaping,
                         ::testing::Combine(::testing::Values("Plain", "WrapperAndChild",
                                                              "ChildIgnoresTerm", "SetsidChild",
                                                              "DaemonIgnoresTerm",
                                                              "CrashedLeaderAndDaemon"),
                                            ::testing::ValuesIn(kBackends)),
                         cell_name);

/// What a killed coordinator leaves comes to us, the next subreaper.
void reap_all() {
  while (::waitpid(-1, nullptr, __WALL) > 0) {
  }
}

/// What crosses between the processes of a test: one packet each.
struct Channel {
  Channel() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0); }
  ~Channel() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  void send(const Json& json) {
    const std::string text = json.dump();
    if (::send(ends[1], text.data(), text.size(), 0) < 0) ::_exit(2);
  }
  Json receive() {
    char packet[4096];
    const timeval patience{20, 0};
    ::setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const ssize_t got = ::recv(ends[0], packet, sizeof packet, 0);
    return got > 0 ? parse_json({packet, static_cast<std::size_t>(got)}).value_or_throw() : Json();
  }
  int ends[2];
};

TEST_P(Reaping, NothingSurvivesAStop) {
  Bed bed(backend());
  auto bystander = bed.spawn(shell("bystander", "exec sleep 1000"));
  auto process = start(bed);
  const StopReport report = run(bed.io, process->stop(150ms));
  EXPECT_EQ(processes_with(seconds), std::vector<std::string>{});
  EXPECT_EQ(!report.leaked.empty(), leaks());
  EXPECT_EQ(bystander->state(), State::running) << "a program beside it is none of its business";
}

TEST_P(Reaping, NothingSurvivesTheEndOfTheGroup) {
  Bed bed(backend());
  auto process = start(bed);
  const GroupEnd end = run(bed.io, bed.group->end(150ms));
  EXPECT_EQ(processes_with(seconds), std::vector<std::string>{});
  EXPECT_EQ(!end.leaked.empty(), leaks());
  EXPECT_EQ(process->state(), State::drained);
  EXPECT_TRUE(survivors(bed.group->record()).empty());
  EXPECT_EQ(bed.group->spawn(shell("late", ":")).error().code, "spawn_failed");
}

TEST_P(Reaping, NothingSurvivesTheGroupsDestructor) {
  {
    Bed bed(backend());
    start(bed);
    bed.group.reset();
    EXPECT_EQ(processes_with(seconds), std::vector<std::string>{});
  }
  for (pid_t child : children_of(::getpid()))
    ADD_FAILURE() << "left to reap: " << command_of(child);
}

TEST_P(Reaping, NothingSurvivesAKilledWorker) {
  ASSERT_TRUE(become_subreaper());
  Channel channel;
  const pid_t worker =
      fork_worker([&](const GroupRecord& record) { channel.send(to_json(record)); });
  const auto record = group_record_from_json(channel.receive()).value_or_throw();
  EXPECT_FALSE(survivors(record).empty());
  ::kill(worker, SIGKILL);
  ::waitpid(worker, nullptr, 0);
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_TRUE(sweep(record, {.adopted = true, .spare = {}}).clean);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 500ms);
  EXPECT_EQ(processes_with(seconds), std::vector<std::string>{});
  EXPECT_TRUE(survivors(record).empty());
  for (pid_t child : children_of(::getpid()))
    ADD_FAILURE() << "left to reap: " << command_of(child);
}

TEST_P(Reaping, NothingSurvivesAKilledCoordinator) {
  ASSERT_TRUE(become_subreaper());
  muster::testing::TempTree scratch;
  scratch.write("sockets/left.sock", "");
  Channel channel;
  const pid_t coordinator = ::fork();
  if (coordinator == 0) {
    try {
      become_subreaper().value_or_throw();
      Channel from_worker;
      // Bed's run id comes with the record, and the watchdog is to be there before any worker is.
      Result<Watchdog> watchdog = start_watchdog("another-run", scratch.str("sockets"));
      const pid_t worker = fork_worker([&](const GroupRecord& r) { from_worker.send(to_json(r)); });
      const Json record = from_worker.receive();
      watchdog->add(group_record_from_json(record).value_or_throw()).value_or_throw();
      watchdog->add_process(worker).value_or_throw();
      channel.send({{"watchdog", watchdog->pid()}, {"record", record}});
      for (;;) ::pause();
    } catch (...) {
    }
    ::_exit(1);
  }
  const Json told = channel.receive();
  ASSERT_TRUE(told.is_object());
  const UniqueFd watchdog = open_pidfd(told["watchdog"].get<pid_t>());
  ::kill(coordinator, SIGKILL);
  EXPECT_TRUE(wait_pidfd(watchdog.get(), 2'000)) << "it still sweeps";
  EXPECT_EQ(processes_with(seconds), std::vector<std::string>{});
  EXPECT_FALSE(std::filesystem::exists(scratch.str("sockets")));
  reap_all();
}

TEST(Watchdog, SweepsByTheRunIdWhatNobodyToldItOf) {
  ASSERT_TRUE(become_subreaper());
  const std::string run_id = random_hex(8);
  const std::string seconds = unique_seconds();
  Channel channel;
  const pid_t coordinator = ::fork();
  if (coordinator == 0) {
    Result<Watchdog> watchdog = start_watchdog(run_id);
    const std::string variable = "MUSTER_RUN_ID=" + run_id;
    const char* const env[] = {variable.c_str(), nullptr};
    const std::string script = "setsid sleep " + seconds + " & sleep " + seconds;
    const char* const argv[] = {"sh", "-c", script.c_str(), nullptr};
    if (::fork() == 0) ::execve("/bin/sh", const_cast<char**>(argv), const_cast<char**>(env));
    channel.send({{"watchdog", watchdog->pid()}});
    for (;;) ::pause();
  }
  const UniqueFd watchdog = open_pidfd(channel.receive()["watchdog"].get<pid_t>());
  while (processes_with(seconds).size() < 3) ::sched_yield();
  ::kill(coordinator, SIGKILL);
  EXPECT_TRUE(wait_pidfd(watchdog.get(), 2'000));
  EXPECT_EQ(processes_with(seconds), std::vector<std::string>{});
  reap_all();
}

TEST(Watchdog, LeavesEverythingAloneAfterAGoodRun) {
  muster::testing::TempTree scratch;
  const std::string seconds = unique_seconds();
  pid_t pid = 0;
  Bed bed;
  auto process = bed.spawn(shell("stays", "exec sleep $1", {seconds}));
  {
    Result<Watchdog> watchdog = start_watchdog(bed.group->record().run_id, scratch.str());
    ASSERT_TRUE(watchdog);
    pid = watchdog->pid();
    ASSERT_TRUE(watchdog->add(bed.group->record()));
    watchdog->done();
  }
  EXPECT_EQ(::kill(pid, 0), -1) << "it is reaped";
  EXPECT_EQ(process->state(), State::running);
  EXPECT_FALSE(processes_with(seconds).empty());
  EXPECT_TRUE(std::filesystem::exists(scratch.path()));
  EXPECT_FALSE(start_watchdog("")) << "without a run it could not tell whose programs are whose";
}

TEST(Watchdog, KeepsNoDescriptorOfTheCoordinator) {
  const int leaky = ::fcntl(STDERR_FILENO, F_DUPFD, 100);
  Result<Watchdog> watchdog = start_watchdog(random_hex(8));
  ::close(leaky);
  ASSERT_TRUE(watchdog);
  // A second word is answered by nothing; but once it sweeps its first message it has detached.
  ASSERT_TRUE(watchdog->add_process(::getpid()));
  watchdog->forget_process(::getpid());
  std::size_t open = 0;
  const auto begun = std::chrono::steady_clock::now();
  do {
    open = 0;
    const std::string fds = "/proc/" + std::to_string(watchdog->pid()) + "/fd";
    for ([[maybe_unused]] const auto& fd : std::filesystem::directory_iterator(fds)) ++open;
  } while (open > 5 && std::chrono::steady_clock::now() - begun < 5s);
  EXPECT_LE(open, 5u) << "0 to 4";
}

/// As a plain user, in a child: the body's exit status says what failed.
int as_plain_user(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    int result = 99;
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(98);
    // A changed uid makes /proc/self root's; an ordinary process of that user is dumpable.
    ::prctl(PR_SET_DUMPABLE, 1);
    try {
      result = body();
    } catch (const std::exception& thrown) {
      std::fprintf(stderr, "%s\n", thrown.what());
    }
    ::_exit(result);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

TEST(PlainUser, GetsNamespacesByEnteringAUserNamespace) {
  const int result = as_plain_user([] {
    const uid_t uid = ::geteuid();
    if (backend_available(Backend::pid_namespace)) return 1;
    if (*best_backend() != Backend::subreaper) return 2;
    if (Result<void> entered = enter_user_namespace(); !entered) return 77;
    if (::geteuid() != uid) return 3;
    if (*best_backend() != Backend::pid_namespace) return 4;
    const std::string seconds = unique_seconds();
    Bed bed(Backend::pid_namespace);
    if (bed.output(shell("id", "id -u; grep CapEff /proc/self/status")) !=
        std::to_string(uid) + "\nCapEff:\t0000000000000000\n") {
      return 5;
    }
    for (const auto& [name, script] : shapes) {
      auto process = bed.spawn(shell(name, script, {seconds}));
      const auto ready = run(bed.io, until_ready(*process, {{ReadyLogLine{"up"}}}, 10s));
      if (!ready && ready.error().code != "died_before_ready") return 6;
    }
    if (survivors(bed.group->record()).size() < shapes.size()) return 7;
    run(bed.io, bed.group->end(100ms));
    return processes_with(seconds).empty() ? 0 : 8;
  });
  if (result == 77) GTEST_SKIP() << "no user namespaces here";
  EXPECT_EQ(result, 0);
}

TEST(PlainUser, GetsTheSubreaperOtherwise) {
  EXPECT_EQ(as_plain_user([] {
              const std::string seconds = unique_seconds();
              Bed bed(Backend::subreaper);
              for (const auto& [name, script] : shapes) {
                auto process = bed.spawn(shell(name, script, {seconds}));
                [[maybe_unused]] auto ready =
                    run(bed.io, until_ready(*process, {{ReadyLogLine{"up"}}}, 10s));
              }
              run(bed.io, bed.group->end(100ms));
              return processes_with(seconds).empty() ? 0 : 1;
            }),
            0);
}

class Storm : public ::testing::TestWithParam<Backend> {};
INSTANTIATE_TEST_SUITE_P(Backends, Storm, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(Storm, ThreeThousandOrphansAreReaped) {
  if (Result<void> works = backend_available(GetParam()); !works)
    GTEST_SKIP() << works.error().message;
  {
    Bed bed(GetParam());
    // Each orphan ends at once, as nobody's child but the reaper's.
    auto process = bed.spawn(
        shell("storm", "i=0; while [ $i -lt 3000 ]; do (setsid true & ); i=$((i+1)); done"));
    EXPECT_TRUE(run(bed.io, process->wait()).success());
    const GroupEnd end = run(bed.io, bed.group->end(1s));
    EXPECT_LT(end.took, 3s);
  }
  for (pid_t child : children_of(::getpid()))
    ADD_FAILURE() << "left to reap: " << command_of(child);
}

TEST(Strays, AreFoundWithoutAnyMark) {
  // env -i and a session of its own: nothing but its descent says whose it is.
  const std::string seconds = unique_seconds();
  Bed bed(Backend::subreaper);
  auto process = bed.spawn(
      shell("scrubber",
            "(env -i setsid sh -c 'trap \"\" TERM; echo up; exec sleep $1 >/dev/null 2>&1' "
            "x $1 &); exec sleep $1",
            {seconds}));
  ASSERT_TRUE(run(bed.io, until_ready(*process, {{ReadyLogLine{"up"}}}, 10s)));
  const GroupEnd end = run(bed.io, bed.group->end(100ms));
  EXPECT_EQ(end.leaked.size(), 1u);
  EXPECT_EQ(processes_with(seconds), std::vector<std::string>{});
}

TEST(Stop, SharesOneReportBetweenCallers) {
  Bed bed;
  auto process =
      bed.spawn(shell("stubborn", "trap '' TERM; echo up; while :; do sleep 1000; done"));
  ASSERT_TRUE(run(bed.io, until_ready(*process, {{ReadyLogLine{"up"}}}, 10s)));
  const auto begun = std::chrono::steady_clock::now();
  std::optional<StopReport> first;
  boost::asio::co_spawn(bed.io, process->stop(100ms),
                        [&](std::exception_ptr, StopReport report) { first = report; });
  const StopReport second = run(bed.io, process->stop(5s));
  EXPECT_TRUE(second.forced);
  EXPECT_EQ(to_string(second.exit), "killed by SIGKILL");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 1s) << "the first grace counts";
  while (!first) bed.io.run_one();
  EXPECT_TRUE(first->forced);
}

TEST(Stop, LetsAChildOfAWrapperFinishInItsGrace) {
  Bed bed;
  auto process = bed.spawn(shell("wrapper",
                                 "sh -c 'trap \"sleep 0.1; echo flushed; exit\" TERM; echo up; "
                                 "while :; do sleep 0.02; done' & wait"));
  ASSERT_TRUE(run(bed.io, until_ready(*process, {{ReadyLogLine{"up"}}}, 10s)));
  const StopReport report = run(bed.io, process->stop(5s));
  EXPECT_TRUE(report.leaked.empty());
  EXPECT_NE(process->log().text().find("flushed\n"), std::string::npos);
}

TEST(Leak, AChildThatHoldsTheOutputIsToldAfterATenthOfASecond) {
  Bed bed;
  auto process = bed.spawn(shell("leaky", "setsid sleep 1000 & echo printed"));
  const auto begun = std::chrono::steady_clock::now();
  const ExitStatus status = run(bed.io, process->wait());
  const auto took = std::chrono::steady_clock::now() - begun;
  EXPECT_TRUE(status.leaked);
  EXPECT_TRUE(status.success());
  EXPECT_GE(took, 100ms);
  EXPECT_LT(took, 1s);
  EXPECT_EQ(process->log().text(), "printed\n");
  EXPECT_EQ(run(bed.io, bed.group->end(50ms)).leaked.size(), 1u);
}

}  // namespace
}  // namespace muster::process
