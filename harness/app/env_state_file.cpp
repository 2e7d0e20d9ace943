#include "app/env_state_file.hpp"

#include <utility>

namespace muster::app {

Result<void> save_state(artifacts::Repository& repository, artifacts::RunState state) {
  artifacts::Publication publication;
  if (auto ports = repository.ports_of(state.run_id)) publication.ports = std::move(*ports);
  if (auto errors = repository.errors_of(state.run_id)) publication.errors = std::move(*errors);
  for (const artifacts::Failure& failure : publication.errors.errors)
    publication.readiness.errors.push_back(failure.subject + ": " + failure.message);
  publication.readiness.passed = publication.readiness.errors.empty();
  publication.state = std::move(state);
  return repository.publish(publication);
}

}  // namespace muster::app
