#include <algorithm>
#include <iterator>

#include "preflight/migration_sql.hpp"
#include "preflight/migration_sqlite.hpp"

namespace muster::preflight {
namespace {

using Schema = std::vector<std::string>;

/// `table users` of `table users: CREATE …`, for the first few of `lines`.
std::string names_of(const Schema& lines) {
  std::string text;
  for (std::size_t i = 0; i < lines.size() && i < 5; ++i) {
    if (!text.empty()) text += ", ";
    text += lines[i].substr(0, lines[i].find(": "));
  }
  if (lines.size() > 5) text += " and " + std::to_string(lines.size() - 5) + " more";
  return text;
}

/// What distinguishes two schemas, in words.
std::string difference(const Schema& before, const Schema& after) {
  Schema gone;
  Schema added;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                      std::back_inserter(gone));
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::back_inserter(added));
  std::string text;
  if (!added.empty()) text += "there is " + names_of(added);
  if (!gone.empty()) text += (text.empty() ? "" : "; ") + ("missing is " + names_of(gone));
  return text;
}

Parse only_read(MemoryDatabase& database) {
  return [&database](const std::string& sql) -> std::optional<SyntaxError> {
    const auto failure = database.parse(sql);
    if (!failure) return std::nullopt;
    return SyntaxError{failure->offset, failure->message};
  };
}

Parse run_in(MemoryDatabase& database) {
  return [&database](const std::string& sql) -> std::optional<SyntaxError> {
    const auto failure = database.run(sql);
    if (!failure) return std::nullopt;
    return SyntaxError{failure->offset, failure->message};
  };
}

/// Without a schema a statement can be read no further than to a table's name, so the search for
/// silent gaps would take parts of statements for whole ones.
void read_blocks(FileReport& file, const Deadline& deadline) {
  MemoryDatabase empty(deadline);
  const StatementRules rules{Dialect::sqlite, "SQLite", only_read(empty), false, {}};
  for (const SectionReport& section : file.sections) {
    for (const MigrationBlock* block : {&section.blocks.up, &section.blocks.down})
      check_statements({block->text, block->line, false}, rules, deadline, file.findings);
  }
}

class RoundTrip {
 public:
  explicit RoundTrip(const Deadline& deadline) : deadline_(deadline), database_(deadline) {}

  /// Whether UP could be applied; DOWN that fails leaves a state in which nothing more is known.
  bool round(FileReport& file) {
    const Schema before = database_.schema();
    if (!all(file, &MigrationSection::up, "SQLite, UP")) return read_down(file);
    if (std::none_of(file.sections.begin(), file.sections.end(),
                     [](const SectionReport& section) { return section.down_statements > 0; }))
      return true;
    const Schema up = database_.schema();
    if (!all(file, &MigrationSection::down, "SQLite, DOWN")) return false;
    if (const std::string left = difference(before, database_.schema()); !left.empty()) {
      add(file, file.sections.front().blocks.down.line,
          "after DOWN the schema is not what it was: " + left, "DOWN must undo what UP does");
    }
    const std::size_t known = file.findings.size();
    if (!all(file, &MigrationSection::up, "SQLite, UP after DOWN")) return false;
    file.findings.erase(
        std::remove_if(file.findings.begin() + static_cast<long>(known), file.findings.end(),
                       [](const Finding& finding) { return finding.code != "round-trip"; }),
        file.findings.end());  // said of the first UP already
    if (const std::string left = difference(up, database_.schema()); !left.empty()) {
      add(file, file.sections.front().blocks.up.line, "UP after DOWN gives another schema: " + left,
          "");
    }
    return true;
  }

 private:
  static void add(FileReport& file, int line, std::string message, std::string hint) {
    file.findings.push_back(
        {line, Level::error, "round-trip", std::move(message), std::move(hint)});
  }

  bool block(FileReport& file, const MigrationBlock& block, const std::string& when) {
    const std::size_t known = file.findings.size();
    if (block.transaction) database_.run("BEGIN");
    const StatementRules rules{Dialect::sqlite, when, only_read(database_), true,
                               run_in(database_)};
    check_statements({block.text, block.line, false}, rules, deadline_, file.findings);
    const bool applied = has_applied(file.findings, known);
    for (std::size_t i = known; i < file.findings.size(); ++i) excuse(file.findings[i]);
    if (applied) {
      const auto open = block.transaction ? database_.run("COMMIT") : std::nullopt;
      if (!open) return true;
      add(file, block.line, when + ": " + open->message, "");
      return false;
    }
    database_.run("ROLLBACK");
    return false;
  }

  /// A terminator that is missing at the end of the block keeps nothing from being applied.
  static bool has_applied(const std::vector<Finding>& findings, std::size_t from) {
    return std::none_of(
        findings.begin() + static_cast<long>(from), findings.end(), [](const Finding& finding) {
          return finding.level == Level::error && finding.code != "missing-terminator";
        });
  }

  /// What the deployment's SQLite may have and ours lacks is no error of the migration.
  static void excuse(Finding& finding) {
    for (const char* lack : {"no such module: ", "no such function: ", "no such collation "}) {
      if (finding.code != "round-trip" || finding.message.find(lack) == std::string::npos) continue;
      finding.level = Level::warning;
      finding.hint = "an extension of the application's may have it; not tried any further";
    }
  }

  bool all(FileReport& file, MigrationBlock MigrationSection::*which, const std::string& when) {
    for (const SectionReport& section : file.sections) {
      if (!block(file, section.blocks.*which, when)) return false;
    }
    return true;
  }

  bool read_down(FileReport& file) {
    MemoryDatabase empty(deadline_);
    const StatementRules rules{Dialect::sqlite, "SQLite", only_read(empty), false, {}};
    for (const SectionReport& section : file.sections) {
      const MigrationBlock& down = section.blocks.down;
      check_statements({down.text, down.line, false}, rules, deadline_, file.findings);
    }
    return false;
  }

  const Deadline& deadline_;
  MemoryDatabase database_;
};

}  // namespace

void check_sqlite(std::vector<FileReport>& files, bool round_trip, const Deadline& deadline) {
  RoundTrip trip(deadline);
  std::string failed;
  for (FileReport& file : files) {
    if (!round_trip || !failed.empty()) {
      if (round_trip) {
        file.findings.push_back({0, Level::warning, "round-trip",
                                 "not tried on SQLite: " + failed + " has failed before it", ""});
      }
      read_blocks(file, deadline);
    } else if (!file.dbmate_ok || !trip.round(file)) {
      failed = file.file;
    }
  }
}

}  // namespace muster::preflight
