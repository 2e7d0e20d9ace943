#include <gmock/gmock.h>

#include "chain/step_key.hpp"
#include "fixtures/worlds/console.hpp"
#include "fixtures/worlds/hatch.hpp"
#include "fixtures/worlds/parameters.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

THEN("the HATCH events for workspace {slug} are exactly:") =
    [](Hatch& hatch, Slug slug, const DocString& chain) { hatch.are_exactly(slug.text, chain); };

THEN("the play breaks at gap {gap}:") = [](Hatch& hatch, GapLetter gap, const DocString& chain) {
  hatch.break_at(gap.letter, chain);
};

THEN("the play breaks at no named gap:") = [](Hatch& hatch, const DocString& chain) {
  hatch.break_at(chain::kNoLetter, chain);
};

THEN("the only {string} of workspace {slug} has the {word} {string}") =
    [](Hatch& hatch, std::string event, Slug slug, std::string field, std::string value) {
      EXPECT_THAT(hatch.told(event, slug.text, field), testing::ElementsAre(value))
          << field << " of " << event;
    };

THEN("the headline says {string}") = [](Hatch& hatch, std::string words) {
  EXPECT_THAT(hatch.headline(), testing::HasSubstr(words));
};

THEN("the report says {string}") = [](Hatch& hatch, std::string words) {
  EXPECT_THAT(hatch.report(), testing::HasSubstr(words));
};

THEN("the KAHN frames of workspace {slug} are exactly:", timeout(std::chrono::seconds(30))) =
    [](Console& console, Hatch& hatch, Slug slug, const DocString& chain) -> Task<> {
  hatch.frames_are_exactly(co_await console.frames(console.run_of(slug.text)), chain);
};
