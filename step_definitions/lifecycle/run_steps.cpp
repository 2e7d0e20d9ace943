#include "fixtures/worlds/console.hpp"
#include "fixtures/worlds/parameters.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

namespace {

void start(Console& console, int prompts, const Slug& slug, const Fields& mock) {
  std::vector<std::string> texts;
  for (int i = 1; i <= prompts; ++i) texts.push_back("prompt " + std::to_string(i));
  console.start_run(slug.text, {{"workspace", slug}, {"prompts", texts}, {"mock", mock}});
}

std::string prompt(int number) {
  return "prompt-" + std::to_string(number);
}

}  // namespace

WHEN("a run of {int} prompts starts in workspace {slug}") = [](Console& console, int prompts,
                                                               Slug slug) {
  start(console, prompts, slug, {{"delay_ms", 5}});
};

WHEN("a run of {int} slow prompts starts in workspace {slug}") = [](Console& console, int prompts,
                                                                    Slug slug) {
  start(console, prompts, slug, {{"delay_ms", 3'600'000}});
};

WHEN(
    "a run of {int} prompts starts in workspace {slug}, prompt {int} converging at attempt {int}") =
    [](Console& console, int prompts, Slug slug, int flaky, int attempt) {
      start(console, prompts, slug, {{"attempts", Fields{{prompt(flaky), attempt}}}});
    };

WHEN("a run of {int} prompts starts in workspace {slug}, prompt {int} failing") =
    [](Console& console, int prompts, Slug slug, int failing) {
      start(console, prompts, slug, {{"fail", std::vector<std::string>{prompt(failing)}}});
    };

WHEN("a run of this graph starts in workspace {slug}:") = [](Console& console, Slug slug,
                                                             const DocString& graph) {
  console.start_graph(slug.text, graph.content);
};

WHEN("the run in workspace {slug} is cancelled") = [](Console& console, Slug slug) {
  console.post("/api/ralph/runs/" + console.run_of(slug.text) + "/cancel", {}).expect(202);
};

THEN("the runs in workspaces {slug} and {slug} end {outcome}", timeout(std::chrono::seconds(30))) =
    [](Console& console, Slug left, Slug right, RunOutcome outcome) -> Task<> {
  const auto ends = [&](std::string slug) -> Task<> {
    EXPECT_EQ(co_await console.follow(console.run_of(slug)), outcome.text) << slug;
  };
  co_await muster::all(ends(left.text), ends(right.text));
};

THEN("the run ends {outcome}",
     timeout(std::chrono::seconds(30))) = [](Console& console, RunOutcome outcome) -> Task<> {
  EXPECT_EQ(co_await console.follow(console.run_of(console.last_workspace())), outcome.text);
};
