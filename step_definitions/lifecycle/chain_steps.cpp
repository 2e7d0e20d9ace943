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
