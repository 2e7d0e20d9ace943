#include "runtimes/detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <map>
#include <thread>

#include "base/unique_fd.hpp"
#include "runtimes/names.hpp"
#include "runtimes/requirement.hpp"
#include "runtimes/row_for_tests.hpp"

namespace muster::runtimes {
namespace {

using testing::command;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::row;

Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
  };
}

class Detect : public ::testing::Test {
 protected:
  Detect() {
    programs.add("python3", "#!/bin/sh\necho Python 3.11.2\n");
    programs.add("node", "#!/bin/sh\necho v18.19.0\n");
    rows = {row("core.python", Json::array({command("python3")})),
            row("core.nodejs", Json::array({command("node")})),
            row("core.lua", Json::array({command("no-such-lua")}))};
    rows[1].name = "Node.js";
    rows[2].aliases = {"LuaJIT", "moon"};
    options.verify.search_path = programs.path();
    options.environment = environment_of({});
  }
  Detection detection() {
    Result<Detection> found = detect(rows, options);
    EXPECT_TRUE(found.ok()) << found.error().message;
    return found.ok() ? *found : Detection();
  }

  testing::Programs programs;
  std::vector<Runtime> rows;
  DetectOptions options;
};

TEST_F(Detect, VerifiesTheRowsWhenNobodyClaims) {
  const Detection found = detection();
  EXPECT_EQ(found.source, Source::database);
  EXPECT_THAT(found.claimed, IsEmpty());
  EXPECT_THAT(found.runtimes, ElementsAre("node", "python"));
  ASSERT_EQ(found.verdicts.size(), 3u);
  EXPECT_EQ(found.verdicts[2].reason, Reason::binary_missing);
  EXPECT_EQ(capabilities_of(found),
            Json::parse(R"({"runtimes": ["node", "python"], "source": "database",
                            "versions": {"node": "18.19.0", "python": "3.11.2"}})"));
}

TEST_F(Detect, TheEnvironmentComesFirstAndIsVerifiedToo) {
  options.environment = environment_of({{"MUSTER_WORKER_RUNTIMES", " Node.js, moon ,nodejs, cobol"},
                                        {"ATTUNE_WORKER_RUNTIMES", "python"},
                                        {"MUSTER_SENSOR_RUNTIMES", "python"}});
  options.configured = Json::array({"python"});
  const Detection found = detection();
  EXPECT_EQ(found.source, Source::environment);
  EXPECT_EQ(found.origin, "MUSTER_WORKER_RUNTIMES");
  EXPECT_THAT(found.claimed, ElementsAre("node", "lua", "cobol"));
  EXPECT_THAT(found.runtimes, ElementsAre("node"));
  ASSERT_EQ(found.verdicts.size(), 4u);
  EXPECT_EQ(found.verdicts[0].reason, Reason::overridden);
  EXPECT_EQ(found.verdicts[1].reason, Reason::ok);
  EXPECT_EQ(found.verdicts[2].reason, Reason::binary_missing);
  EXPECT_EQ(found.verdicts[3].reason, Reason::no_metadata);
  EXPECT_EQ(found.verdicts[3].name, "cobol");
}

TEST_F(Detect, EachRoleHasItsVariablesAndTheOtherPrefixStandsIn) {
  options.role = Role::sensor;
  options.environment = environment_of({{"ATTUNE_SENSOR_RUNTIMES", "python"}});
  EXPECT_EQ(detection().origin, "ATTUNE_SENSOR_RUNTIMES");
  options.role = Role::action;
  EXPECT_EQ(detection().source, Source::database);
  options.environment = environment_of({{"ATTUNE_WORKER_RUNTIMES", "node"}});
  EXPECT_EQ(detection().origin, "ATTUNE_WORKER_RUNTIMES");
}

