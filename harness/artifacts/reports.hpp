#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace muster::artifacts {

/// One failure of a start, stop or check.
struct Failure {
  std::string code;     ///< e.g. `died_before_ready`
  std::string subject;  ///< the service or requirement
  std::string message;
  std::string hint;
  std::string failure_class;  ///< see requirements; empty for services
  std::string log_path;
};

Json to_json(const Failure& failure);

/// error_report.json: `{schema_version, producer, run_id, generated_at, errors[]}`.
struct ErrorReport {
  std::string run_id;
  std::string generated_at;  ///< RFC 3339
  std::vector<Failure> errors;
};

Json to_json(const ErrorReport& report);
/// Errors of other tools that are plain texts become the message. Error `error_report_shape`.
Result<ErrorReport> error_report_from_json(const Json& json);

/// A document that a readiness report rests on.
struct Evidence {
  std::string path;
  std::string generated_at;  ///< empty: the document is missing
  std::string sha256;

  friend bool operator==(const Evidence&, const Evidence&) = default;
};

/// How many gaps stand between the environment and its contract, by weight.
struct GapCounts {
  int blocking = 0;
  int high = 0;
  int medium = 0;
  int low = 0;
  int total() const { return blocking + high + medium + low; }

  friend bool operator==(const GapCounts&, const GapCounts&) = default;
};

/// runtime_readiness_report.json.
struct ReadinessReport {
  bool passed = false;
  std::vector<std::string> errors;
  std::vector<std::string> warnings;
  Evidence gap_report;
  Evidence parity_manifest;
  Evidence feature_matrix;
  GapCounts summary;
};

Json to_json(const ReadinessReport& report);
/// Error `readiness_shape`.
Result<ReadinessReport> readiness_report_from_json(const Json& json);

}  // namespace muster::artifacts
