#include "artifacts/contracts.hpp"

#include <fstream>
#include <iterator>
#include <utility>

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "base/json_members.hpp"

namespace muster::artifacts {
namespace {

constexpr int kContractSchema = 1;

/// One contract file on its way into `Contracts`.
struct Reading {
  Contracts& into;
  const char* file;
  const char* code;   // its name in codes
  const char* words;  // its name in sentences
  Evidence& evidence;

  void problem(const std::string& what, std::string reason, std::string hint = {},
               bool missing = false) const {
    into.problems.push_back({what, std::move(reason), std::move(hint), missing});
  }

  std::optional<Json> document() const {
    evidence.path = into.folder + "/" + file;
    std::ifstream in(evidence.path, std::ios::binary);
    if (!in) {
      problem(std::string(code) + "_missing", std::string(words) + " missing: " + evidence.path,
              "ci/contracts builds it", true);
      return std::nullopt;
    }
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    auto json = parse_json(text);
    std::string wrong = json ? "" : json.error().message;
    if (json) {
      Members members(*json);
      const auto version = members.number("schema_version");
      const std::string when = members.text("generated_at");
      const auto judged = members.verdict("contract_shape", words);
      if (!judged)
        wrong = judged.error().message;
      else if (version != kContractSchema)
        wrong = "it is of schema version " + std::to_string(version);
      else if (!parse_rfc3339(when))
        wrong = "generated_at is no time";
      evidence.generated_at = when;
    }
    if (!wrong.empty()) {
      evidence.generated_at.clear();
      problem(std::string(code) + "_unreadable",
              std::string(words) + " cannot be read: " + evidence.path + ": " + wrong,
              "build it anew with ci/contracts");
      return std::nullopt;
    }
    evidence.sha256 = sha256_hex(text);
    return std::move(*json);
  }
};

void read_parity(Contracts& contracts) {
  const Reading reading{contracts, kParityFile, "parity_manifest", "the parity manifest",
                        contracts.parity_manifest};
  const auto json = reading.document();
  if (!json) return;
  Members members(*json);
  std::string open;
  members.each("commands", [&](const std::string& name, Members& command) {
    const std::string status = command.text("status");
    contracts.commands[name] = status;
    if (status != "complete") open += (open.empty() ? "" : ", ") + name + " (" + status + ")";
  });
  if (const auto judged = members.verdict("contract_shape", "the parity manifest"); !judged) {
    reading.problem("parity_manifest_unreadable", judged.error().message);
  } else if (!open.empty()) {
    reading.problem("parity_incomplete", "commands are not complete: " + open,
                    "see " + contracts.parity_manifest.path);
  }
}

void read_gaps(Contracts& contracts) {
  const Reading reading{contracts, kGapsFile, "gap_report", "the gap report", contracts.gap_report};
  const auto json = reading.document();
  if (!json) return;
  Members members(*json);
  members.each_of("gaps", [&](Members& gap) {
    const std::string id = gap.text("id");
    const std::string severity = gap.text("severity");
    const std::string title = gap.text("title");
    GapCounts& counts = contracts.gaps;
    int& count = severity == "blocking" ? counts.blocking
                 : severity == "high"   ? counts.high
                 : severity == "medium" ? counts.medium
                                        : counts.low;
    ++count;
    if (severity == "blocking" || severity == "high")
      reading.problem(severity + "_gap", id + ": " + title, "see " + contracts.gap_report.path);
  });
  if (const auto judged = members.verdict("contract_shape", "the gap report"); !judged)
    reading.problem("gap_report_unreadable", judged.error().message);
}

void read_features(Contracts& contracts) {
  const Reading reading{contracts, kFeaturesFile, "feature_matrix", "the feature matrix",
                        contracts.feature_matrix};
  const auto json = reading.document();
  if (!json) return;
  Members members(*json);
  members.each_of("features", [&](Members& feature) {
    const std::string path = feature.text("path");
    const auto failed = feature.number("failed");
    if (failed > 0)
      reading.problem("feature_failed",
                      path + ": " + std::to_string(failed) + " scenarios failed when last tried",
                      "muster run " + path);
  });
  if (const auto judged = members.verdict("contract_shape", "the feature matrix"); !judged)
    reading.problem("feature_matrix_unreadable", judged.error().message);
}

}  // namespace

Contracts read_contracts(const std::string& folder) {
  Contracts contracts;
  contracts.folder = folder;
  read_parity(contracts);
  read_gaps(contracts);
  read_features(contracts);
  return contracts;
}

ReadinessReport readiness_of(const Contracts& contracts, bool required,
                             std::vector<std::string> errors, std::vector<std::string> warnings) {
  ReadinessReport report;
  report.errors = std::move(errors);
  report.warnings = std::move(warnings);
  for (const ContractProblem& problem : contracts.problems)
    (problem.missing && !required ? report.warnings : report.errors).push_back(problem.reason);
  report.passed = report.errors.empty();
  report.gap_report = contracts.gap_report;
  report.parity_manifest = contracts.parity_manifest;
  report.feature_matrix = contracts.feature_matrix;
  report.summary = contracts.gaps;
  return report;
}

}  // namespace muster::artifacts
