#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "base/digest.hpp"
#include "base/secret_values.hpp"
#include "base/text.hpp"
#include "debug/bundle.hpp"
#include "debug/recorder.hpp"
#include "debug/session.hpp"
#include "testing/temp_tree.hpp"

namespace muster::debug {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kScope = "repo-0123456789ab";

struct Bench {
  testing::TempTree tree;
  artifacts::Repository repository = *artifacts::Repository::open(tree.str("runtime"), kScope);

  Recorder begin(RecorderOptions options = {}) const {
    if (options.command.empty()) options.command = "env start";
    return Recorder::begin(repository.folder(), options).value_or_throw();
  }

  /// A run whose web failed, with its log.
  void failed_run(const std::string& run_id) {
    auto events = repository.begin(run_id, "trace-1").value_or_throw();
    (void)events.add("service.started", "startup", {{"service", "Main Web"}});
    (void)events.add("service.ready", "startup", {{"service", "Main Db"}});
    (void)events.add("service.failed", "startup", {{"service", "Main Web"}});
    artifacts::Publication made;
    made.state.run_id = run_id;
    artifacts::Service web;
    web.status = artifacts::Status::stale;
    made.state.services["Main Web"] = web;
    made.ports.run_id = made.errors.run_id = run_id;
    made.errors.errors.push_back({"died_before_ready", "Main Web", "it ended: exit 3", "", "", ""});
    ASSERT_TRUE(repository.publish(made));
    tree.write("runtime/" + std::string(kScope) + "/runs/" + run_id + "/Main_web.log",
               "starting\nno module named x\n");
  }
};

const ArchivedFile& file_of(const std::vector<ArchivedFile>& files, const std::string& path) {
  const auto at =
      std::find_if(files.begin(), files.end(), [&](const auto& it) { return it.path == path; });
  if (at == files.end()) throw std::runtime_error("no " + path);
  return *at;
}

TEST(Archive, HoldsWhatWasPut) {
  const std::vector<ArchivedFile> files{{"a.json", "{}"}, {"b/c.log", std::string(100'000, 'x')}};
  const auto bytes = make_tar_gz(files, 1'700'000'000);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(*bytes, *make_tar_gz(files, 1'700'000'000)) << "the same files, the same bytes";
  const auto back = read_tar_gz(*bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, files);
  EXPECT_EQ(read_tar_gz(*bytes, 1000).error().code, "archive_too_large");
  EXPECT_EQ(read_tar_gz("no archive").error().code, "archive_failed");
  EXPECT_FALSE(read_tar_gz(std::string_view(*bytes).substr(0, bytes->size() / 2)));
  EXPECT_EQ(read_tar_gz(*make_tar_gz({{"../x", "y"}}, 0)).error().code, "archive_path");
}

TEST(Recorder, WritesEventsAsTheyHappen) {
  const Bench bench;
  auto recorder = bench.begin();
  ASSERT_TRUE(recorder.event("service.ready", {{"service", "web"}}));
  // not closed: what a crash would leave
  const auto session = last_session(bench.repository.folder());
  ASSERT_TRUE(session);
  ASSERT_EQ(session->events.size(), 2u);
  EXPECT_EQ(session->events[0]["event"], "session.started");
  EXPECT_EQ(session->events[1]["service"], "web");
  EXPECT_EQ(session->events[1]["seq"], 2);
  EXPECT_GE(session->events[1]["t_mono_ns"], session->events[0]["t_mono_ns"]);
  EXPECT_TRUE(parse_rfc3339(string_at(session->events[1], "wall")));
  EXPECT_FALSE(session->exit_code);
  EXPECT_FALSE(session->crashed) << "this process lives";
}

TEST(Recorder, SaysHowItEnded) {
  const Bench bench;
  auto recorder = bench.begin();
  recorder.belongs_to("run-1");
  ASSERT_TRUE(recorder.anomaly({"service_failed", "high", "web failed", {{"subject", "web"}}}));
  ASSERT_TRUE(recorder.end(1, "died_before_ready"));
  const auto session = last_session(bench.repository.folder());
  ASSERT_TRUE(session);
  EXPECT_EQ(session->exit_code, 1);
  EXPECT_EQ(session->failure_class, "died_before_ready");
  EXPECT_EQ(session->run_id, "run-1");
  ASSERT_EQ(session->anomalies.size(), 1u);
  EXPECT_EQ(session->anomalies[0]["code"], "service_failed");
}

TEST(Recorder, KeepsNoCommandLine) {
  const Bench bench;
  RecorderOptions options;
  options.command = "env start";
  options.words = {"muster", "env", "start", "--label=orchid"};
  auto recorder = bench.begin(options);
  ASSERT_TRUE(recorder.command_line("web", {"serve", "--label=orchid"}));
  ASSERT_TRUE(recorder.command_line("web", {"serve", "--label=orchid"}));
  ASSERT_TRUE(recorder.command_line("web", {"serve--label=orchid"}));
  const auto session = last_session(bench.repository.folder());
  const auto hash = [&](std::size_t at) { return session->events[at]["line"]["hash"]; };
  EXPECT_EQ(hash(1), hash(2));
  EXPECT_NE(hash(1), hash(3)) << "the borders of the words count";
  EXPECT_EQ(session->events[1]["line"]["length"], 20);
  EXPECT_NE(hash(1), sha256_hex("serve--label=orchid")) << "salted";
  auto other = bench.begin(options);
  ASSERT_TRUE(other.command_line("web", {"serve", "--label=orchid"}));
  EXPECT_NE(last_session(bench.repository.folder())->events[1]["line"]["hash"], hash(1));
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(bench.tree.path() / "runtime"))
    if (entry.is_regular_file()) {
      EXPECT_THAT(bench.tree.read(entry.path().lexically_relative(bench.tree.path()).string()),
                  Not(HasSubstr("orchid")))
          << entry.path();
    }
}

TEST(Recorder, KeepsInputOnlyWhenItMay) {
  const Bench bench;
  {
    auto recorder = bench.begin();
    ASSERT_TRUE(recorder.input("yes 12"));
  }
  auto session = *last_session(bench.repository.folder());
  EXPECT_EQ(session.events[1]["bytes"], 6);
  EXPECT_EQ(session.events[1]["letters"], 3);
  EXPECT_EQ(session.events[1]["digits"], 2);
  EXPECT_FALSE(session.events[1].contains("text"));
  RecorderOptions options;
  options.printable_input = true;
  auto recorder = bench.begin(options);
  ASSERT_TRUE(recorder.input("yes\x1b token=abc1"));
  session = *read_session(bench.repository.folder(), recorder.id());
  EXPECT_THAT(session.events[1]["text"].get<std::string>(), HasSubstr("yes"));
  EXPECT_THAT(session.events[1]["text"].get<std::string>(), Not(HasSubstr("abc1")));
}

/// Clocks that a test sets.
struct SetClock final : Clock {
  std::int64_t mono = 1'000;
  WallTime time{1'700'000'000, 0};
  std::int64_t mono_ns() const override { return mono; }
  WallTime wall() const override { return time; }
};

TEST(Recorder, NoticesThatTheClockWasSet) {
  const Bench bench;
  SetClock clock;
  RecorderOptions options;
  options.command = "env start";
  auto recorder = *Recorder::begin(bench.repository.folder(), options, clock);
  clock.mono += 1'000'000'000;
  clock.time.seconds += 1;
  ASSERT_TRUE(recorder.event("a"));
  EXPECT_EQ(recorder.anomalies(), 0u);
  clock.time.seconds += 3600;
  ASSERT_TRUE(recorder.event("b"));
  EXPECT_EQ(recorder.anomalies(), 1u);
}

TEST(Sessions, OldOnesGoButNoneThatRecords) {
  const Bench bench;
  RecorderOptions options;
  options.command = "env start";
  options.keep_sessions = 3;
  const auto running = bench.begin(options);
  for (int i = 0; i < 5; ++i) {
    auto recorder = bench.begin(options);
    ASSERT_TRUE(recorder.end(0, ""));
  }
  const auto left = *sessions(bench.repository.folder());
  EXPECT_LE(left.size(), 4u);
  EXPECT_THAT(left, ::testing::Contains(running.id()));
}

TEST(Sessions, OfADeadProcessHasCrashed) {
  const Bench bench;
  const pid_t child = ::fork();
  if (child == 0) {
    auto recorder = bench.begin();
    (void)recorder.event("half way");
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  const auto session = last_session(bench.repository.folder());
  ASSERT_TRUE(session);
  EXPECT_TRUE(session->crashed);
  EXPECT_TRUE(wants_packing(AutoPack::crash, *session));
  EXPECT_TRUE(wants_packing(AutoPack::anomaly, *session));
  EXPECT_FALSE(wants_packing(AutoPack::off, *session));
}

TEST(Sessions, AreReadWithALineCutOff) {
  const Bench bench;
  auto recorder = bench.begin();
  const std::string file =
      "runtime/" + std::string(kScope) + "/debug/" + recorder.id() + "/" + kEventsFile;
  bench.tree.write(file, bench.tree.read(file) + "{\"event\":\"ha");
  const auto session = last_session(bench.repository.folder());
  ASSERT_TRUE(session);
  EXPECT_EQ(session->events.size(), 1u);
  EXPECT_EQ(session->damaged, 1u);
}

TEST(Sessions, SayThatThereIsNone) {
  const Bench bench;
  EXPECT_EQ(last_session(bench.repository.folder()).error().code, "no_session");
  const auto recorder = bench.begin();
  EXPECT_EQ(read_session(bench.repository.folder(), "other").error().code, "session_unknown");
  EXPECT_TRUE(read_session(bench.repository.folder(), recorder.id().substr(8)));
}

TEST(Bundle, HoldsWhatItsContractSays) {
  Bench bench;
  bench.failed_run("run-1");
  auto recorder = bench.begin();
  recorder.belongs_to("run-1");
  ASSERT_TRUE(recorder.end(1, "died_before_ready"));
  const auto packed = pack(bench.repository, "");
  ASSERT_TRUE(packed) << packed.error().message;
  EXPECT_THAT(packed->path, HasSubstr("/debug/muster-debug-bundle-" + recorder.id() + ".tar.gz"));
  EXPECT_EQ(last_bundle(bench.repository), packed->path);
  const std::string bytes = bench.tree.read(
      std::filesystem::path(packed->path).lexically_relative(bench.tree.path()).string());
  EXPECT_EQ(sha256_hex(bytes), packed->sha256);
  const auto files = read_bundle(bytes);
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_THAT(file_of(*files, "logs/Main_web.log").content, HasSubstr("no module named x"));
  EXPECT_THAT(file_of(*files, "artifacts/run_state.json").content, HasSubstr("run-1"));
  EXPECT_THAT(file_of(*files, "summary.md").content, HasSubstr("died_before_ready"));

  const auto diagnostics = *parse_json(file_of(*files, "diagnostics.json").content);
  EXPECT_EQ(diagnostics["issues"][0]["code"], "died_before_ready");
  EXPECT_EQ(diagnostics["issues"][0]["confidence"], 1.0);
  EXPECT_FALSE(diagnostics["issues"][0]["probable_causes"].empty());
  EXPECT_EQ(diagnostics["startup"]["services"].size(), 2u);

  double last = 0;
  int of_run = 0;
  for (const std::string& line : split(file_of(*files, "timeline.jsonl").content, '\n')) {
    if (line.empty()) continue;
    const auto event = *parse_json(line);
    const auto wall = parse_rfc3339(string_at(event, "wall"));
    ASSERT_TRUE(wall);
    const double at = static_cast<double>(wall->seconds) + wall->nanos / 1e9;
    EXPECT_GE(at, last);
    last = at;
    of_run += event["source"] == "run" ? 1 : 0;
  }
  EXPECT_EQ(of_run, 3);
}

TEST(Bundle, IsRefusedWhenItIsNotWhole) {
  Bench bench;
  auto recorder = bench.begin();
  ASSERT_TRUE(recorder.end(0, ""));
  const auto files = bundle_files(bench.repository, *gather(bench.repository, ""));
  ASSERT_TRUE(read_bundle(*make_tar_gz(files, 0)));
  for (std::size_t i = 0; i < files.size(); ++i) {
    auto changed = files;
    changed[i].content += " ";
    if (changed[i].path != "manifest.json") {
      EXPECT_EQ(read_bundle(*make_tar_gz(changed, 0)).error().code, "bundle_broken") << i;
    }
    auto less = files;
    less.erase(less.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(read_bundle(*make_tar_gz(less, 0)).error().code, "bundle_broken") << i;
  }
  auto more = files;
  more.push_back({"planted", "x"});
  EXPECT_EQ(read_bundle(*make_tar_gz(more, 0)).error().code, "bundle_broken");
}

TEST(Bundle, HasNoSecretInAnyFile) {
  const std::string canary = "bundle-canary-9d8c7b6a";
  keep_secret(canary);
  Bench bench;
  bench.failed_run("run-1");
  // as a program or another tool would have written it, past every writer of muster
  const std::string run = "runtime/" + std::string(kScope) + "/runs/run-1/";
  bench.tree.write(run + "Main_web.log", "it is " + canary + "\n" + to_base64(canary) + "\n" +
                                             canary.substr(0, 9) + "\n" + canary.substr(9) + "\n");
  bench.tree.write(run + "events.jsonl",
                   R"({"event":"x","seq":1,"headers":{"Authorization":"Bearer )" + to_hex(canary) +
                       "\"},\"" + canary + "\":1}\n");
  auto recorder = bench.begin();
  recorder.belongs_to("run-1");
  ASSERT_TRUE(recorder.event("call", {{"nested", {{"deep", {"a", canary}}}}}));
  ASSERT_TRUE(recorder.anomaly({"x", "high", "with " + canary, {{"subject", canary}}}));
  ASSERT_TRUE(recorder.end(1, "x"));
  for (const ArchivedFile& file :
       bundle_files(bench.repository, *gather(bench.repository, recorder.id()))) {
    for (const std::string& form : {canary, to_hex(canary), to_base64(canary), canary.substr(9)})
      EXPECT_THAT(file.content, Not(HasSubstr(form))) << file.path;
  }
  const std::string session = "runtime/" + std::string(kScope) + "/debug/" + recorder.id() + "/";
  for (const char* name : {kEventsFile, kAnomaliesFile, kSessionFile})
    EXPECT_THAT(bench.tree.read(session + name), Not(HasSubstr(canary))) << name;
}

TEST(Diagnosis, NamesWhatIsNotRecorded) {
  const Bench bench;
  auto recorder = bench.begin();
  ASSERT_TRUE(recorder.end(0, ""));
  const auto diagnosis = diagnose(*gather(bench.repository, ""));
  EXPECT_TRUE(diagnosis.issues.empty());
  EXPECT_THAT(diagnosis.missing, ::testing::ElementsAre("a run of an environment"));
}

}  // namespace
}  // namespace muster::debug