TEST_F(Detect, NoneMustBeSaid) {
  options.environment = environment_of({{"MUSTER_WORKER_RUNTIMES", "None"}});
  const Detection found = detection();
  EXPECT_THAT(found.runtimes, IsEmpty());
  EXPECT_EQ(found.source, Source::environment);
  for (const char* bad : {"", "  ", ",", "python,", "python,,node", "python,none"}) {
    options.environment =
        environment_of({{"MUSTER_WORKER_RUNTIMES", bad}, {"ATTUNE_WORKER_RUNTIMES", "python"}});
    const Result<Detection> refused = detect(rows, options);
    ASSERT_FALSE(refused.ok()) << "'" << bad << "'";
    EXPECT_EQ(refused.error().code, "bad_claims");
    EXPECT_NE(refused.error().message.find("MUSTER_WORKER_RUNTIMES"), std::string::npos);
  }
}

TEST_F(Detect, TheConfigurationComesSecond) {
  options.configured = Json::array({"python3"});
  const Detection found = detection();
  EXPECT_EQ(found.source, Source::configuration);
  EXPECT_EQ(found.origin, "worker.capabilities.runtimes");
  EXPECT_THAT(found.claimed, ElementsAre("python"));
  EXPECT_THAT(found.runtimes, ElementsAre("python"));
  options.configured = Json::array();
  EXPECT_THAT(detection().runtimes, IsEmpty());
  for (const Json& bad : {Json("python"), Json{{"a", 1}}, Json(), Json::array({"python", 3}),
                          Json::array({Json::array()}), Json::array({" "})}) {
    options.configured = bad;
    const Result<Detection> refused = detect(rows, options);
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(refused.error().code, "bad_claims");
  }
  options.configured = Json::array({"python", 3});
  EXPECT_NE(detect(rows, options).error().message.find("at 1 a number"), std::string::npos);
}

TEST(Names, AreOne) {
  for (const char* node : {"node", "nodejs", "Node.js", " NODE ", "javascript"})
    EXPECT_EQ(normalize(node), "node") << node;
  EXPECT_EQ(normalize("Python3"), "python");
  EXPECT_EQ(normalize("bash"), "shell");
  EXPECT_EQ(normalize("Golang"), "go");
  EXPECT_EQ(normalize("Rscript"), "r");
  EXPECT_EQ(normalize("Elixir"), "elixir");
}

TEST(Names, OfARowStandBeforeItsAliases) {
  std::vector<Runtime> rows{row("core.jython", Json::array()), row("core.python", Json::array())};
  rows[0].aliases = {"python", "py2"};
  const NameTable table(rows);
  EXPECT_EQ(table.find("python3")->ref, "core.python");
  EXPECT_EQ(table.find("PY2")->ref, "core.jython");
  EXPECT_EQ(table.find("core.python")->ref, "core.python");
  EXPECT_EQ(table.find("ruby"), nullptr);
  EXPECT_EQ(table.resolve("rb"), "ruby");
}

TEST_F(Detect, AnswersRequirements) {
  const Detection found = detection();
  const auto answer = [&found](const char* text) {
    const Result<Requirement> requirement = parse_requirement(text);
    if (!requirement) return requirement.error().code;
    const Answer given =
        meets(*requirement, found,
              {{"docker", false, "no engine answers", ""}, {"postgres", true, "there", "15.18.0"}});
    return (given.met ? "met: " : "not: ") + given.reason;
  };
  EXPECT_EQ(answer("python"), "met: python 3.11.2");
  EXPECT_EQ(answer("python3>=3.11"), "met: python 3.11.2");
  EXPECT_EQ(answer("python >= 3.12"), "not: python 3.11.2 does not satisfy >= 3.12");
  EXPECT_EQ(answer("Node.js^18,<18.19"), "not: node 18.19.0 does not satisfy ^18,<18.19");
  EXPECT_EQ(answer("node*"), "met: node 18.19.0");
  EXPECT_EQ(answer("docker"), "not: docker: no engine answers");
  EXPECT_EQ(answer("postgres>=15"), "met: postgres 15.18.0");
  EXPECT_EQ(answer("cobol"), "not: cobol is not known here");
  EXPECT_EQ(answer("lua").substr(0, 24), "not: lua: binary_missing");
  EXPECT_EQ(answer(""), "bad_requirement");
  EXPECT_EQ(answer(">=3.11"), "bad_requirement");
  EXPECT_EQ(answer("py thon"), "bad_requirement");
  EXPECT_EQ(answer("python>=x"), "bad_constraint");
}

