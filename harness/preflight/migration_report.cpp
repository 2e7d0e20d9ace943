#include "preflight/migration_report.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace muster::preflight {
namespace {

Json to_json(const std::vector<Finding>& findings) {
  Json json = Json::array();
  for (const Finding& finding : findings) {
    Json one{{"line", finding.line},
             {"level", name_of(finding.level)},
             {"code", finding.code},
             {"message", finding.message}};
    if (!finding.hint.empty()) one["hint"] = finding.hint;
    json.push_back(std::move(one));
  }
  return json;
}

std::string count_of(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

void render_finding(std::string& text, const std::string& file, const Finding& finding) {
  text += "  " + to_string(Place{printable(file), finding.line, 0}) + ": " +
          std::string(name_of(finding.level)) + ": " + printable(finding.message) + "\n";
  if (!finding.hint.empty()) text += "    hint: " + printable(finding.hint) + "\n";
}

const Finding* worst(const std::vector<Finding>& findings) {
  const Finding* found = nullptr;
  for (const Finding& finding : findings) {
    if (finding.level == Level::note) continue;
    if (found == nullptr || finding.level > found->level) found = &finding;
  }
  return found;
}

CheckResult result_of(const std::string& subject, const std::vector<Finding>& findings) {
  CheckResult result;
  result.subject = subject;
  result.check = "migration";
  result.place.uri = subject;
  const Finding* finding = worst(findings);
  if (finding == nullptr) return result;
  result.status = finding->level == Level::error ? Status::failed : Status::warned;
  result.check = finding->code;
  result.expected = "a migration that dbmate, the application and the database read alike";
  result.found = finding->message;
  result.place.line = finding->line;
  result.hint = finding->hint;
  return result;
}

}  // namespace

std::string_view name_of(Level level) {
  switch (level) {
    case Level::note:
      return "note";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "error";
}

std::size_t MigrationReport::count(Level level) const {
  const auto in = [level](const std::vector<Finding>& all) {
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [level](const Finding& f) { return f.level == level; }));
  };
  std::size_t sum = in(findings);
  for (const FileReport& file : files) sum += in(file.findings);
  return sum;
}

bool MigrationReport::ok() const {
  return !files.empty() && count(Level::error) == 0;
}

Json to_json(const MigrationReport& report) {
  Json files = Json::array();
  for (const FileReport& file : report.files) {
    Json sections = Json::array();
    for (const SectionReport& section : file.sections) {
      sections.push_back({{"up", section.blocks.up.text},
                          {"down", section.blocks.down.text},
                          {"transaction", section.blocks.up.transaction},
                          {"down_transaction", section.blocks.down.transaction},
                          {"line", section.blocks.up.line},
                          {"down_line", section.blocks.down.line},
                          {"statements", section.up_statements},
                          {"down_statements", section.down_statements}});
    }
    Json one{{"file", file.file},
             {"version", file.version},
             {"dbmate", file.dbmate_ok ? "ok" : "error"},
             {"application", file.application},
             {"sections", std::move(sections)},
             {"findings", to_json(file.findings)}};
    if (!file.dbmate_ok) one["dbmate_error"] = file.dbmate_error;
    if (!file.application_message.empty()) one["application_message"] = file.application_message;
    files.push_back(std::move(one));
  }
  Json dialects = Json::array();
  for (const Dialect dialect : report.dialects) dialects.push_back(name_of(dialect));
  return {{"files", std::move(files)},
          {"findings", to_json(report.findings)},
          {"dialects", std::move(dialects)},
          {"round_trips", report.round_trips},
          {"ok", report.ok()}};
}

std::string render(const MigrationReport& report) {
  std::string text;
  for (const FileReport& file : report.files) {
    std::size_t statements = 0;
    for (const SectionReport& section : file.sections) statements += section.up_statements;
    text += printable(file.file) + "  dbmate " + (file.dbmate_ok ? "ok" : "error") +
            ", application " + file.application;
    if (file.dbmate_ok) {
      text += ", " + count_of(file.sections.size(), "section") + ", " +
              count_of(statements, "statement") + " up";
    }
    text += "\n";
    for (const Finding& finding : file.findings) render_finding(text, file.file, finding);
  }
  for (const Finding& finding : report.findings) render_finding(text, report.dir, finding);
  for (const auto& [dialect, done] : report.round_trips)
    text += dialect + ": " + printable(done) + "\n";
  text += count_of(report.files.size(), "migration") + ": " +
          count_of(report.count(Level::error), "error") + ", " +
          count_of(report.count(Level::warning), "warning") + "\n";
  return text;
}

std::vector<CheckResult> check_results(const MigrationReport& report) {
  std::vector<CheckResult> results;
  const Finding* folder = worst(report.findings);
  if (report.files.empty() || folder != nullptr) {
    results.push_back(result_of(report.dir, report.findings));
    if (folder == nullptr) {
      results.back() = nothing_checked(report.dir, "migration files", "zero files prove nothing");
    }
  }
  for (const FileReport& file : report.files) {
    results.push_back(result_of(report.dir + "/" + file.file, file.findings));
  }
  return results;
}

}  // namespace muster::preflight
