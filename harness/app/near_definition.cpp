#include "app/near_definition.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "app/step_library.hpp"
#include "base/diff.hpp"
#include "expressions/snippet.hpp"

namespace muster::app {

std::optional<std::string> near_definition(const steps::Library& library, std::string_view text) {
  std::vector<std::string> forms = {std::string(text)};
  for (auto& proposal : expressions::propose(text, library.types, 4)) {
    forms.push_back(std::move(proposal.expression));
  }
  const detail::StepDefinition* best = nullptr;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const auto& step : library.steps) {
    for (const auto& form : forms) {
      // a definition that is much longer or shorter can not be near
      const std::size_t longer = std::max(form.size(), step.text.size());
      const std::size_t shorter = std::min(form.size(), step.text.size());
      if ((longer - shorter) * 3 > longer) continue;
      const std::size_t distance = edit_distance(form, step.text);
      if (distance * 3 > longer || distance >= least) continue;
      least = distance;
      best = &step;
    }
  }
  if (best == nullptr) return std::nullopt;
  return as_written(*best);
}

}  // namespace muster::app
