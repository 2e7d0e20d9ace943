// Containers against a recorded engine API (fixtures/engine_api): no engine runs, so these say
// nothing about a live one. Native servers are tried in features/environment/requirements.feature.
#include <netinet/in.h>
#include <sys/socket.h>

#include "environment/control.hpp"
#include "environment/test_bed.hpp"
#include "process/engine_replay.hpp"
#include "process/ports.hpp"

namespace muster::environment {
namespace {

using namespace testing;
using process::testing::EngineReplay;

class Containers : public Environments {
 protected:
  requirements::RequirementSpec& needs(const std::string& kind) {
    requirements::RequirementSpec spec;
    spec.id = spec.kind = kind;
    spec.image = std::string(spec.definition().image);
    spec.container_port = spec.definition().container_port;
    spec.folder = tree.str();
    spec.ready = {{services::ReadyKind::tcp, ""}};
    spec.ready_within = 5s;
    spec.stop_grace = 1s;
    project().requirements.push_back(std::move(spec));
    return project().requirements.back();
  }
  void play(const std::string& recorded) {
    engine.emplace(recorded, tree.str());
    blueprint.variables["DOCKER_HOST"] = engine->host();
  }
  artifacts::Component component() {
    return state().requirements.at("Main").components.begin()->second;
  }
  bool asked(const std::string& beginning) const {
    for (const std::string& request : engine->asked())
      if (request.starts_with(beginning)) return true;
    return false;
  }

  std::optional<EngineReplay> engine;
};

TEST_F(Containers, AreFetchedMadeAwaitedAndRemoved) {
  play("healthy");
  needs("n8n");
  service("web", "echo $N8N_URL $N8N_PORT >url; exec sleep 1000");
  const StartOutcome outcome = start();
  ASSERT_TRUE(outcome.up) << outcome.failure->message;
  const auto n8n = component();
  EXPECT_EQ(n8n.health, "healthy");
  EXPECT_EQ(n8n.container_name, "muster-repo-0123456789ab-Main-n8n");
  ASSERT_TRUE(n8n.final_port);
  const std::string port = std::to_string(*n8n.final_port);
  EXPECT_EQ(tree.read("url"), "http://127.0.0.1:" + port + " " + port + "\n");
  EXPECT_EQ(repository->ports_of(blueprint.run_id).value_or_throw().projects[0].ports.count("n8n"),
            1U);
  const Json body = engine->body_of("/containers/create");
  EXPECT_EQ(body["Labels"]["muster.run"], blueprint.run_id);
  EXPECT_EQ(body["HostConfig"]["PortBindings"]["5678/tcp"][0]["HostPort"], port);
  EXPECT_TRUE(asked("POST /images/create?fromImage=n8nio"));
  EXPECT_FALSE(asked("DELETE"));
  const auto answer = ask_keeper(repository->folder(), {{"do", "variables"}}, 5s).value_or_throw();
  EXPECT_EQ(answer["variables"]["Main"]["N8N_URL"], "http://127.0.0.1:" + port);

  EXPECT_TRUE(stop_environment(*repository, 10s));
  EXPECT_TRUE(asked("POST /containers/4f66"));
  EXPECT_TRUE(asked("DELETE /containers/4f66"));
}

TEST_F(Containers, ATakenPortIsAnsweredByTheNext) {
  // another server of this user that shares its port, so that holding the port did not tell
  UniqueFd squatter(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(squatter.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  ::setsockopt(squatter.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(squatter.get(), raw, size), 0);
  ASSERT_EQ(::listen(squatter.get(), 8), 0);
  ASSERT_EQ(::getsockname(squatter.get(), raw, &size), 0);

  play("port_taken");
  needs("n8n").port = ntohs(address.sin_port);
  const StartOutcome outcome = start();
  ASSERT_TRUE(outcome.up) << outcome.failure->message;
  EXPECT_EQ(component().requested, ntohs(address.sin_port));
  EXPECT_NE(component().final_port, ntohs(address.sin_port));
  EXPECT_EQ(component().retries, 1);
}

TEST_F(Containers, AMountThatFailsIsNoTakenPort) {
  play("bind_mount");
  needs("n8n").port = 0;
  const StartOutcome outcome = start();
  EXPECT_FALSE(outcome.up);
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->code, "engine_failed");
  EXPECT_EQ(outcome.failure->failure_class, "hard_start_failure");
  EXPECT_TRUE(asked("DELETE /containers/4f66")) << "nothing is left of a failed start";
}

TEST_F(Containers, OneThatDiesFailsAtOnceWithItsLastLines) {
  play("died");
  needs("supabase").port = 0;
  service("web", "touch started; exec sleep 1000");
  const auto begun = std::chrono::steady_clock::now();
  const StartOutcome outcome = start();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 4s);
  EXPECT_FALSE(outcome.up);
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->code, "died_before_ready");
  EXPECT_NE(outcome.failure->hint.find("no such table"), std::string::npos);
  EXPECT_EQ(component().health, "unhealthy");
  EXPECT_EQ(component().failure_class, "hard_start_failure");
  EXPECT_FALSE(std::filesystem::exists(tree.str("started")));
  EXPECT_EQ(state().services.at("Main Web").failure_detail,
            "it needs supabase, which did not come");
}

TEST_F(Containers, OneOfSomebodyElseIsLeftAlone) {
  play("foreign");
  needs("n8n").port = 0;
  const StartOutcome outcome = start();
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->code, "container_foreign");
  EXPECT_FALSE(asked("DELETE"));
}

TEST_F(Containers, OneOfAnEarlierRunMakesRoom) {
  play("left_behind");
  needs("n8n").port = 0;
  EXPECT_TRUE(start().up);
  EXPECT_TRUE(asked("DELETE /containers/4f66"));
}

TEST_F(Containers, AnEngineThatIsNotThereIsNamed) {
  blueprint.variables["DOCKER_HOST"] = "unix://" + tree.str("none.sock");
  needs("n8n").port = 0;
  const StartOutcome outcome = start();
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->code, "engine_unreachable");
}

}  // namespace
}  // namespace muster::environment
