#include "process/cgroup.hpp"

#include <sys/wait.h>

#include <filesystem>

#include "process/test_bed.hpp"

namespace muster::process {
namespace {

using namespace testing;

/// Forces a backend for the time of a test.
struct Forced {
  explicit Forced(const std::string& name) : result(force_backend(name)) {}
  ~Forced() { (void)force_backend("auto"); }
  Result<void> result;
};

TEST(Backends, AreDescribedTheBestFirstAndOneIsInForce) {
  const std::vector<BackendReport> reports = describe_backends();
  ASSERT_EQ(reports.size(), 3U);
  int in_force = 0;
  for (const BackendReport& report : reports) {
    EXPECT_FALSE(report.detail.empty());
    EXPECT_EQ(report.available, static_cast<bool>(backend_available(report.backend)));
    if (report.in_force) ++in_force;
  }
  EXPECT_EQ(in_force, 1);
  EXPECT_EQ(reports[0].backend, Backend::pid_namespace);
  EXPECT_TRUE(reports[2].available);
}

TEST(Backends, CanBeForced) {
  for (const Backend backend : kBackends) {
    if (!backend_available(backend)) continue;
    const Forced forced(to_string(backend));
    EXPECT_TRUE(forced.result);
    EXPECT_EQ(*best_backend(), backend);
  }
  EXPECT_EQ(Forced("hope").result.error().code, "unknown_backend");
}

TEST(Cgroup, IsGoneWithItsGroup) {
  if (Result<void> works = backend_available(Backend::cgroup); !works)
    GTEST_SKIP() << works.error().message;
  std::string path;
  {
    Bed bed(Backend::cgroup);
    path = bed.group->record().cgroup;
    EXPECT_TRUE(is_our_cgroup(path));
    auto process = bed.spawn(shell("sleeps", "exec sleep 1000"));
    EXPECT_EQ(cgroup_members(path), std::vector<pid_t>{process->pid()});
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Cgroup, NamesOfOthersAreRefused) {
  EXPECT_FALSE(is_our_cgroup("/sys/fs/cgroup/unified/muster-x/../init.scope"));
  EXPECT_FALSE(is_our_cgroup("/tmp/muster-x"));
  EXPECT_FALSE(is_our_cgroup(""));
  const GroupRecord record{"s", Backend::cgroup, 4711, 1, "run", "/etc/muster-x"};
  EXPECT_EQ(group_record_from_json(to_json(record)).error().code, "bad_group_record");
}

}  // namespace
}  // namespace muster::process
