#include "process/sweep.hpp"

#include <linux/sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "process/test_bed.hpp"
#include "testing/fastest.hpp"

namespace muster::process {
namespace {

using namespace testing;

/// A process of ours that no group knows.
class Innocent {
 public:
  explicit Innocent(const std::vector<std::string>& env = {}) {
    pid = ::fork();
    if (pid == 0) become_sleep(env);
  }
  /// With a pid of our choice (clone3(2), set_tid); -1 when that is refused.
  explicit Innocent(pid_t wanted) {
    clone_args args{};
    args.exit_signal = SIGCHLD;
    args.set_tid = reinterpret_cast<std::uintptr_t>(&wanted);
    args.set_tid_size = 1;
    pid = static_cast<pid_t>(::syscall(SYS_clone3, &args, sizeof args));
    if (pid == 0) become_sleep({});
  }
  ~Innocent() {
    if (pid < 0) return;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
  bool alive() const {
    const std::optional<ProcStat> stat = read_stat(pid);
    return stat && stat->alive();
  }
  pid_t pid;

 private:
  [[noreturn]] static void become_sleep(const std::vector<std::string>& env) {
    std::vector<char*> envp;
    for (const std::string& entry : env) envp.push_back(const_cast<char*>(entry.c_str()));
    envp.push_back(nullptr);
    const char* const argv[] = {"sleep", "1000", nullptr};
    ::execve("/bin/sleep", const_cast<char**>(argv), envp.data());
    ::_exit(127);
  }
};

TEST(GroupRecordJson, GoesThereAndBack) {
  const GroupRecord record{"s-1", Backend::pid_namespace, 4711, 123456789012ULL, "run"};
  EXPECT_EQ(group_record_from_json(to_json(record)).value_or_throw(), record);
  Json bad = to_json(record);
  bad["init_pid"] = 1;
  EXPECT_EQ(group_record_from_json(bad).error().code, "bad_group_record");
  bad["init_pid"] = -5;
  EXPECT_EQ(group_record_from_json(bad).error().code, "bad_group_record");
  bad = to_json(record);
  bad["backend"] = "hope";
  EXPECT_EQ(group_record_from_json(bad).error().code, "bad_group_record");
  EXPECT_EQ(group_record_from_json(Json::array()).error().code, "bad_group_record");
}

TEST(Sweep, NeverTakesAProcessForAnotherOfItsNumber) {
  Innocent innocent;
  const std::uint64_t start = read_stat(innocent.pid)->start_time;
  const GroupRecord stale{"gone", Backend::pid_namespace, innocent.pid, start - 1, "run"};
  EXPECT_TRUE(sweep(stale).killed.empty());
  EXPECT_TRUE(innocent.alive());
  // Even with the right start time it is no init of a namespace of its own: nobody else is touched.
  const GroupRecord ours{"ours", Backend::pid_namespace, innocent.pid, start, "run"};
  EXPECT_TRUE(survivors(ours).empty());
}

TEST(Sweep, SparesTheNextOwnerOfAUsedNumber) {
  if (Result<void> works = backend_available(Backend::pid_namespace); !works) {
    GTEST_SKIP() << works.error().message;
  }
  GroupRecord record;
  {
    Bed bed(Backend::pid_namespace);
    bed.spawn(shell("program", "exec sleep 1000"));
    record = bed.group->record();
  }
  // Who is born within the same tick of the clock could not be told from it; nobody gets a used
  // number so soon but who asks for it.
  for (bool later = false; !later;) {
    const Innocent next;
    later = read_stat(next.pid)->start_time > record.init_start_time;
  }
  // Root may say which pid a child gets: that of the dead init.
  const Innocent reuser(record.init_pid);
  if (reuser.pid < 0) GTEST_SKIP() << "a child's pid cannot be chosen here";
  ASSERT_EQ(reuser.pid, record.init_pid);
  EXPECT_TRUE(survivors(record).empty());
  EXPECT_TRUE(sweep(record).killed.empty());
  EXPECT_TRUE(reuser.alive());
}

TEST(Sweep, GoesByTheWholeMarkAndNoPartOfIt) {
  const std::string run = random_hex(8);
  const auto of = [&](const std::string& id) {
    return std::vector<std::string>{"MUSTER_RUN_ID=" + run, "MUSTER_GROUP=" + id};
  };
  Innocent mine(of("a"));
  Innocent longer(of("ab"));
  Innocent other_run({"MUSTER_RUN_ID=" + run + "0", "MUSTER_GROUP=a"});
  Innocent mentions({"X=MUSTER_RUN_ID=" + run, "Y=MUSTER_GROUP=a"});
  const GroupRecord record{"a", Backend::subreaper, ::getpid(), 1, run};
  // A child may not have reached its exec yet.
  while (survivors(record).empty()) ::sched_yield();
  const SweepReport report = sweep(record);
  ASSERT_EQ(report.killed.size(), 1u);
  EXPECT_EQ(report.killed[0].pid, mine.pid);
  EXPECT_EQ(report.killed[0].command, "sleep 1000");
  EXPECT_TRUE(longer.alive() && other_run.alive() && mentions.alive());
  const std::vector<Survivor> of_run = run_survivors(run);
  ASSERT_EQ(of_run.size(), 1u);
  EXPECT_EQ(of_run[0].pid, longer.pid);
  EXPECT_EQ(sweep_run(run).killed.size(), 1u);
}

TEST(Sweep, CatchesThoseThatForkWhileItRuns) {
  // Each generation is replaced by two in sessions of their own; a round that kills only what it
  // saw at first never ends them.
  const std::string run = random_hex(8);
  const std::string seconds = unique_seconds();
  const std::string script = "f() { i=0; while [ $i -lt 200 ]; do setsid sleep " + seconds +
                             " & i=$((i+1)); done; wait; }; f";
  const pid_t breeder = ::fork();
  if (breeder == 0) {
    const std::string variable = "MUSTER_RUN_ID=" + run;
    const char* const env[] = {variable.c_str(), "PATH=/usr/bin:/bin", nullptr};
    const char* const argv[] = {"sh", "-c", script.c_str(), nullptr};
    ::execve("/bin/sh", const_cast<char**>(argv), const_cast<char**>(env));
    ::_exit(127);
  }
  while (run_survivors(run).size() < 5) ::sched_yield();
  EXPECT_TRUE(sweep_run(run, 10s).clean);
  EXPECT_EQ(processes_with(seconds), std::vector<std::string>{});
  // Its children came to us if an earlier test has made us a subreaper.
  while (::waitpid(-1, nullptr, 0) > 0) {
  }
}

TEST(EnvironmentOf, IsNeverEmptyAmidAnExec) {
  Bed bed;
  bed.tree->write("again", "#!/bin/sh\nexec \"$0\"\n");
  std::filesystem::permissions(bed.tree->str("again"), std::filesystem::perms::owner_all);
  LaunchSpec spec = shell("again", "");
  spec.program = bed.tree->str("again");
  spec.args = {};
  // Longer than one read, so that it could be seen cut.
  spec.env.push_back("LONG=" + std::string(20'000, 'x'));
  auto process = bed.spawn(std::move(spec));
  const std::string mark = "MUSTER_GROUP=" + bed.group->record().id;
  int without = 0;
  for (int i = 0; i < 5'000; ++i) {
    if (!environment_has(environment_of(process->pid()), mark)) ++without;
  }
  EXPECT_EQ(without, 0);
  EXPECT_EQ(process->state(), State::running);
}

TEST(EnvironmentOf, IsEmptyAtOnceForWhoHasNone) {
  Innocent bare;
  while (command_of(bare.pid) != "sleep 1000") ::sched_yield();
  const auto took = muster::testing::fastest(50ms, [&] {
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(environment_of(bare.pid), "");
    EXPECT_EQ(environment_of(2), "") << "a kernel thread, or nothing of ours";
    return std::chrono::steady_clock::now() - begun;
  });
  EXPECT_LT(took, 50ms);
}

TEST(ReapAdopted, LeavesTheProgramsStatusAlone) {
  Bed bed(Backend::subreaper);
  auto process = bed.spawn(shell("quick", "exit 5"));
  // It is a zombie in another session now, like an orphan; its status is still the program's.
  const UniqueFd pidfd = open_pidfd(process->pid());
  ASSERT_TRUE(wait_pidfd(pidfd.get(), 10'000));
  reap_adopted();
  const ExitStatus status = run(bed.io, process->wait());
  EXPECT_FALSE(status.unknown);
  EXPECT_EQ(to_string(status), "exited 5");
}

/// As one is left whose worker is killed before it has a session of its own.
TEST(ReapAdopted, TakesWhatWasNeverMoreThanSpawned) {
  const long pid = ::syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, nullptr, nullptr, nullptr, 0L);
  if (pid == 0) ::_exit(0);
  if (pid < 0) GTEST_SKIP() << "no pid namespaces here";
  const UniqueFd pidfd = open_pidfd(static_cast<pid_t>(pid));
  ASSERT_TRUE(wait_pidfd(pidfd.get(), 10'000));
  EXPECT_TRUE(in_nested_pid_namespace(static_cast<pid_t>(pid)));
  EXPECT_FALSE(in_nested_pid_namespace(::getpid()));
  EXPECT_EQ(reap_adopted(), 1u);
}

}  // namespace
}  // namespace muster::process
