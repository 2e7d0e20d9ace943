#include "preflight/migration_check.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "preflight/migration_application.hpp"
#include "preflight/migration_folder.hpp"
#include "preflight/migration_sql.hpp"
#include "preflight/migration_sqlite.hpp"

namespace muster::preflight {
namespace {

void read_as_dbmate(const MigrationInput& input, FileReport& file) {
  if (!input.unreadable.empty()) {
    file.dbmate_error = input.unreadable;
    file.findings.push_back({0, Level::error, "unreadable", input.unreadable, ""});
    return;
  }
  Result<std::vector<MigrationSection>> parsed = parse_migration(input.contents);
  if (!parsed) {
    const Error& why = parsed.error();
    file.dbmate_error = why.message;
    file.findings.push_back({why.place.line, Level::error, "dbmate", why.message, why.hint});
    return;
  }
  file.dbmate_ok = true;
  for (MigrationSection& section : *parsed) {
    SectionReport report;
    report.blocks = std::move(section);
    file.sections.push_back(std::move(report));
  }
}

void check_options(const MigrationBlock& block, std::vector<Finding>& findings) {
  for (const std::string& word : block.ignored) {
    const bool transaction = to_lower(word).find("transaction") != std::string::npos;
    findings.push_back(
        {block.line, Level::warning, "ignored-option",
         "dbmate ignores `" + shorten(word, 60) + "` behind the directive" +
             (transaction && block.transaction ? ": the block runs in a transaction" : ""),
         transaction ? "written exactly `transaction:false`, on the line of the directive" : ""});
  }
}

void check_sql(const MigrationBlock& block, const std::vector<Dialect>& dialects,
               const Deadline& deadline, std::vector<Finding>& findings) {
  const SqlText text{block.text, block.line, false};
  for (const Dialect dialect : dialects) {
    switch (dialect) {
      case Dialect::postgres:
        check_postgres(text, block.transaction, deadline, findings);
        break;
      case Dialect::sqlite:
        break;  // all files together, as each builds on those before it
      case Dialect::mysql:
        check_mysql(text, deadline, findings);
        break;
    }
  }
}

void check_file(FileReport& file, const MigrationOptions& options, const Deadline& deadline) {
  if (deadline.over()) {
    file.findings.push_back(
        {0, Level::error, "timeout", "not checked: the time for this check is over", ""});
    return;
  }
  for (SectionReport& section : file.sections) {
    const MigrationBlock& up = section.blocks.up;
    const MigrationBlock& down = section.blocks.down;
    const Dialect dialect = options.dialects.empty() ? Dialect::postgres : options.dialects.front();
    section.up_statements = count_statements(up.text, dialect);
    section.down_statements = count_statements(down.text, dialect);
    check_options(up, file.findings);
    check_options(down, file.findings);
    if (section.up_statements == 0) {
      file.findings.push_back({up.line, Level::error, "empty-up", "the UP block has no statement",
                               "dbmate records the version and changes nothing"});
    } else if (section.down_statements == 0) {
      file.findings.push_back({down.line, Level::warning, "empty-down",
                               "the DOWN block has no statement: a rollback changes nothing", ""});
    }
    check_sql(up, options.dialects, deadline, file.findings);
    check_sql(down, options.dialects, deadline, file.findings);
  }
}

void compare_readings(FileReport& file) {
  const bool application_ok = file.application == "ok";
  if (file.dbmate_ok ? application_ok : file.application == "error") return;
  std::string message = "dbmate ";
  message += file.dbmate_ok ? "applies it" : "refuses it";
  message += ", the application ";
  message += application_ok                  ? "applies it"
             : file.application == "skipped" ? "skips it silently"
                                             : "refuses it";
  if (!file.application_message.empty()) message += ": " + file.application_message;
  file.findings.push_back({file.findings.empty() ? 0 : file.findings.front().line, Level::error,
                           "readings-differ", std::move(message),
                           "the two would leave different databases"});
}

}  // namespace

MigrationReport check_migrations(const std::string& dir, const MigrationOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  const Deadline deadline(options.timeout);
  MigrationReport report;
  report.dir = dir;
  report.dialects = options.dialects;
  Result<std::vector<MigrationInput>> inputs = read_migrations(dir, report.findings);
  if (!inputs) {
    report.findings.push_back(
        {0, Level::error, "no-folder", inputs.error().message, inputs.error().hint});
    return report;
  }
  for (const MigrationInput& input : *inputs) {
    FileReport file;
    file.file = input.file;
    file.version = input.version;
    read_as_dbmate(input, file);
    report.files.push_back(std::move(file));
  }
  read_as_application(dir, *inputs, options.runner, deadline, report);
  for (FileReport& file : report.files) {
    compare_readings(file);
    check_file(file, options, deadline);
  }
  check_versions(report.files);
  check_applied(*inputs, options.applied, report.files, report.findings);
  const auto speaks = [&options](Dialect dialect) {
    return std::find(options.dialects.begin(), options.dialects.end(), dialect) !=
           options.dialects.end();
  };
  // before SQLite, whose findings are no reason to try nothing
  if (speaks(Dialect::postgres)) check_on_postgres(report, options.postgres, deadline);
  if (speaks(Dialect::sqlite)) check_sqlite(report.files, options.round_trip, deadline);
  for (FileReport& file : report.files) {
    for (Finding& finding : file.findings) {
      if (finding.code == "unterminated-block") finding.level = options.unterminated_block;
    }
    std::stable_sort(file.findings.begin(), file.findings.end(),
                     [](const Finding& a, const Finding& b) { return a.line < b.line; });
  }
  report.duration = std::chrono::steady_clock::now() - begin;
  return report;
}

}  // namespace muster::preflight
