#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "base/text.hpp"
#include "config/load.hpp"
#include "requirements/container_plan.hpp"
#include "requirements/data_directory.hpp"
#include "requirements/native_server.hpp"
#include "testing/temp_tree.hpp"

namespace muster::requirements {
namespace {

std::string text_of(const std::string& file) {
  std::ifstream stream(std::string(MUSTER_SOURCE_DIR) + "/" + file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::variant<std::vector<RequirementSpec>, std::vector<Diagnostic>> read(
    const std::string& toml, const std::vector<services::ServiceSpec>& services = {}) {
  static const config::Schema schema{keys(), services::keys()};
  auto loaded = config::load_text(schema, {}, "muster.toml", toml);
  if (const auto* problems = std::get_if<std::vector<Diagnostic>>(&loaded)) return *problems;
  return read_requirements(std::get<config::Config>(loaded), services);
}

std::vector<RequirementSpec> good(const std::string& toml) {
  auto read_ones = read(toml);
  if (const auto* problems = std::get_if<std::vector<Diagnostic>>(&read_ones)) {
    for (const Diagnostic& problem : *problems) ADD_FAILURE() << problem.message;
    return {};
  }
  return std::get<std::vector<RequirementSpec>>(read_ones);
}

std::vector<std::string> problems(const std::string& toml) {
  auto read_ones = read(toml);
  std::vector<std::string> codes;
  if (const auto* found = std::get_if<std::vector<Diagnostic>>(&read_ones))
    for (const Diagnostic& problem : *found) codes.push_back(problem.code);
  return codes;
}

TEST(ReadRequirements, TakeWhatTheirKindSaysAndWhatTheFileSays) {
  const auto read_ones = good(R"(
    [[requirement]]
    kind = "postgres"
    database = "shop"
    [[requirement]]
    name = "cache"
    kind = "redis"
    port = 0
    backing = "native"
    critical = false
    [[requirement]]
    name = "mail"
    kind = "custom"
    command = ["mailer", "--port", "{port}"]
    ready = ["log:listening"]
    stop.signal = "INT"
    variables.MAIL_URL = "smtp://127.0.0.1:{port}"
  )");
  ASSERT_EQ(read_ones.size(), 3U);
  EXPECT_EQ(read_ones[0].id, "postgres");
  EXPECT_EQ(read_ones[0].port, 5'432);
  EXPECT_EQ(read_ones[0].database, "shop");
  EXPECT_EQ(read_ones[0].image, "postgres:15");
  EXPECT_EQ(read_ones[1].id, "cache");
  EXPECT_EQ(read_ones[1].port, 0);
  EXPECT_EQ(read_ones[1].backing, Backing::native);
  EXPECT_FALSE(read_ones[1].critical);
  EXPECT_EQ(read_ones[2].command.size(), 3U);
  EXPECT_EQ(read_ones[2].stop_signal, 2);
  EXPECT_EQ(read_ones[2].variables.at("MAIL_URL"), "smtp://127.0.0.1:{port}");
}

TEST(ReadRequirements, SayAllThatIsWrong) {
  using Codes = std::vector<std::string>;
  EXPECT_EQ(problems("[[requirement]]\nkind = 'postgre'"), Codes{"requirement_kind"});
  EXPECT_EQ(problems("[[requirement]]\nname = 'x'"), Codes{"requirement_kind"});
  EXPECT_EQ(problems("[[requirement]]\nkind = 'redis'\nname = 'a b'"), Codes{"requirement_name"});
  EXPECT_EQ(problems("[[requirement]]\nkind = 'redis'\n[[requirement]]\nkind = 'redis'"),
            Codes{"requirement_twice"});
  EXPECT_EQ(problems("[[requirement]]\nkind = 'redis'\ncommand = 'x'"), Codes{"requirement_key"});
  EXPECT_EQ(problems("[[requirement]]\nkind = 'custom'"), Codes{"requirement_command"});
  EXPECT_EQ(problems("[[requirement]]\nkind = 'n8n'\nbacking = 'native'"),
            Codes{"requirement_backing"});
  EXPECT_EQ(problems("[[requirement]]\nkind = 'postgres'\ndatabase = 'a\"; drop'"),
            Codes{"requirement_name"});
  EXPECT_EQ(problems("[[requirement]]\nkind = 'n8n'\nready = ['soon']"), Codes{"service_ready"});
}

TEST(ReadRequirements, ShareTheirNamesWithServices) {
  services::ServiceSpec service;
  service.name = "redis";
  const auto read_ones = read("[[requirement]]\nkind = 'redis'", {service});
  const auto* found = std::get_if<std::vector<Diagnostic>>(&read_ones);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->at(0).code, "requirement_twice");
}

RequirementSpec spec_of(const std::string& kind) {
  return good("[[requirement]]\nkind = '" + kind + "'" +
              (kind == "custom" ? "\ncommand = ['x', '{data}']" : ""))
      .at(0);
}

TEST(Containers, ArePublishedToLoopbackAloneAndCarryTheirOwner) {
  const auto plan =
      plan_container(spec_of("n8n"), {"run-1", "repo-12", "Main"}, "secret").value_or_throw();
  EXPECT_EQ(plan.name, "muster-repo-12-Main-n8n");
  const Json body = plan.body(15'678);
  EXPECT_EQ(body["Image"], "n8nio/n8n:1.70.0");
  EXPECT_EQ(body["HostConfig"]["PortBindings"]["5678/tcp"][0]["HostIp"], "127.0.0.1");
  EXPECT_EQ(body["HostConfig"]["PortBindings"]["5678/tcp"][0]["HostPort"], "15678");
  EXPECT_EQ(body["Labels"]["muster.run"], "run-1");
  EXPECT_EQ(body["Labels"]["muster.scope"], "repo-12");
}

TEST(Containers, AnImageWithoutATagIsTheLatest) {
  RequirementSpec spec = spec_of("redis");
  spec.image = "registry.local:5000/cache/redis";
  EXPECT_EQ(plan_container(spec, {}, "").value_or_throw().image,
            "registry.local:5000/cache/redis:latest");
  spec.image = "redis@sha256:0011";
  EXPECT_EQ(plan_container(spec, {}, "").value_or_throw().image, "redis@sha256:0011");
  EXPECT_EQ(plan_container(spec_of("custom"), {}, "").error().code, "requirement_backing");
}

class Data : public ::testing::Test {
 protected:
  journal::Directory scope = journal::Directory::root(tree.str("scope"), true).value_or_throw();
  muster::testing::TempTree& made() { return tree; }
  static inline muster::testing::TempTree tree;
};

TEST_F(Data, KeepsItsPasswordAndNothingElseSecretInPlainSight) {
  const auto first = DataDirectory::open(scope, "Main-db", "").value_or_throw().ground("/bin");
  const auto again = DataDirectory::open(scope, "Main-db", "").value_or_throw().ground("/bin");
  EXPECT_EQ(first.password.size(), 32U);
  EXPECT_EQ(first.password, again.password);
  EXPECT_NE(first.nonce, again.nonce);
  EXPECT_EQ(first.seen, first.folder);
  const auto mode = std::filesystem::status(first.folder + "/password").permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(remove_data(scope).value_or_throw(), 1U);
  EXPECT_FALSE(std::filesystem::exists(first.folder));
}

TEST_F(Data, IsReachedByItsDescriptorWhereAnotherUserRunsTheServer) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root runs servers as others";
  const auto data = DataDirectory::open(scope, "Main-other", "nobody").value_or_throw();
  EXPECT_TRUE(data.passed());
  EXPECT_EQ(data.ground("").seen, "/proc/self/fd/9");
}

TEST_F(Data, IsNotWrittenToThroughWhatWasPlanted) {
  const auto ground = DataDirectory::open(scope, "Main-planted", "").value_or_throw().ground("");
  std::filesystem::create_symlink(tree.str("victim"), ground.folder + "/redis.conf.new");
  EXPECT_TRUE(write_private(ground, "redis.conf", "requirepass x\n"));
  EXPECT_FALSE(std::filesystem::exists(tree.str("victim")));
}

TEST_F(Data, PutsNoPasswordOnACommandLine) {
  const auto ground = DataDirectory::open(scope, "Main-argv", "")
                          .value_or_throw()
                          .ground("/usr/local/bin:/usr/bin:/bin");
  for (const std::string kind : {"postgres", "redis"}) {
    const auto plan = plan_native(spec_of(kind), ground);
    if (!plan) GTEST_SKIP() << plan.error().message;
    std::string words = join(plan->command, " ");
    for (const auto* steps : {&plan->prepare, &plan->bootstrap})
      for (const OneShot& step : *steps) words += " " + join(step.command, " ");
    words += " " + join(plan->identity->command, " ");
    EXPECT_EQ(words.find(ground.password), std::string::npos) << kind;
    EXPECT_NE(words.find(ground.nonce), std::string::npos) << kind;
  }
}

TEST_F(Data, OfAnotherVersionIsNotTouched) {
  const auto ground = DataDirectory::open(scope, "Main-old", "")
                          .value_or_throw()
                          .ground("/usr/local/bin:/usr/bin:/bin");
  std::filesystem::create_directory(ground.folder + "/cluster");
  std::ofstream(ground.folder + "/cluster/PG_VERSION") << "9.6\n";
  const auto plan = plan_native(spec_of("postgres"), ground);
  ASSERT_FALSE(plan);
  EXPECT_TRUE(plan.error().code == "data_version" || plan.error().code == "program_not_found");
}

// CONTRIBUTING.md, "a new dependency": definition, adapter, keys, cleanup, scenarios.
TEST(Checklist, EveryDefinitionIsWhole) {
  const std::string document = text_of("docs/requirements.md");
  const std::string scenarios = text_of("features/environment/requirements.feature");
  std::set<std::string> known;
  for (const config::KeySpec& key : keys()) known.insert(std::string(key.key));
  for (const Definition& definition : registry()) {
    const std::string kind(definition.kind);
    SCOPED_TRACE(kind);
    EXPECT_FALSE(definition.about.empty() || definition.cleanup.empty() ||
                 definition.variables.empty() || definition.proof.empty());
    EXPECT_TRUE(definition.native || !definition.image.empty()) << "nothing starts it";
    const RequirementSpec spec = spec_of(kind);
    if (definition.native) {
      const auto adapter = plan_native(spec, {"/nowhere", "/nowhere", "", "", "n", "/nowhere"});
      EXPECT_TRUE(adapter || adapter.error().code != "requirement_backing") << "has no adapter";
    }
    if (!definition.image.empty()) {
      const auto plan = plan_container(spec, {"r", "s", "Main"}, "p");
      ASSERT_TRUE(plan);
      EXPECT_FALSE(plan->variables.empty()) << "services learn nothing of it";
      for (const auto& [name, value] : plan->variables)
        EXPECT_NE(definition.variables.find(name), std::string_view::npos) << name;
      EXPECT_TRUE(plan->labels.contains("muster.run")) << "nobody would sweep it";
    }
    for (const std::string& key : split(std::string(definition.keys), ',')) {
      const std::string name = "requirement[]." + std::string(trim(key));
      if (name == "requirement[].") continue;
      EXPECT_TRUE(known.contains(name) || known.contains(name + ".*") ||
                  known.contains(name + ".signal"))
          << name;
    }
    EXPECT_NE(document.find("`" + kind + "`"), std::string::npos) << "docs/requirements.md";
    EXPECT_NE(scenarios.find(kind), std::string::npos) << "requirements.feature";
  }
}

}  // namespace
}  // namespace muster::requirements
