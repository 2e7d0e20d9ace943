#include "fixtures/worlds/console.hpp"
#include "fixtures/worlds/parameters.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

namespace {

Fields run_that_requires(const Slug& slug, const std::string& requirement) {
  return {{"workspace", slug},
          {"prompts", std::vector<std::string>{"one", "two"}},
          {"mock", Fields{{"delay_ms", 5}}},
          {"requires", std::vector<std::string>{requirement}}};
}

}  // namespace

GIVEN("the worker {word} has the runtimes:") = [](Lifecycle& lifecycle, std::string worker,
                                                  const Table& runtimes) {
  lifecycle.set_runtimes(worker, runtimes.rows_hash());
};

WHEN("a run that requires {string} starts in workspace {slug}",
     timeout(std::chrono::seconds(30))) = [](Console& console, std::string requirement, Slug slug) {
  console.start_run(slug.text, run_that_requires(slug, requirement));
};

THEN("the run is on the worker {word}") = [](Console& console, std::string worker) {
  EXPECT_EQ(console.worker_of(console.last_workspace()), worker);
};

THEN("a run that requires {string} is refused in workspace {slug}: {string}",
     timeout(std::chrono::seconds(30))) = [](Console& console, std::string requirement, Slug slug,
                                             std::string reason) {
  const Reply reply = console.submit(run_that_requires(slug, requirement)).expect(409);
  EXPECT_EQ(reply.at("/error/code"), "no_compatible_worker");
  EXPECT_EQ(reply.at("/error/message"), reason);
};

THEN("the console lists the runtimes:",
     timeout(std::chrono::seconds(30))) = [](Console& console, const Table& wanted) {
  const Reply reply = console.get("/api/runtimes").expect(200);
  std::size_t row = 0;
  for (const auto& each : wanted.hashes()) {
    const std::string at = "/runtimes/" + std::to_string(row++);
    EXPECT_EQ(reply.at(at + "/name"), each.at("runtime")) << reply.body;
    EXPECT_EQ(reply.at(at + "/versions"), each.at("versions")) << reply.body;
    EXPECT_EQ(reply.at(at + "/workers"), each.at("workers")) << reply.body;
  }
  EXPECT_EQ(reply.at("/runtimes/" + std::to_string(row)), "") << reply.body;
};
