#include "journal/journal.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <thread>

#include "journal/location.hpp"
#include "journal/observer.hpp"
#include "journal/reader.hpp"
#include "testing/temp_tree.hpp"

namespace muster::journal {
namespace {

namespace fs = std::filesystem;
using muster::testing::TempTree;

class FixedClock final : public Clock {
 public:
  std::int64_t mono_ns() const override { return 5; }
  WallTime wall() const override { return {1'767'323'045, 678'000'000}; }
};

const FixedClock kClock;

RunStart start_in(const TempTree& tree, std::string run_id = {}) {
  return {tree.str("state"), tree.str("repo"), "0.1.0", "abc", std::move(run_id)};
}

Journal begun(const TempTree& tree, std::string run_id = {}) {
  return std::move(Journal::begin(start_in(tree, std::move(run_id)), kClock)).value_or_throw();
}

Result<RunRecord> opened(const TempTree& tree, const std::string& run_id = {}) {
  return RunRecord::open(tree.str("state"), scope_of(tree.str("repo")), run_id);
}

messages::Envelope envelope(const std::string& id) {
  return messages::TestRunStarted{{1, 2}, id};
}

unsigned mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777u;
}

RunEnd passed() {
  return {"passed", 0, {{"passed", 2}}, {{"passed", 7}}};
}

TEST(Location, FollowsTheEnvironment) {
  const auto directory = [](std::map<std::string, std::string> variables) {
    const auto found = runtime_directory([&](std::string_view name) -> std::optional<std::string> {
      const auto at = variables.find(std::string(name));
      return at == variables.end() ? std::nullopt : std::optional(at->second);
    });
    return found ? *found : found.error().code;
  };
  EXPECT_EQ(directory({{"MUSTER_RUNTIME_DIR", "/r"}, {"XDG_STATE_HOME", "/x"}, {"HOME", "/h"}}),
            "/r");
  EXPECT_EQ(directory({{"MUSTER_RUNTIME_DIR", ""}, {"XDG_STATE_HOME", "/x"}}), "/x/muster");
  EXPECT_EQ(directory({{"XDG_STATE_HOME", "relative"}, {"HOME", "/h"}}), "/h/.local/state/muster");
  EXPECT_EQ(directory({}), "runtime_dir_unknown");
}

TEST(Location, ScopeIsThatOfTheRealPath) {
  const TempTree tree;
  fs::create_directory(tree.path() / "repo");
  fs::create_directory_symlink(tree.path() / "repo", tree.path() / "link");
  EXPECT_EQ(scope_of(tree.str("repo")), scope_of(tree.str("link")));
  EXPECT_EQ(scope_of(tree.str("repo")), scope_of(tree.str("repo/")));
  EXPECT_NE(scope_of(tree.str("repo")), scope_of(tree.str("other")));
  EXPECT_EQ(scope_of("/"), "repo-8a5edab28263");
  EXPECT_TRUE(is_scope(scope_of(tree.str("repo"))));
}

TEST(Location, RunIdsHaveOneForm) {
  EXPECT_EQ(run_id_of(kClock.wall(), "0123abcd"), "20260102T030405Z-0123abcd");
  EXPECT_TRUE(is_run_id(make_run_id(kClock.wall())));
  EXPECT_FALSE(is_run_id("20260102T030405Z-0123ABCD"));
  EXPECT_FALSE(is_run_id("../260102T030405Z-0123abcd"));
  EXPECT_FALSE(is_run_id("20260102T030405Z-0123abcd/"));
}

TEST(Journal, KeepsARunThatOthersCanRead) {
  const TempTree tree;
  Journal journal = begun(tree);
  ASSERT_TRUE(journal.append(envelope("a")).ok());
  ASSERT_TRUE(journal.append(envelope("b")).ok());
  ASSERT_TRUE(journal.hatch().append("{}").ok());
  FileObserver observer(journal.observations());
  observer.observe(observation("process", "spawned", "console", {{"pid", 7}}));
  ASSERT_TRUE(journal.flush().ok());

  const Result<RunRecord> during = opened(tree);
  ASSERT_TRUE(during.ok()) << during.error().message;
  EXPECT_EQ(during->state(), RunRecord::State::running);

  ASSERT_TRUE(journal.finish(passed()).ok());
  const Result<RunRecord> after = opened(tree, journal.run_id());
  ASSERT_TRUE(after.ok()) << after.error().message;
  EXPECT_EQ(after->state(), RunRecord::State::finished) << after->reason();
  const Manifest& manifest = after->manifest();
  EXPECT_EQ(manifest.verdict, "passed");
  EXPECT_EQ(manifest.started_at, "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(manifest.finished_at, "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(manifest.plan_digest, "abc");
  EXPECT_EQ(manifest.pid, ::getpid());
  EXPECT_EQ(manifest.scenarios.at("passed"), 2);
  EXPECT_EQ(manifest.steps.at("passed"), 7);
  EXPECT_EQ(manifest.files.at("messages.ndjson").lines, 2u);

  std::vector<messages::Envelope> read;
  ASSERT_TRUE(
      after->messages([&](messages::Envelope each) { read.push_back(std::move(each)); }).ok());
  EXPECT_EQ(read, (std::vector{envelope("a"), envelope("b")}));
  std::vector<std::string> kinds;
  ASSERT_TRUE(after->observations([&](Observation each) { kinds.push_back(each.kind); }).ok());
  EXPECT_EQ(kinds, std::vector<std::string>{"spawned"});
  EXPECT_EQ(journal.finish(passed()).error().code, "journal_finished");
}

TEST(Journal, IsPrivate) {
  const TempTree tree;
  const mode_t before = ::umask(0);
  Journal journal = begun(tree);
  ASSERT_TRUE(journal.log("console").ok());
  ASSERT_TRUE(journal.finish(passed()).ok());
  ::umask(before);
  EXPECT_EQ(mode_of(tree.str("state")), 0700u);
  std::size_t seen = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(tree.path() / "state")) {
    ++seen;
    EXPECT_EQ(mode_of(entry.path().string()), entry.is_directory() ? 0700u : 0600u) << entry.path();
  }
  EXPECT_EQ(seen, 10u);
}

TEST(Journal, LatestPointsToTheLastThatBegan) {
  const TempTree tree;
  Journal first = begun(tree, "20260102T030405Z-00000001");
  Journal second = begun(tree, "20260102T030405Z-00000002");
  EXPECT_EQ(opened(tree).value_or_throw().manifest().run_id, second.run_id());
  EXPECT_EQ(*run_ids(tree.str("state"), scope_of(tree.str("repo"))),
            (std::vector<std::string>{first.run_id(), second.run_id()}));
  EXPECT_EQ(Journal::begin(start_in(tree, first.run_id()), kClock).error().code, "path_exists");
  EXPECT_EQ(Journal::begin(start_in(tree, "../x"), kClock).error().code, "run_id");
}

TEST(Journal, ReadersMakeNothing) {
  const TempTree tree;
  EXPECT_EQ(opened(tree).error().code, "path_missing");
  EXPECT_TRUE(run_ids(tree.str("state"), scope_of(tree.str("repo")))->empty());
  EXPECT_FALSE(fs::exists(tree.path() / "state"));
}

TEST(Journal, ACutOffRunReadsAsIncomplete) {
  const TempTree tree;
  std::string id;
  {
    Journal journal = begun(tree);
    id = journal.run_id();
    ASSERT_TRUE(journal.append(envelope("a")).ok());
  }
  const Result<RunRecord> record = opened(tree, id);
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->state(), RunRecord::State::incomplete);
  EXPECT_EQ(record->reason(), "the run was cut off");
}

TEST(Journal, EveryPrefixOfAFileReadsAsIncomplete) {
  const TempTree tree;
  Journal journal = begun(tree);
  ASSERT_TRUE(journal.append(envelope("a")).ok());
  ASSERT_TRUE(journal.append(envelope("b")).ok());
  ASSERT_TRUE(journal.finish(passed()).ok());
  const fs::path file = fs::path(journal.path()) / "messages.ndjson";
  const std::uintmax_t whole = fs::file_size(file);
  for (std::uintmax_t size = whole; size-- > 0;) {
    fs::resize_file(file, size);
    const Result<RunRecord> record = opened(tree);
    ASSERT_TRUE(record.ok());
    ASSERT_EQ(record->state(), RunRecord::State::incomplete) << size;
    std::size_t handed_out = 0;
    const Result<void> read = record->messages([&](const messages::Envelope&) { ++handed_out; });
    EXPECT_LT(handed_out, 2u);
    EXPECT_EQ(read.ok(), size == 0 || size == whole / 2) << size;
    if (!read.ok()) {
      EXPECT_EQ(read.error().code, "line_truncated");
    }
  }
  fs::remove(file);
  EXPECT_EQ(opened(tree)->state(), RunRecord::State::incomplete);
}

TEST(Journal, RefusesForeignManifests) {
  const TempTree tree;
  Journal journal = begun(tree);
  ASSERT_TRUE(journal.finish(passed()).ok());
  const std::string file = journal.path() + "/manifest.json";
  const std::string relative = fs::relative(file, tree.path()).string();
  const std::string good = tree.read(relative);
  const auto code_with = [&](const std::string& from, const std::string& to) {
    std::string changed = good;
    changed.replace(changed.find(from), from.size(), to);
    tree.write(relative, changed);
    const Result<RunRecord> record = opened(tree);
    return record ? "read" : record.error().code;
  };
  EXPECT_EQ(code_with("\"schema_version\":1", "\"schema_version\":2"), "manifest_schema");
  EXPECT_EQ(code_with("\"producer\":\"muster\"", "\"producer\":\"other\""), "manifest_schema");
  EXPECT_EQ(code_with("\"state\":\"finished\"", "\"state\":\"done\""), "manifest_shape");
  EXPECT_EQ(code_with("\"lines\":0", "\"lines\":\"0\""), "manifest_shape");
  EXPECT_EQ(code_with("Z-", "Z-x"), "manifest_foreign");
  EXPECT_EQ(code_with("{", "["), "json_syntax");
  EXPECT_EQ(code_with("\"verdict\"", "\"verdict\""), "read");
}

TEST(Journal, RefusesPlantedPaths) {
  const std::string scope = scope_of("/");
  const auto code = [&](const std::function<void(const TempTree&)>& plant) {
    const TempTree tree;
    plant(tree);
    const Result<Journal> journal =
        Journal::begin({tree.str("state"), "/", "0.1.0", "", ""}, kClock);
    EXPECT_TRUE(!fs::exists(tree.path() / "elsewhere") || fs::is_empty(tree.path() / "elsewhere"));
    return journal ? "begun" : journal.error().code;
  };
  const auto private_directory = [](const fs::path& path) {
    fs::create_directories(path);
    fs::permissions(path, fs::perms::owner_all);
  };
  EXPECT_EQ(code([&](const TempTree& tree) {
              private_directory(tree.path() / "elsewhere");
              fs::create_directory_symlink(tree.path() / "elsewhere", tree.path() / "state");
            }),
            "path_symlink");
  EXPECT_EQ(code([&](const TempTree& tree) {
              private_directory(tree.path() / "elsewhere");
              private_directory(tree.path() / "state");
              fs::create_directory_symlink("../elsewhere", tree.path() / "state" / scope);
            }),
            "path_symlink");
  EXPECT_EQ(code([&](const TempTree& tree) {
              private_directory(tree.path() / "elsewhere");
              private_directory(tree.path() / "state");
              private_directory(tree.path() / "state" / scope);
              fs::create_directory_symlink("../../elsewhere",
                                           tree.path() / "state" / scope / "runs");
            }),
            "path_symlink");
  EXPECT_EQ(code([&](const TempTree& tree) {
              private_directory(tree.path() / "state");
              ::mkfifo((tree.path() / "state" / scope).c_str(), 0600);
            }),
            "io");
  EXPECT_EQ(code([&](const TempTree& tree) {
              private_directory(tree.path() / "state");
              fs::permissions(tree.path() / "state", fs::perms::all);
            }),
            "directory_open_to_others");
  if (::geteuid() == 0) {
    EXPECT_EQ(code([&](const TempTree& tree) {
                private_directory(tree.path() / "state" / scope);
                fs::permissions(tree.path() / "state", fs::perms::owner_all);
                ASSERT_EQ(::chown((tree.path() / "state" / scope).c_str(), 12345, 12345), 0);
              }),
              "directory_foreign");
  }
}

TEST(Directory, OpensNothingButRegularFilesBeneath) {
  const TempTree tree;
  fs::permissions(tree.path(), fs::perms::owner_all);
  tree.write("target", "secret");
  fs::create_symlink("target", tree.path() / "link");
  ::mkfifo((tree.path() / "fifo").c_str(), 0600);
  const Directory root = std::move(Directory::root(tree.str())).value_or_throw();
  EXPECT_EQ(root.read("link").error().code, "path_symlink");
  EXPECT_EQ(root.read("fifo").error().code, "file_irregular");
  EXPECT_EQ(root.read("..").error().code, "path_name");
  EXPECT_EQ(root.read("a/b").error().code, "path_name");
  EXPECT_EQ(root.read("target", 3).error().code, "file_too_large");
  EXPECT_EQ(root.create("link").error().code, "path_exists");
  EXPECT_EQ(root.create("fifo").error().code, "path_exists");
  EXPECT_EQ(Directory::root(tree.str("target")).error().code, "io");

  // a link in the place of the target is replaced, what it points to is left alone
  ASSERT_TRUE(root.write_atomically("link", "new").ok());
  EXPECT_EQ(tree.read("target"), "secret");
  EXPECT_EQ(*root.read("link"), "new");
  EXPECT_EQ(*root.names(), (std::vector<std::string>{"fifo", "link", "target"}));
}

TEST(Directory, NamesBecomeHarmless) {
  EXPECT_EQ(safe_file_name("console.log"), "console.log");
  for (const std::string name : {"", ".", "..", "../x", "a/b", ".hidden", "a\nb", "ü"}) {
    const std::string safe = safe_file_name(name);
    EXPECT_NE(safe, name);
    EXPECT_NE(safe.front(), '.');
    EXPECT_EQ(safe.find_first_of("/\n"), std::string::npos);
  }
  EXPECT_NE(safe_file_name("a/b"), safe_file_name("a:b"));
  EXPECT_LE(safe_file_name(std::string(300, 'x')).size(), 120u);
  EXPECT_LE(safe_file_name(std::string(300, '/')).size(), 120u);
}

TEST(AppendFile, SaysThatTheDiskIsFull) {
  AppendFile file(UniqueFd(::open("/dev/full", O_WRONLY | O_CLOEXEC)), "/dev/full");
  ASSERT_TRUE(file.append("a line").ok());
  EXPECT_EQ(file.flush().error().code, "disk_full");
  EXPECT_EQ(file.append("another").error().code, "disk_full");
  EXPECT_EQ(file.close().error().code, "disk_full");
}

/// The largest file that this process may write, put back at the end.
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limited{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limited);
  }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;
  ~FileLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST(Journal, NoRoomLeavesWholeLinesAndAnIncompleteRun) {
  const TempTree tree;
  Journal journal = begun(tree);
  {
    const FileLimit limit(1000);
    Result<void> appended = journal.append(envelope("x"));
    for (int i = 0; i < 50 && appended; ++i) {
      appended = journal.append(envelope("x" + std::to_string(i)));
      if (appended) appended = journal.messages().flush();
    }
    ASSERT_FALSE(appended.ok());
    EXPECT_NE(appended.error().message.find("messages.ndjson"), std::string::npos);
    EXPECT_FALSE(journal.finish(passed()).ok());
  }
  const std::string file =
      fs::path(journal.path()).lexically_relative(tree.path()) / "messages.ndjson";
  const std::string content = tree.read(file);
  ASSERT_FALSE(content.empty());
  EXPECT_EQ(content.back(), '\n');
  EXPECT_FALSE(journal.finish(passed()).ok());
  { const Journal gone = std::move(journal); }
  const Result<RunRecord> record = opened(tree);
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->state(), RunRecord::State::incomplete);
  EXPECT_TRUE(record->messages([](const messages::Envelope&) {}).ok());
}

