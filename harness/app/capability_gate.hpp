#pragma once

#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"
#include "run/gate.hpp"
#include "run/plan_builder.hpp"

namespace muster::app {

/// Closes the scenarios whose `@requires:` tags this host does not meet; `strict`: they fail. What
/// the chosen scenarios need that `earlier` leaves open is found out here, all at once and nothing
/// else, by the claims and rows that `config` names. Errors: the tag that is malformed or names
/// nothing known, at its place (when there are more, those are printed on stderr); `bad_claims`;
/// those of runtimes::stored_runtimes.
Result<run::Gate> capability_gate(const std::vector<run::LoadedFeature>& features,
                                  const std::vector<run::ChosenPickle>& chosen,
                                  const run::Gate& earlier, bool strict,
                                  const config::Config& config);

}  // namespace muster::app
