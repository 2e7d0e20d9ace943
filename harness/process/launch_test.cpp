#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <thread>

#include "process/children.hpp"
#include "process/log_capture.hpp"
#include "process/readiness.hpp"
#include "process/test_bed.hpp"

namespace muster::process {
namespace {

using namespace testing;

class Launch : public ::testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    if (Result<void> works = backend_available(GetParam()); !works) {
      GTEST_SKIP() << works.error().message;
    }
    bed.emplace(GetParam());
  }
  std::optional<Bed> bed;
};

INSTANTIATE_TEST_SUITE_P(Backends, Launch, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(Launch, TellsExitCodesApartFromSignals) {
  ExitStatus status;
  bed->output(shell("seven", "exit 7"), &status);
  EXPECT_EQ(to_string(status), "exited 7");
  EXPECT_FALSE(status.success());
  bed->output(shell("killed", "kill -KILL $$"), &status);
  EXPECT_EQ(to_string(status), "killed by SIGKILL");
  bed->output(shell("fine", ":"), &status);
  EXPECT_TRUE(status.success());
  EXPECT_GT(status.max_rss_kib, 0);
  EXPECT_GT(status.t_mono_ns, 0);
  EXPECT_EQ(bed->recorder.kinds(), (std::vector<std::string>{"spawned", "exited", "spawned",
                                                             "signalled", "spawned", "exited"}));
}

TEST_P(Launch, GivesTheEnvironmentExactly) {
  LaunchSpec spec;
  spec.name = "env";
  spec.program = "env";
  spec.env = {"PATH=/usr/bin:/bin", "A=1", "EMPTY=", "MUSTER_GROUP=stale"};
  const std::string printed = bed->output(spec);
  const GroupRecord& record = bed->group->record();
  EXPECT_EQ(printed, "PATH=/usr/bin:/bin\nA=1\nEMPTY=\nMUSTER_RUN_ID=" + record.run_id +
                         "\nMUSTER_GROUP=" + record.id + "\nMUSTER_PROGRAM=" + record.id +
                         "/env#1\n");
}

TEST_P(Launch, LeavesNoDescriptorOpenButTheGivenOnes) {
  // One that is not close-on-exec, and one that sits where the program's is to go.
  const int leaky = ::fcntl(STDERR_FILENO, F_DUPFD, 100);
  UniqueFd file(::open(bed->tree->str("given").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  LaunchSpec spec = shell("fds", "cd /proc/self/fd; echo *; cat <&5");
  ASSERT_EQ(::write(file.get(), "handed on\n", 10), 10);
  ASSERT_EQ(::lseek(file.get(), 0, SEEK_SET), 0);
  spec.fds = {{file.get(), 5}, {file.get(), 3}};
  const std::string printed = bed->output(spec);
  ::close(leaky);
  // `cd` and the glob leave nothing behind but the descriptor that reads the directory.
  EXPECT_TRUE(printed == "0 1 2 3 5\nhanded on\n" || printed == "0 1 2 3 4 5\nhanded on\n")
      << printed;
}

TEST_P(Launch, MapsDescriptorsThatSitOnEachOthersTargets) {
  UniqueFd a(::open(bed->tree->str("a").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  UniqueFd b(::open(bed->tree->str("b").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  bed->tree->write("a", "from a\n");
  bed->tree->write("b", "from b\n");
  if (a.get() > 9 || b.get() > 9) GTEST_SKIP() << "a shell names descriptors by one digit";
  LaunchSpec spec =
      shell("swap", "cat <&" + std::to_string(b.get()) + "; cat <&" + std::to_string(a.get()));
  spec.fds = {{a.get(), b.get()}, {b.get(), a.get()}};
  EXPECT_EQ(bed->output(spec), "from a\nfrom b\n");
  spec.fds = {{a.get(), a.get()}, {b.get(), b.get()}};
  ::lseek(a.get(), 0, SEEK_SET);
  ::lseek(b.get(), 0, SEEK_SET);
  EXPECT_EQ(bed->output(spec), "from b\nfrom a\n");
}

TEST_P(Launch, ResetsSignalsAndLeadsASessionOfItsOwn) {
  struct sigaction ignore {};
  struct sigaction before {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before);
  sigset_t blocked;
  sigset_t mask_before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &mask_before);
  auto process =
      bed->spawn(shell("signals", "grep -E 'Sig(Blk|Ign)' /proc/self/status; exec sleep 1000"));
  ::pthread_sigmask(SIG_SETMASK, &mask_before, nullptr);
  ::sigaction(SIGPIPE, &before, nullptr);

  ASSERT_TRUE(run(bed->io, until_ready(*process, {{ReadyLogLine{"SigIgn"}}}, 10s)));

  const std::optional<ProcStat> stat = read_stat(process->pid());
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->session, process->pid());
  EXPECT_EQ(stat->group, process->pid());
  EXPECT_EQ(stat->parent, ::getpid());
  EXPECT_EQ(stat->start_time, process->start_time());
  EXPECT_TRUE(process->signal(SIGTERM));
  const ExitStatus status = run(bed->io, process->wait());
  EXPECT_EQ(to_string(status), "killed by SIGTERM");
  EXPECT_EQ(process->log().text(), "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
  EXPECT_FALSE(process->signal(SIGTERM)) << "it has ended";
}

TEST_P(Launch, NamesEveryPlaceThatWasSearched) {
  LaunchSpec spec = shell("lost", "");
  spec.program = "no-such-program";
  spec.env = {"PATH=/usr/bin:/nowhere"};
  const auto missing = bed->group->spawn(spec);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, "program_not_found");
  EXPECT_EQ(missing.error().message,
            "program 'no-such-program' not found; searched /usr/bin/no-such-program, "
            "/nowhere/no-such-program");
  ASSERT_EQ(bed->recorder.kinds(), std::vector<std::string>{"spawn_failed"});
  EXPECT_EQ(bed->recorder.seen[0].data["searched"],
            (Json{"/usr/bin/no-such-program", "/nowhere/no-such-program"}));
}

TEST_P(Launch, SaysWhyAFileCannotBeExecuted) {
  const auto code = [&](const std::string& program) {
    LaunchSpec spec = shell("broken", "");
    spec.program = program;
    const auto failed = bed->group->spawn(spec);
    return failed ? "started" : failed.error().code;
  };
  bed->tree->write("plain", "text");
  EXPECT_EQ(code(bed->tree->str("plain")), "not_executable");
  EXPECT_EQ(code(bed->tree->str()), "not_executable") << "a directory";
  bed->tree->write("nothing", "text");
  ::chmod(bed->tree->str("nothing").c_str(), 0700);
  EXPECT_EQ(code(bed->tree->str("nothing")), "not_executable") << "no format that the kernel knows";
  bed->tree->write("orphaned", "#!/no/such/interpreter\n");
  ::chmod(bed->tree->str("orphaned").c_str(), 0700);
  EXPECT_EQ(code(bed->tree->str("orphaned")), "spawn_failed");
  EXPECT_EQ(code("/no/such/file"), "program_not_found");

  LaunchSpec elsewhere = shell("elsewhere", ":");
  elsewhere.cwd = "/no/such/folder";
  const auto failed = bed->group->spawn(elsewhere);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, "spawn_failed");
  EXPECT_NE(failed.error().message.find("/no/such/folder"), std::string::npos);
  // Nothing half-born is left to be waited for.
  for (pid_t child : children_of(::getpid())) {
    const auto known = registered_children();
    EXPECT_NE(std::find(known.begin(), known.end(), child), known.end()) << command_of(child);
  }
}

TEST_P(Launch, RunsInTheFolderAskedForAndFindsRelativeProgramsThere) {
  bed->tree->write("bin/where", "#!/bin/sh\npwd\n");
  ::chmod(bed->tree->str("bin/where").c_str(), 0700);
  LaunchSpec spec = shell("where", "");
  spec.program = "bin/where";
  spec.cwd = bed->tree->path().string();
  EXPECT_EQ(bed->output(spec), spec.cwd + "\n");
}

TEST_P(Launch, RunsInOurFolderWhereNoneIsNamed) {
  const std::string before = std::filesystem::current_path().string();
  std::filesystem::current_path(bed->tree->path());
  bed->tree->write("bin/here", "#!/bin/sh\npwd\n");
  ::chmod(bed->tree->str("bin/here").c_str(), 0700);
  LaunchSpec spec = shell("here", "");
  spec.program = "bin/here";
  spec.cwd.clear();
  EXPECT_EQ(bed->output(spec), bed->tree->path().string() + "\n");
  std::filesystem::current_path(before);
}

TEST_P(Launch, KeepsItsLimits) {
  LaunchSpec spec = shell("limited", "ulimit -n; ulimit -t");
  spec.limits = {{RLIMIT_NOFILE, 61}, {RLIMIT_CPU, 77}};
  EXPECT_EQ(bed->output(spec), "61\n77\n");
}

TEST_P(Launch, RunsAsAnotherUserWhenRootAsksForIt) {
  LaunchSpec spec = shell("other", "id -u; id -g; id -G");
  spec.user = "nobody";
  if (::geteuid() != 0) {
    EXPECT_EQ(bed->group->spawn(spec).error().code, "user_denied");
    return;
  }
  EXPECT_EQ(bed->output(spec), "65534\n65534\n65534\n");
  spec.user = "no-such-user";
  EXPECT_EQ(bed->group->spawn(spec).error().code, "user_unknown");
}

TEST_P(Launch, TakesStandardInput) {
  int pipe[2];
  ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
  UniqueFd read(pipe[0]);
  UniqueFd write(pipe[1]);
  ASSERT_EQ(::write(write.get(), "typed\n", 6), 6);
  write.reset();
  LaunchSpec spec = shell("cat", "cat");
  spec.stdin_fd = read.get();
  EXPECT_EQ(bed->output(spec), "typed\n");
  EXPECT_EQ(bed->output(shell("silent", "cat; echo end")), "end\n") << "/dev/null by default";
}

TEST(LaunchInNamespace, SeesItselfInProc) {
  if (Result<void> works = backend_available(Backend::pid_namespace); !works) {
    GTEST_SKIP() << works.error().message;
  }
  Bed bed(Backend::pid_namespace);
  EXPECT_EQ(bed.output(shell("self",
                             "[ \"$(readlink /proc/self)\" -gt 1 ] && readlink /proc/$$/exe "
                             ">/dev/null && cat /proc/1/comm")),
            "muster-init\n");
}

TEST_P(Launch, SharesAProcessWithABodyThatStartsItsOwnChildren) {
  bed.reset();
  std::atomic<bool> over{false};
  int wrong = 0;
  std::thread service([&] {
    Bed own(GetParam());
    for (int i = 0; i < 100; ++i) {
      ExitStatus status;
      const std::string text = own.output(shell("five", "echo said; exit 5"), &status);
      if (text != "said\n" || to_string(status) != "exited 5") ++wrong;
    }
    over = true;
  });
  // Neither side may take the other's children.
  int bodies = 0;
  int bodies_wrong = 0;
  while (!over || bodies == 0) {
    ++bodies;
    const int status = std::system("exit 3");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 3) ++bodies_wrong;
  }
  service.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(bodies_wrong, 0);
}

TEST(LaunchSpecTargets, AreChecked) {
  Bed bed;
  LaunchSpec spec = shell("bad", ":");
  spec.fds = {{0, 1}};
  EXPECT_EQ(bed.group->spawn(spec).error().code, "spawn_failed");
  spec.fds = {{0, 5}, {1, 5}};
  EXPECT_EQ(bed.group->spawn(spec).error().code, "spawn_failed");
}

TEST(SignalName, CoversRealTimeSignals) {
  EXPECT_EQ(signal_name(SIGTERM), "SIGTERM");
  EXPECT_EQ(signal_name(SIGRTMIN + 3), "SIGRTMIN+3");
  EXPECT_EQ(signal_name(99), "signal 99");
}

}  // namespace
}  // namespace muster::process