TEST(Journal, NoRoomForTheManifestKeepsTheOldOne) {
  const TempTree tree;
  fs::permissions(tree.path(), fs::perms::owner_all);
  const Directory root = std::move(Directory::root(tree.str())).value_or_throw();
  ASSERT_TRUE(root.write_atomically("manifest.json", "old").ok());
  {
    const FileLimit limit(10);
    EXPECT_FALSE(root.write_atomically("manifest.json", std::string(100, 'n')).ok());
  }
  EXPECT_EQ(tree.read("manifest.json"), "old");
  EXPECT_EQ(*root.names(), std::vector<std::string>{"manifest.json"});
}

TEST(Journal, LogsOfOneNameGetNumbers) {
  const TempTree tree;
  Journal journal = begun(tree);
  Result<AppendFile> first = journal.log("../console");
  Result<AppendFile> second = journal.log("../console");
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(second->path(), first->path() + ".2");
  EXPECT_EQ(fs::path(first->path()).parent_path(), fs::path(journal.path()) / "logs");
}

TEST(FileObserver, KeepsSecretsOut) {
  const TempTree tree;
  Journal journal = begun(tree);
  FileObserver observer(journal.observations());
  const std::string canary = "kanarienvogel";
  observer.observe(
      observation("http", "exchange", "console?token=" + canary,
                  {{"headers", {{"Authorization", "Bearer " + canary}, {"Cookie", "a=" + canary}}},
                   {"api_key", canary},
                   {"pin_secret", 1234},
                   {"list", {{{"password", canary}}, "x password=" + canary}},
                   {"url", "postgres://me:" + canary + "@host/db"}},
                  "Bearer " + canary));
  ASSERT_TRUE(observer.flush().ok());
  EXPECT_FALSE(observer.failure());
  const std::string text = tree.read(
      (fs::path(journal.path()).lexically_relative(tree.path()) / "observe.jsonl").string());
  EXPECT_NE(text.find("\"kind\":\"exchange\""), std::string::npos);
  EXPECT_EQ(text.find(canary), std::string::npos) << text;
  EXPECT_EQ(text.find("1234"), std::string::npos) << text;
}

TEST(FileObserver, TakesSeveralThreads) {
  const TempTree tree;
  Journal journal = begun(tree);
  FileObserver observer(journal.observations());
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&] {
      for (int i = 0; i < 250; ++i)
        observer.observe(observation("wait", "tick", std::string(90, 'x')));
    });
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(journal.finish(passed()).ok());
  std::size_t count = 0;
  ASSERT_TRUE(opened(tree)->observations([&](const Observation&) { ++count; }).ok());
  EXPECT_EQ(count, 1000u);
}

}  // namespace
}  // namespace muster::journal
