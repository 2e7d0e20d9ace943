#include "fixtures/worlds/console.hpp"
#include "fixtures/worlds/parameters.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

WHEN("a run of {int} prompts starts in workspace {slug}") = [](Console& console, int prompts,
                                                               Slug slug) {
  std::vector<std::string> texts;
  for (int i = 1; i <= prompts; ++i) texts.push_back("prompt " + std::to_string(i));
  console.start_run(slug.text,
                    {{"workspace", slug}, {"prompts", texts}, {"mock", Fields{{"delay_ms", 5}}}});
};

THEN("the run ends {outcome}",
     timeout(std::chrono::seconds(30))) = [](Console& console, RunOutcome outcome) -> Task<> {
  EXPECT_EQ(co_await console.follow(console.run_of(console.last_workspace())), outcome.text);
};
