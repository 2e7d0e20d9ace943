#pragma once

#include <string>
#include <vector>

#include "app/env_session.hpp"

namespace muster::app {

/// Something that a command may be told to work on.
struct EnvTarget {
  std::string project;
  std::string service;  ///< empty: the project as a whole
  std::string name;     ///< as artifacts call it, `Main Web`; of a project its own

  friend bool operator==(const EnvTarget&, const EnvTarget&) = default;
};

/// Targets for all services of a state.
std::vector<EnvTarget> targets_of(const artifacts::RunState& state);

/// What a command line says of its targets.
struct EnvWish {
  std::vector<std::string> words;
  std::vector<std::string> services;
  std::vector<std::string> projects;
  bool all = false;
};

/// Which of `targets` are meant: those that are named (by display name, service, project,
/// `project/service`), all with `--all` or when there is only one. Otherwise a selector asks on a
/// terminal. Errors: `target_unknown` with the nearest, `selection_required` with the list,
/// `interrupted` when the selector was left.
Result<std::vector<EnvTarget>> choose(const EnvWish& wish, std::vector<EnvTarget> targets);
/// By the names of the route.
Result<std::vector<EnvTarget>> choose(const EnvSession& session, std::vector<EnvTarget> targets);

/// The same, but all when nothing is named: for commands that look at everything unless told.
Result<std::vector<EnvTarget>> choose_or_all(const EnvSession& session,
                                             std::vector<EnvTarget> targets);

}  // namespace muster::app
