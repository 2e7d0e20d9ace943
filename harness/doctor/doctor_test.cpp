#include "doctor/doctor.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "artifacts/lock.hpp"
#include "base/secret_values.hpp"
#include "debug/bundle.hpp"
#include "debug/recorder.hpp"
#include "process/proc_fs.hpp"
#include "testing/temp_tree.hpp"

namespace muster::doctor {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kScope = "repo-0123456789ab";

/// A scope with a published run of one service, which is this process.
struct Bench {
  testing::TempTree tree;
  artifacts::Repository repository = *artifacts::Repository::open(tree.str("runtime"), kScope);
  artifacts::Publication made;

  Bench() {
    made.state.run_id = made.ports.run_id = made.errors.run_id = "run-1";
    artifacts::Service self;
    self.project = "Main";
    self.type = "self";
    self.pid = ::getpid();
    self.pid_start = process::read_stat(::getpid())->start_time;
    self.status = artifacts::Status::running;
    made.state.services["Main Self"] = self;
    made.readiness.passed = true;
    auto events = repository.begin("run-1", "trace-1").value_or_throw();
    (void)events.add("service.started", "startup", {{"service", "Main Self"}});
    publish();
  }
  void publish() { repository.publish(made).value_or_throw(); }

  artifacts::Lock keep() const {
    return artifacts::Lock::take(repository.locks(), "keeper", {::getpid(), "env keeper", "now"})
        .value_or_throw();
  }

