#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "artifacts/lock.hpp"
#include "artifacts/repository.hpp"
#include "artifacts/runtime_map.hpp"
#include "testing/temp_tree.hpp"

namespace muster::artifacts {
namespace {

constexpr const char* kScope = "repo-0123456789ab";

RunState example(const std::string& run_id) {
  RunState state;
  state.run_id = run_id;
  Service& web = state.services["Main Web"];
  web = {"Main",       "web",           "/srv/app", 42, 4'711,    8'000,        8'001,
         "/l/web.log", Status::running, false,      0,  {42, 43}, std::nullopt, true};
  Service& worker = state.services["Main Worker"];
  worker.project = "Main";
  worker.type = "worker";
  worker.status = Status::stale;
  worker.actual_port = 9'000;
  worker.failure_detail = "exited 3";
  worker.critical = false;
  Component& db = state.requirements["Main"].components["postgres"];
  db.id = "postgres";
  db.resources = {{"primary", 5'432}};
  db.final_port = 5'433;
  db.failure_class = "bind_conflict_retryable";
  return state;
}

Publication publication(const std::string& run_id) {
  Publication made;
  made.state = example(run_id);
  made.ports.run_id = run_id;
  made.ports.projects = {
      {"Main", "/srv/app", {{"web", {8'000, 8'001, 8'001, PortSource::planner, 0}}}}};
  made.errors.run_id = run_id;
  made.errors.errors = {{"died_before_ready", "Main Worker", "exited 3", "", "", "/l/w.log"}};
  made.readiness.errors = {"no parity manifest"};
  return made;
}

const std::string run_a = "20260102T030405Z-0000000a";
const std::string run_b = "20260102T030406Z-0000000b";

TEST(RunStateJson, ReadsWhatItWrites) {
  const RunState state = example(run_a);
  const auto again = run_state_from_json(to_json(state));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->services, state.services);
  EXPECT_EQ(again->requirements, state.requirements);
  EXPECT_FALSE(again->legacy);
}

TEST(RunStateJson, RefusesOtherVersionsAndShapesByName) {
  Json json = to_json(example(run_a));
  json["producer"] = "other";
  EXPECT_EQ(run_state_from_json(json).error().code, "state_schema");
  json["producer"] = "muster";
  json["schema_version"] = 3;
  EXPECT_EQ(run_state_from_json(json).error().code, "state_schema");
  json["schema_version"] = 2;
  json["services"]["Main Web"]["pid"] = "42";
  EXPECT_EQ(run_state_from_json(json).error().message,
            "the state has no proper member services.Main Web.pid: an integer expected");
  json["services"] = Json::array();
  EXPECT_EQ(run_state_from_json(json).error().message,
            "the state has no proper member services: an object expected");
  EXPECT_EQ(run_state_from_json(Json::array()).error().code, "state_shape");
}

TEST(RunStateJson, TakesTheFirstVersionWithoutAProducerAsLegacy) {
  Json json = to_json(example(run_a));
  json["schema_version"] = 1;
  EXPECT_EQ(run_state_from_json(json).error().code, "state_schema");
  json.erase("producer");
  const auto state = run_state_from_json(json);
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->legacy);
}

TEST(RuntimeMap, GivesAddressesOfWhatIsReachableOnly) {
  const Json map = runtime_map(example(run_a));
  EXPECT_EQ(map["projection"]["Main"]["web_url"], "http://localhost:8001");
  EXPECT_TRUE(map["projection"]["Main"]["worker_url"].is_null());
  EXPECT_EQ(map["projection"]["Main"]["worker_status"], "stale");
  EXPECT_EQ(map["port_to_service"], (Json{{"8001", "Main Web"}}));
  EXPECT_EQ(map["service_to_actual_port"]["Main Worker"], 9'000);
  const auto environment = projected_environment(example(run_a), "Main");
  EXPECT_EQ(environment.at("WEB_URL"), "http://localhost:8001");
  EXPECT_EQ(environment.at("POSTGRES_PORT"), "5433");
  EXPECT_FALSE(environment.contains("WORKER_URL"));
}

class Repositories : public ::testing::Test {
 protected:
  Repository open() {
    auto opened = Repository::open(tree.str("state"), kScope);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(opened).value_or_throw();
  }
  std::string file(const std::string& name) { return std::string("state/") + kScope + "/" + name; }

  muster::testing::TempTree tree;
};

TEST_F(Repositories, PublishWritesTheRunAndMakesItTheLatest) {
  Repository repository = open();
  EXPECT_FALSE(repository.latest().value().has_value());
  auto events = repository.begin(run_a, "trace");
  ASSERT_TRUE(events) << events.error().message;
  Publication first = publication(run_a);
  ASSERT_TRUE(repository.publish(first));
  EXPECT_EQ(repository.latest().value()->run_id, run_a);
  EXPECT_EQ(repository.latest("main").value()->services, first.state.services);
  EXPECT_FALSE(repository.latest("trees").value().has_value());
  for (const auto& [name, path] : first.state.pointers)
    EXPECT_TRUE(std::filesystem::exists(path)) << name;

  ASSERT_TRUE(repository.begin(run_b, "trace"));
  Publication second = publication(run_b);
  ASSERT_TRUE(repository.publish(second));
  EXPECT_EQ(repository.latest().value()->run_id, run_b);
  EXPECT_EQ(repository.state_of(run_a).value().run_id, run_a);
  EXPECT_EQ(repository.runs().value(), (std::vector<std::string>{run_b, run_a}));
  EXPECT_EQ(repository.ports_of(run_a).value().projects, first.ports.projects);
  EXPECT_EQ(repository.errors_of(run_a).value().errors.at(0).subject, "Main Worker");
  EXPECT_EQ(repository.pointers().value().size(), 2U);

  ASSERT_TRUE(repository.retire());
  EXPECT_FALSE(repository.latest().value().has_value());
  EXPECT_EQ(repository.runs().value().size(), 2U);
}

TEST_F(Repositories, FilesAreForTheirOwnerOnly) {
  Repository repository = open();
  ASSERT_TRUE(repository.begin(run_a, "trace"));
  Publication made = publication(run_a);
  ASSERT_TRUE(repository.publish(made));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(tree.str("state"))) {
    struct stat status {};
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, entry.is_directory() ? 0700U : 0600U) << entry.path();
  }
}

TEST_F(Repositories, EventsAfterThePublicationStandInTheLatestToo) {
  Repository repository = open();
  auto events = repository.begin(run_a, "trace-start");
  ASSERT_TRUE(events);
  ASSERT_TRUE(events->add("service.start", "startup", {{"service", "web"}, {"token", "s3cret"}}));
  Publication made = publication(run_a);
  ASSERT_TRUE(repository.publish(made));
  ASSERT_TRUE(events->add("service.ready", "startup"));
  auto more = repository.continue_events(run_a, "trace-stop");
  ASSERT_TRUE(more);
  ASSERT_TRUE(more->add("service.stop", "stop"));
  const std::string lines = tree.read(file("events.jsonl"));
  EXPECT_EQ(lines, tree.read(file("runs/" + run_a + "/events.jsonl")));
  EXPECT_NE(lines.find("service.ready"), lines.npos);
  EXPECT_NE(lines.find("\"seq\":3"), lines.npos);
  EXPECT_EQ(lines.find("s3cret"), lines.npos);
}

TEST_F(Repositories, APointerOutOfTheScopeIsNotFollowed) {
  Repository repository = open();
  tree.write("elsewhere/run_state.json", dump_json(to_json(example(run_a))));
  tree.write(file("pointer_manifest.json"), R"({"pointers":{".last_state.main":")" +
                                                tree.str("elsewhere/run_state.json") + R"("}})");
  const auto pointers = repository.pointers();
  ASSERT_TRUE(pointers);
  ASSERT_EQ(pointers->size(), 1U);
  EXPECT_FALSE(pointers->front().valid);
  EXPECT_FALSE(repository.latest("main").value().has_value());
}

TEST_F(Repositories, AStateThatIsCutOffIsNamedByItsPath) {
  Repository repository = open();
  tree.write(file("run_state.json"), "{\"schema_version\":2,");
  const auto latest = repository.latest();
  ASSERT_FALSE(latest);
  EXPECT_NE(latest.error().message.find("run_state.json"), std::string::npos);
}

TEST_F(Repositories, TheMirrorHoldsTheLatest) {
  Repository repository = open();
  ASSERT_TRUE(repository.mirror_in(tree.str("compat")));
  ASSERT_TRUE(repository.begin(run_a, "trace"));
  Publication made = publication(run_a);
  ASSERT_TRUE(repository.publish(made));
  EXPECT_EQ(tree.read("compat/run_state.json"), tree.read(file("run_state.json")));
}

TEST_F(Repositories, TheSecondIsToldWhoHoldsTheLock) {
  Repository repository = open();
  {
    const auto held = Lock::take(repository.locks(), "environment", {77, "env start", "now"});
    ASSERT_TRUE(held);
    const auto second = Lock::take(repository.locks(), "environment", {78, "env stop", "later"});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "locked");
    EXPECT_NE(second.error().message.find("env start (pid 77) since now"), std::string::npos);
    EXPECT_EQ(Lock::holder(repository.locks(), "environment").value()->pid, 77);
  }
  EXPECT_FALSE(Lock::holder(repository.locks(), "environment").value().has_value());
  EXPECT_TRUE(Lock::take(repository.locks(), "environment", {78, "env stop", "later"}));
}

TEST(RecordedArtifacts, AllLoadAsLegacy) {
  const std::filesystem::path recorded =
      std::filesystem::path(MUSTER_SOURCE_DIR).parent_path() / "shared/conformance/environment";
  if (!std::filesystem::exists(recorded)) GTEST_SKIP() << "no conformance data beside the project";
  const auto read = [&](const char* name) {
    std::ifstream in(recorded / name);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    return parse_json(text).value_or_throw();
  };
  const auto state = read_state_file((recorded / "run_state.json").string());
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_TRUE(state->state.legacy);
  EXPECT_EQ(state->state.services.at("Main Backend").actual_port, 18'433);
  EXPECT_EQ(state->state.requirements.at("Main").components.size(), 4U);
  EXPECT_EQ(ports_manifest_from_json(read("ports_manifest.json"))
                .value_or_throw()
                .projects.at(0)
                .ports.at("backend")
                .source,
            PortSource::environment);
  EXPECT_TRUE(error_report_from_json(read("error_report.json")));
  const auto readiness = readiness_report_from_json(read("runtime_readiness_report.json"));
  ASSERT_TRUE(readiness);
  EXPECT_FALSE(readiness->passed);
  EXPECT_EQ(readiness->errors.size(), 4U);
}

}  // namespace
}  // namespace muster::artifacts
