#include "run/matching.hpp"

#include <algorithm>
#include <utility>

namespace muster::run {
namespace {

/// As many texts as are kept.
constexpr std::size_t kMostKnown = 4096;

bool fits_keyword(detail::StepKeyword keyword, messages::PickleStepType type) {
  using K = detail::StepKeyword;
  using T = messages::PickleStepType;
  switch (type) {
    case T::context:
      return keyword == K::given || keyword == K::any;
    case T::action:
      return keyword == K::when || keyword == K::any;
    case T::outcome:
      return keyword == K::then || keyword == K::any;
    case T::unknown:
      break;
  }
  return true;  // `*` has no keyword
}

/// A type of the user's own sees its captures, a built-in one the plain text.
std::vector<Captures> arguments_of(const steps::StepMatch& match,
                                   const detail::StepDefinition& definition) {
  std::vector<Captures> arguments;
  for (const auto& argument : match.match.arguments) {
    const bool custom =
        std::any_of(definition.custom.begin(), definition.custom.end(), [&](const auto& type) {
          return std::find(type.names.begin(), type.names.end(), argument.parameter_type) !=
                 type.names.end();
        });
    arguments.push_back(custom ? argument.captures : Captures{expressions::plain_text(argument)});
  }
  return arguments;
}

}  // namespace

const Fit& Matching::of(std::string_view text, messages::PickleStepType type) {
  Known& known = known_[keyword_bound_ ? static_cast<std::size_t>(type) : 0];
  if (const auto found = known.find(text); found != known.end()) return found->second;
  if (known.size() >= kMostKnown) known.clear();
  return known.emplace(text, find(text, type)).first->second;
}

Fit Matching::find(std::string_view text, messages::PickleStepType type) const {
  Fit fit;
  fit.matches = library_.match(text, &fit.exceeded);
  if (keyword_bound_) {
    std::erase_if(fit.matches, [&](const steps::StepMatch& match) {
      return !fits_keyword(library_.steps[match.definition].keyword, type);
    });
  }
  if (fit.matches.size() == 1) {
    const steps::StepMatch& match = fit.matches.front();
    fit.arguments = arguments_of(match, library_.steps[match.definition]);
  }
  return fit;
}

}  // namespace muster::run
