#pragma once

#include <string>
#include <vector>

#include "app/env_session.hpp"
#include "environment/blueprint.hpp"

namespace muster::app {

/// What a start would do, and why.
struct StartDecision {
  enum class Kind {
    fresh,       ///< a new run
    running,     ///< nothing: it runs
    restore,     ///< the running keeper starts what is missing
    differs,     ///< refused: what runs was started from another configuration
    other_mode,  ///< refused: what runs is of another mode
  };
  Kind kind = Kind::fresh;
  std::string reason;  ///< one word, `no_state`, `no_keeper`, `exact_match`, …
  std::string run_id;  ///< of the state that was found
  std::vector<std::string> missing;
};

std::string_view to_string(StartDecision::Kind kind);

/// Decides without doing anything.
StartDecision decide_start(EnvSession& session, const environment::Blueprint& blueprint);

/// Starts a new run and waits until it is up; tells what came of it.
EnvEnd start_run(EnvSession& session, const environment::Blueprint& blueprint);

/// Has the keeper start (or restart) services by display name; all that is missing when there are
/// none.
EnvEnd start_in_keeper(EnvSession& session, const std::vector<std::string>& services, bool restart);

/// Prints what runs, as the end of a start: from the truth, not from the state.
void print_started(EnvSession& session, const Json& head);

}  // namespace muster::app
