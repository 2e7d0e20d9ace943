#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "process/ports.hpp"
#include "process/proc_fs.hpp"
#include "truth/reconcile.hpp"
#include "truth/service_truth.hpp"

namespace muster::truth {
namespace {

using artifacts::Service;
using artifacts::Status;
using std::chrono::milliseconds;

/// A child of the test that waits to be killed, with a port of its own when one is given to it.
class Child {
 public:
  explicit Child(int keep = -1) {
    int ready[2];
    if (::pipe(ready) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ == 0) {
      for (int fd = 3; fd < 256; ++fd)
        if (fd != keep) ::close(fd);
      for (;;) ::pause();
    }
    ::close(ready[1]);
    char none = 0;
    (void)!::read(ready[0], &none, 1);  // the end of file: the child has closed what is not its own
    ::close(ready[0]);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { end(); }
  void end() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
};

Service service_of(pid_t pid, std::optional<int> port = std::nullopt) {
  Service service;
  service.pid = pid;
  if (const auto stat = process::read_stat(pid)) service.pid_start = stat->start_time;
  service.requested_port = port;
  return service;
}

ServiceTruth judged(const Service& service, milliseconds grace = milliseconds(0)) {
  return Snapshot::take().value_or_throw().judge(service, grace, system_clock().wall());
}

/// A port that nobody listens on, kept from others.
process::Port quiet_port() {
  return process::hold_port().value_or_throw();
}

TEST(Listeners, OfTheKernelHaveOurPort) {
  const auto port = process::listen_loopback().value_or_throw();
  const auto found = listeners().value_or_throw();
  const auto at = std::find_if(found.begin(), found.end(),
                               [&](const Listener& each) { return each.port == port.number; });
  ASSERT_NE(at, found.end());
  EXPECT_TRUE(at->loopback);
  EXPECT_EQ(at->uid, ::getuid());
  EXPECT_TRUE(sockets_of(::getpid()).contains(at->inode));
}

TEST(ServiceTruth, LivingWithoutAPortIsRunning) {
  const Child child;
  EXPECT_EQ(judged(service_of(child.pid())).status, Status::running);
}

TEST(ServiceTruth, ListeningOnItsPortIsRunning) {
  auto port = process::listen_loopback().value_or_throw();
  const Child child(port.fd.get());
  port.fd.reset();
  const auto truth = judged(service_of(child.pid(), port.number));
  EXPECT_EQ(truth.status, Status::running);
  EXPECT_TRUE(truth.listening);
  EXPECT_EQ(truth.listener_pids, std::vector<std::int64_t>{child.pid()});
}

TEST(ServiceTruth, AListenerElsewhereIsDiscovered) {
  auto port = process::listen_loopback().value_or_throw();
  const auto expected = quiet_port();
  const Child child(port.fd.get());
  port.fd.reset();
  Service service = service_of(child.pid(), expected.number);
  const auto truth = judged(service);
  EXPECT_EQ(truth.status, Status::running);
  EXPECT_FALSE(truth.listening);
  apply(truth, service);
  EXPECT_EQ(service.actual_port, port.number);
  EXPECT_EQ(service.requested_port, expected.number);
}

TEST(ServiceTruth, TheListenerMayBeAGrandchild) {
  const auto port = process::listen_loopback().value_or_throw();
  const auto truth = judged(service_of(::getppid(), port.number));
  // the test's parent owns it through the test
  EXPECT_TRUE(truth.listening);
  EXPECT_EQ(truth.listener_pids, std::vector<std::int64_t>{::getpid()});
}

TEST(ServiceTruth, APortOfAnotherProcessDoesNotCount) {
  const auto port = process::listen_loopback().value_or_throw();
  const Child child;
  EXPECT_EQ(judged(service_of(child.pid(), port.number)).status, Status::unreachable);
}

TEST(ServiceTruth, WhoeverElseListensIsSeen) {
  auto port = process::listen_loopback().value_or_throw();
  const int number = port.number;
  const Child child(port.fd.get());
  const auto snapshot = Snapshot::take().value_or_throw();
  const auto nobody = [](pid_t) { return false; };
  EXPECT_TRUE(snapshot.listened_by_other(number, {}, nobody));
  EXPECT_FALSE(snapshot.listened_by_other(number, {child.pid()}, nobody));
  // one that has left the tree is known by what it carries
  const auto known = [&](pid_t pid) { return pid == child.pid(); };
  EXPECT_FALSE(snapshot.listened_by_other(number, {}, known));
  EXPECT_FALSE(snapshot.listened_by_other(quiet_port().number, {}, nobody));
}

TEST(Reconcile, ARequirementWhoseServerHasEndedIsUnhealthy) {
  Child child;
  artifacts::RunState state;
  artifacts::Component& db = state.requirements["Main"].components["db"];
  db.pid = child.pid();
  db.pid_start = process::read_stat(child.pid())->start_time;
  db.success = true;
  db.health = "healthy";
  db.runtime_status = "running";
  EXPECT_TRUE(reconcile(state));
  EXPECT_EQ(db.health, "healthy");
  child.end();
  EXPECT_TRUE(reconcile(state));
  EXPECT_EQ(db.health, "unhealthy");
  EXPECT_FALSE(db.success);
  EXPECT_EQ(db.runtime_status, "stale");
  EXPECT_EQ(state.requirements["Main"].health, "unhealthy");
}

TEST(ServiceTruth, WithoutItsPortItIsStartingThenUnreachable) {
  const auto port = quiet_port();
  const Child child;
  Service service = service_of(child.pid(), port.number);
  const WallTime now = system_clock().wall();
  service.started_at = static_cast<double>(now.seconds);
  const auto snapshot = Snapshot::take().value_or_throw();
  EXPECT_EQ(snapshot.judge(service, milliseconds(5'000), now).status, Status::starting);
  const auto later = snapshot.judge(service, milliseconds(5'000), {now.seconds + 6, 0});
  EXPECT_EQ(later.status, Status::unreachable);
  EXPECT_NE(later.detail.find("listens on no port"), std::string::npos);
}

TEST(ServiceTruth, ADeadPidIsStale) {
  Child child;
  const Service service = service_of(child.pid());
  child.end();
  EXPECT_EQ(judged(service).status, Status::stale);
}

TEST(ServiceTruth, AZombieIsStale) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(3);
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(judged(service_of(pid)).status, Status::stale);
  ::waitpid(pid, nullptr, 0);
}

TEST(ServiceTruth, AReusedPidIsStaleAndSaysSo) {
  const Child child;
  Service service = service_of(child.pid());
  *service.pid_start += 1;
  const auto truth = judged(service);
  EXPECT_EQ(truth.status, Status::stale);
  EXPECT_TRUE(truth.reused);
  EXPECT_NE(truth.detail.find("another process"), std::string::npos);
}

TEST(ServiceTruth, SimulatedAndStoppedAreSaidAsTheyAre) {
  Service service;
  service.synthetic = true;
  EXPECT_EQ(judged(service).status, Status::simulated);
  service.synthetic = false;
  EXPECT_EQ(judged(service).status, Status::unknown);
  service.status = Status::stopped;
  EXPECT_EQ(judged(service).status, Status::stopped);
}

}  // namespace
}  // namespace muster::truth
