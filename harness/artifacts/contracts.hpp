#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "artifacts/reports.hpp"
#include "base/result.hpp"

namespace muster::artifacts {

inline constexpr const char* kParityFile = "parity_manifest.json";
inline constexpr const char* kGapsFile = "gap_report.json";
inline constexpr const char* kFeaturesFile = "feature_matrix.json";

/// What a contract file says is wrong, or what is wrong with the file.
struct ContractProblem {
  std::string code;  ///< `parity_manifest_missing`, `gap_report_unreadable`, `blocking_gap`, …
  std::string reason;
  std::string hint;
  bool missing = false;  ///< there is no such file
};

/// The contracts of a build (docs/formats/contracts.md): how far the commands go, what is known to
/// be missing, which features were tried.
struct Contracts {
  std::string folder;
  Evidence parity_manifest;
  Evidence gap_report;
  Evidence feature_matrix;
  GapCounts gaps;
  /// Status of each command: `complete`, `partial`, `missing`.
  std::map<std::string, std::string> commands;
  std::vector<ContractProblem> problems;
};

/// Reads the three files of `folder`. Never fails: what is missing or unreadable is a problem, so
/// that nothing waits for it.
Contracts read_contracts(const std::string& folder);

/// The readiness of an environment: `errors` and `warnings` are its own; the contracts' problems
/// join the errors, those of missing files the warnings unless `required`.
ReadinessReport readiness_of(const Contracts& contracts, bool required,
                             std::vector<std::string> errors, std::vector<std::string> warnings);

}  // namespace muster::artifacts
