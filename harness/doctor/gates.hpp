#pragma once

#include <optional>
#include <string>

#include "doctor/doctor.hpp"
#include "truth/service_truth.hpp"

namespace muster::doctor {

/// The latest state as it was found.
struct LatestState {
  std::optional<artifacts::RunState> state;
  std::optional<Finding> unreadable;
};
LatestState latest_state(const artifacts::Repository* repository);

/// Whether every command of the contract is dispatched under all its names, and is complete by the
/// parity manifest.
Gate command_parity(const Examination& examination, const artifacts::Contracts& contracts);

/// Whether what was saved is so: each service that is said to run, runs and listens.
Gate runtime_truth(const LatestState& latest);

/// Whether what keeps the environment is there, and nothing is left of what is not.
Gate lifecycle(const Report& report, const artifacts::Repository* repository,
               const LatestState& latest);

/// Whether it could be given away: no simulated service, no open gap, a way to hold programs.
Gate shipability(const Examination& examination, const artifacts::Contracts& contracts,
                 const Report& report, const LatestState& latest);

}  // namespace muster::doctor
