#include "artifacts/reports.hpp"

#include "artifacts/run_state.hpp"
#include "base/json_members.hpp"

namespace muster::artifacts {
namespace {

Json to_json(const Evidence& evidence) {
  return {{"path", evidence.path},
          {"generated_at", evidence.generated_at},
          {"sha256", evidence.sha256}};
}

Evidence evidence_of(const Json& json, const char* name) {
  const auto at = json.find(name);
  if (at == json.end() || !at->is_object()) return {};
  return {string_at(*at, "path"), string_at(*at, "generated_at"), string_at(*at, "sha256")};
}

}  // namespace

Json to_json(const Failure& failure) {
  Json json{{"code", failure.code}, {"subject", failure.subject}, {"message", failure.message}};
  if (!failure.hint.empty()) json["hint"] = failure.hint;
  if (!failure.failure_class.empty()) json["failure_class"] = failure.failure_class;
  if (!failure.log_path.empty()) json["log_path"] = failure.log_path;
  return json;
}

Json to_json(const ErrorReport& report) {
  Json errors = Json::array();
  for (const auto& failure : report.errors) errors.push_back(to_json(failure));
  return {{"schema_version", kStateSchema},
          {"producer", kProducer},
          {"run_id", report.run_id},
          {"generated_at", report.generated_at},
          {"errors", std::move(errors)}};
}

Result<ErrorReport> error_report_from_json(const Json& json) {
  Members members(json);
  ErrorReport report;
  report.run_id = members.text("run_id");
  report.generated_at = members.text("generated_at");
  if (const auto judged = members.verdict("error_report_shape", "the error report"); !judged)
    return judged.error();
  const auto errors = json.find("errors");
  if (errors == json.end() || !errors->is_array())
    return error("error_report_shape",
                 "the error report has no proper member errors: an array expected");
  for (const Json& entry : *errors) {
    Failure failure;
    if (entry.is_object()) {
      failure = {string_at(entry, "code"),          string_at(entry, "subject"),
                 string_at(entry, "message"),       string_at(entry, "hint"),
                 string_at(entry, "failure_class"), string_at(entry, "log_path")};
    } else {
      failure.message = entry.is_string() ? entry.get<std::string>() : dump_json(entry);
    }
    report.errors.push_back(std::move(failure));
  }
  return report;
}

Json to_json(const ReadinessReport& report) {
  const GapCounts& gaps = report.summary;
  return {{"schema_version", kStateSchema},
          {"producer", kProducer},
          {"passed", report.passed},
          {"errors", report.errors},
          {"warnings", report.warnings},
          {"gap_report", to_json(report.gap_report)},
          {"parity_manifest", to_json(report.parity_manifest)},
          {"feature_matrix", to_json(report.feature_matrix)},
          {"summary",
           {{"blocking_gap_count", gaps.blocking},
            {"high_gap_count", gaps.high},
            {"medium_gap_count", gaps.medium},
            {"low_gap_count", gaps.low},
            {"total_gap_count", gaps.total()}}}};
}

Result<ReadinessReport> readiness_report_from_json(const Json& json) {
  Members members(json);
  ReadinessReport report;
  report.passed = members.flag("passed");
  report.errors = members.texts("errors");
  report.warnings = members.texts("warnings");
  if (const auto judged = members.verdict("readiness_shape", "the readiness report"); !judged)
    return judged.error();
  report.gap_report = evidence_of(json, "gap_report");
  report.parity_manifest = evidence_of(json, "parity_manifest");
  report.feature_matrix = evidence_of(json, "feature_matrix");
  if (const auto at = json.find("summary"); at != json.end()) {
    Members counts(*at, "summary");
    const auto count = [&](const char* name) {
      return static_cast<int>(counts.optional_number(name).value_or(0));
    };
    report.summary = {count("blocking_gap_count"), count("high_gap_count"),
                      count("medium_gap_count"), count("low_gap_count")};
    if (const auto judged = counts.verdict("readiness_shape", "the readiness report"); !judged)
      return judged.error();
  }
  return report;
}

}  // namespace muster::artifacts
