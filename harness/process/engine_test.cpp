#include "process/engine.hpp"

#include "process/engine_replay.hpp"
#include "process/sweep.hpp"
#include "process/test_bed.hpp"
#include "process/watchdog.hpp"

namespace muster::process {
namespace {

using namespace testing;

class Engines : public ::testing::Test {
 protected:
  Engine replay(const std::string& name) {
    playing.emplace(name, tree.str());
    return Engine::at(playing->host()).value_or_throw();
  }
  muster::testing::TempTree tree;
  std::optional<EngineReplay> playing;
  boost::asio::io_context io;
};

TEST_F(Engines, AContainersLifeIsToldAsTheApiHasIt) {
  const Engine engine = replay("healthy");
  EXPECT_EQ(run(io, engine.version()).value_or_throw(), "24.0.7 (API 1.43)");
  EXPECT_FALSE(run(io, engine.has_image("n8nio/n8n:1.70.0")).value_or_throw());
  EXPECT_TRUE(run(io, engine.pull("n8nio/n8n:1.70.0", 5s)));
  EXPECT_EQ(run(io, engine.inspect("muster-x")).error().code, "engine_missing");
  const std::string id =
      run(io, engine.create("muster-x", {{"Image", "n8nio/n8n:1.70.0"}})).value_or_throw();
  EXPECT_TRUE(run(io, engine.start(id)));
  EXPECT_FALSE(run(io, engine.inspect(id)).value_or_throw().running);
  EXPECT_EQ(run(io, engine.inspect(id)).value_or_throw().health, "starting");
  EXPECT_EQ(run(io, engine.inspect(id)).value_or_throw().health, "healthy");
  EXPECT_EQ(run(io, engine.labelled("muster.run", "r1")).value_or_throw(),
            std::vector<std::string>{id});
  EXPECT_TRUE(run(io, engine.stop(id, 5s)));
  EXPECT_TRUE(run(io, engine.remove(id)));
  EXPECT_EQ(playing->asked()[1], "GET /images/n8nio/n8n:1.70.0/json");
  EXPECT_EQ(playing->asked()[2], "POST /images/create?fromImage=n8nio%2Fn8n%3A1.70.0");
}

TEST_F(Engines, AFailedPullIsSeenBehindItsGoodStatus) {
  const Engine engine = replay("no_image");
  const auto pulled = run(io, engine.pull("n8nio/n8n:1.70.0", 5s));
  ASSERT_FALSE(pulled);
  EXPECT_EQ(pulled.error().code, "engine_missing");
  EXPECT_NE(pulled.error().message.find("rate limit"), std::string::npos);
}

TEST_F(Engines, LogsComeWithoutTheirFrames) {
  const Engine engine = replay("died");
  const std::string id = run(io, engine.create("muster-x", Json::object())).value_or_throw();
  EXPECT_EQ(run(io, engine.logs(id, 20)).value_or_throw(), "Error: no such table: migrations\n");
  EXPECT_EQ(run(io, engine.inspect(id)).value_or_throw().exit_code, 1);
}

TEST_F(Engines, StatusesBecomeCodes) {
  const Engine engine = replay("bind_mount");
  const std::string id = run(io, engine.create("muster-x", Json::object())).value_or_throw();
  EXPECT_EQ(run(io, engine.start(id)).error().code, "engine_failed");
  EXPECT_EQ(run(io, engine.version()).error().code, "engine_failed") << "501: never recorded";
  const Engine nobody = Engine::at("unix://" + tree.str("none.sock")).value_or_throw();
  EXPECT_EQ(run(io, nobody.version()).error().code, "engine_unreachable");
  EXPECT_EQ(Engine::at("tcp://10.0.0.1:2375").error().code, "engine_address");
}

TEST_F(Engines, ASweepRemovesWhatTheRunLeft) {
  const Engine engine = replay("healthy");
  EXPECT_EQ(sweep_containers(engine.address(), "r1", 5s), 1U);
  const auto asked = playing->asked();
  ASSERT_GE(asked.size(), 4U);
  EXPECT_EQ(
      asked[0],
      "GET /containers/json?all=true&filters=%7B%22label%22%3A%5B%22muster.run%3Dr1%22%5D%7D");
  EXPECT_TRUE(asked[1].starts_with("DELETE /containers/4f66"));
  EXPECT_TRUE(asked[2].starts_with("GET /networks?filters=")) << asked[2];
  EXPECT_TRUE(asked[3].starts_with("GET /volumes?filters=")) << asked[3];
}

TEST_F(Engines, TheWatchdogOfAKilledOwnerSweepsContainersToo) {
  replay("healthy");
  ASSERT_TRUE(become_subreaper());
  const std::string address = "unix:" + tree.str("engine.sock");
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t owner = ::fork();
  if (owner == 0) {
    Result<Watchdog> watchdog = start_watchdog("r1");
    if (!watchdog || !watchdog->add_engine(address)) ::_exit(1);
    const pid_t pid = watchdog->pid();
    if (::write(ends[1], &pid, sizeof pid) != sizeof pid) ::_exit(1);
    for (;;) ::pause();
  }
  pid_t watching = 0;
  ASSERT_EQ(::read(ends[0], &watching, sizeof watching), static_cast<ssize_t>(sizeof watching));
  const UniqueFd watchdog = open_pidfd(watching);
  ::kill(owner, SIGKILL);
  ::waitpid(owner, nullptr, 0);
  EXPECT_TRUE(wait_pidfd(watchdog.get(), 10'000));
  ::waitpid(watching, nullptr, __WALL);
  const auto asked = playing->asked();
  EXPECT_TRUE(std::any_of(asked.begin(), asked.end(), [](const std::string& request) {
    return request.starts_with("DELETE /containers/4f66");
  }));
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace muster::process