  Report examine() const {
    Examination examination;
    examination.commands = required_commands();
    examination.contracts = tree.str("contracts");
    examination.repository = &repository;
    examination.versions = {{"muster", "1"}};
    return doctor::examine(examination);
  }
};

std::vector<std::string> codes(const Report& report, const std::string& gate) {
  std::vector<std::string> out;
  for (const Gate& it : report.gates)
    if (it.name == gate)
      for (const Finding& finding : it.failures) out.push_back(finding.code);
  return out;
}

TEST(Doctor, PassesWhatIsInOrder) {
  const Bench bench;
  const auto lock = bench.keep();
  const auto report = bench.examine();
  EXPECT_TRUE(report.ok()) << render(report);
  EXPECT_TRUE(report.readiness.passed);
  ASSERT_EQ(report.locks.size(), 1u);
  EXPECT_THAT(report.locks[0].holder, HasSubstr("env keeper"));
  EXPECT_FALSE(report.pointers.empty());
  // exactly one way to end programs is in force
  EXPECT_EQ(std::count_if(report.reaping.begin(), report.reaping.end(),
                          [](const InForce& it) { return it.in_force; }),
            1);
  EXPECT_THAT(render(report), HasSubstr("all gates pass"));
  EXPECT_EQ(to_json(report)["kind"], "doctor");
}

TEST(Doctor, NamesCommandsAndAliasesThatAreMissing) {
  const Bench bench;
  Examination examination;
  examination.contracts = bench.tree.str("contracts");
  examination.commands = required_commands();
  std::erase_if(examination.commands, [](const Command& it) { return it.name == "plan"; });
  for (Command& it : examination.commands)
    if (it.name == "health") it.aliases.clear();
  EXPECT_THAT(codes(examine(examination), "command_parity"),
              ::testing::ElementsAre("command_missing", "alias_missing"));
}

TEST(Doctor, SeesThatAServiceIsGone) {
  Bench bench;
  const auto lock = bench.keep();
  bench.made.state.services["Main Self"].pid_start = 1;  // another process by now
  bench.publish();
  const auto report = bench.examine();
  EXPECT_FALSE(report.ok());
  EXPECT_THAT(codes(report, "runtime_truth"), Contains("service_stale"));
  EXPECT_FALSE(report.readiness.passed);
  EXPECT_THAT(report.readiness.errors.front(), HasSubstr("service_stale"));
}

TEST(Doctor, SeesThatNobodyKeepsIt) {
  const Bench bench;
  EXPECT_THAT(codes(bench.examine(), "lifecycle"), Contains("keeper_gone"));
}

TEST(Doctor, ClosesAGateForWhatIsSimulated) {
  Bench bench;
  const auto lock = bench.keep();
  bench.made.state.services["Main Self"].synthetic = true;
  bench.made.state.services["Main Self"].status = artifacts::Status::simulated;
  bench.publish();
  const auto report = bench.examine();
  EXPECT_THAT(codes(report, "shipability"), ::testing::ElementsAre("synthetic_state"));
  EXPECT_TRUE(report.synthetic_state);
  bench.made.state.services["Main Self"].synthetic = false;
  bench.made.state.services["Main Self"].status = artifacts::Status::stopped;
  bench.made.state.requirements["Main"].components["db"] = {};
  bench.made.state.requirements["Main"].components["db"].simulated = true;
  bench.publish();
  EXPECT_THAT(codes(bench.examine(), "shipability"), ::testing::ElementsAre("synthetic_state"));
}

TEST(Doctor, TellsOfRecentFailures) {
  const Bench bench;
  bench.tree.write("runtime/" + std::string(kScope) + "/commands.jsonl",
                   R"({"command":"start","exit_code":0,"timestamp":"t"})"
                   "\n"
                   R"({"command":"stop","exit_code":1,"failure_class":"no_keeper","timestamp":"t"})"
                   "\nnot json\n");
  EXPECT_THAT(bench.examine().recent_failures,
              ::testing::ElementsAre(HasSubstr("stop: no_keeper")));
}

TEST(Doctor, IsSilentAboutSecrets) {
  Bench bench;
  keep_secret("doctor-canary-1a2b3c");
  bench.made.errors.errors.push_back({"x", "web", "token doctor-canary-1a2b3c", "", "", ""});
  bench.publish();
  const auto report = bench.examine();
  EXPECT_THAT(render(report) + to_json(report).dump(), Not(HasSubstr("doctor-canary")));
}

std::string document(const std::string& name) {
  std::ifstream in(fs::path(MUSTER_SOURCE_DIR) / "docs" / "formats" / name);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Names of all files that an environment with a recorded and packed session leaves, as documents
/// call them.
std::set<std::string> files_written(const Bench& bench) {
  auto recorder = debug::Recorder::begin(bench.repository.folder(), {}).value_or_throw();
  (void)recorder.end(0, "");
  debug::pack(bench.repository, recorder.id()).value_or_throw();
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(bench.repository.folder().path())) {
    if (!entry.is_regular_file()) continue;
    std::string name = entry.path().filename().string();
    if (name.starts_with("muster-debug-bundle-")) name = "muster-debug-bundle-<session>.tar.gz";
    names.insert(name);
  }
  return names;
}

// CONTRIBUTING, "A new artifact": format document, writer, reader, doctor
TEST(Checklist, EveryArtifactHasAFormatDocument) {
  const Bench bench;
  const auto lock = bench.keep();
  const std::string documents = document("environment.md") + document("debug.md");
  for (const std::string& name : files_written(bench))
    EXPECT_THAT(documents, HasSubstr("`" + name + "`")) << "docs/formats tells nothing of " << name;
}

TEST(Checklist, EveryArtifactIsReadByTheDoctor) {
  for (const char* name : {artifacts::kRunStateFile, artifacts::kRuntimeMapFile,
                           artifacts::kPortsFile, artifacts::kErrorsFile, artifacts::kReadinessFile,
                           artifacts::kEventsFile, artifacts::kPointersFile}) {
    const Bench bench;
    const auto lock = bench.keep();
    ASSERT_TRUE(bench.examine().ok()) << render(bench.examine());
    bench.tree.write("runtime/" + std::string(kScope) + "/" + name, "[\n");
    EXPECT_FALSE(bench.examine().ok()) << name << " is broken and nobody says so";
  }
}

// CONTRIBUTING, "A new debug signal": redaction, bundle, schema
TEST(Checklist, EveryDebugSignalIsInTheBundleItsContractAndItsDocument) {
  const Bench bench;
  auto recorder = debug::Recorder::begin(bench.repository.folder(), {}).value_or_throw();
  (void)recorder.end(0, "");
  const auto files = debug::bundle_files(
      bench.repository, debug::gather(bench.repository, recorder.id()).value_or_throw());
  const Json contract = Json::parse(files.front().content);
  std::set<std::string> promised;
  for (const Json& file : contract["files"]) promised.insert(file["path"].get<std::string>());
  const std::string told = document("debug.md");
  for (const std::string& path : promised)
    EXPECT_THAT(told, HasSubstr("`" + path + "`")) << "docs/formats/debug.md";
  for (const auto& file : files) {
    const std::size_t slash = file.path.find('/');
    EXPECT_TRUE(
        promised.contains(slash == std::string::npos ? file.path : file.path.substr(0, slash + 1)))
        << file.path << " is not in the contract";
  }
  // whatever a session records is in its bundle
  for (const auto& entry : fs::directory_iterator(recorder.path()))
    EXPECT_TRUE(promised.contains(entry.path().filename().string())) << entry.path();
}

TEST(Checklist, EveryDebugSignalIsRedacted) {
  keep_secret("signal-canary-4d5e6f");
  const Bench bench;
  debug::RecorderOptions options;
  options.command = "env start";
  options.words = {"signal-canary-4d5e6f"};
  options.printable_input = true;
  auto recorder = debug::Recorder::begin(bench.repository.folder(), options).value_or_throw();
  const Json deep{{"a", {{"b", {"signal-canary-4d5e6f"}}}}};
  (void)recorder.event("any", deep);
  (void)recorder.command_line("any", {"signal-canary-4d5e6f"});
  (void)recorder.input("signal-canary-4d5e6f");
  (void)recorder.anomaly({"any", "low", "signal-canary-4d5e6f", deep});
  recorder.belongs_to("signal-canary-4d5e6f");
  (void)recorder.end(1, "signal-canary-4d5e6f");
  for (const auto& entry : fs::directory_iterator(recorder.path())) {
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    EXPECT_THAT(text, Not(HasSubstr("signal-canary"))) << entry.path();
  }
}

}  // namespace
}  // namespace muster::doctor