TEST_F(Detect, AnswersRequirementsByWhatAWorkerTold) {
  const Json told = capabilities_of(detection());
  EXPECT_TRUE(meets(*parse_requirement("python~3.11"), told).met);
  EXPECT_FALSE(meets(*parse_requirement("python<3.11"), told).met);
  EXPECT_FALSE(meets(*parse_requirement("lua"), told).met);
  const Json old{{"runtimes", {"python", "shell"}}};
  EXPECT_TRUE(meets(*parse_requirement("shell"), old).met);
  EXPECT_FALSE(meets(*parse_requirement("python>=3"), old).met) << "its version is not known";
  EXPECT_FALSE(meets(*parse_requirement("python"), Json()).met);
}

TEST(Requirement, StandsInATag) {
  EXPECT_EQ(requirement_of_tag("@requires:python>=3.11"), "python>=3.11");
  EXPECT_EQ(requirement_of_tag("@docker"), std::nullopt);
  EXPECT_EQ(requirement_of_tag("@requires"), std::nullopt);
}

TEST(Capabilities, AllAnswerWithAReason) {
  for (const std::string& name : capability_names()) {
    const Capability found = capability(name);
    EXPECT_EQ(found.name, name);
    EXPECT_FALSE(found.reason.empty()) << name;
  }
  EXPECT_FALSE(capability("teleport").available);
}

TEST(Capabilities, AnEngineThatIsNoneIsSeen) {
  const auto asked = [](const std::string& host) {
    return docker(environment_of({{"DOCKER_HOST", host}}), std::chrono::milliseconds(300));
  };
  EXPECT_FALSE(asked("unix:///no/such/socket").available);
  EXPECT_FALSE(asked("ssh://host").available);
  // a socket that takes the request and never answers
  const muster::testing::TempTree tree;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  tree.str("s").copy(address.sun_path, sizeof(address.sun_path) - 1);
  const UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  const Capability silent = asked("unix://" + tree.str("s"));
  EXPECT_FALSE(silent.available);
  EXPECT_FALSE(silent.reason.empty());
  std::jthread engine([&listener] {
    const UniqueFd peer(::accept(listener.get(), nullptr, nullptr));
    const UniqueFd second(::accept(listener.get(), nullptr, nullptr));
    char request[1024];
    if (::read(second.get(), request, sizeof(request)) <= 0) return;
    const std::string body = R"({"Version": "24.0.7", "ApiVersion": "1.43"})";
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                               "\r\nConnection: close\r\n\r\n" + body;
    EXPECT_EQ(::write(second.get(), answer.data(), answer.size()),
              static_cast<ssize_t>(answer.size()));
  });
  const Capability good = asked("unix://" + tree.str("s"));
  EXPECT_TRUE(good.available) << good.reason;
  EXPECT_EQ(good.version, "24.0.7");
}

TEST(Capabilities, ABrowserIsWhatTheEnvironmentNames) {
  testing::Programs programs;
  const std::string fake = programs.add("fake", "#!/bin/sh\necho Chromium 120.0.6099.71\n");
  const Capability found = browser(environment_of({{"BROWSER_BIN", fake}, {"PATH", "/usr/bin"}}));
  EXPECT_TRUE(found.available);
  EXPECT_EQ(found.version, "120.0.6099");
  EXPECT_FALSE(browser(environment_of({{"PATH", programs.folder()}})).available);
}

}  // namespace
}  // namespace muster::runtimes
