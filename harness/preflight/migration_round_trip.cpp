#include <algorithm>

#include "preflight/migration_sql.hpp"
#include "preflight/migration_sqlite.hpp"
#include "preflight/migration_trip.hpp"

namespace muster::preflight {
namespace {

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

class SqliteTrip final : public RoundTrip {
 public:
  explicit SqliteTrip(const Deadline& deadline)
      : RoundTrip("SQLite"), deadline_(deadline), database_(deadline) {}

 private:
  Schema schema() override { return database_.schema(); }

  bool block(FileReport& file, const MigrationBlock& block, const std::string& when) override {
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

  void only_down(FileReport& file) override {
    MemoryDatabase empty(deadline_);
    const StatementRules rules{Dialect::sqlite, label(), only_read(empty), false, {}};
    for (const SectionReport& section : file.sections) {
      const MigrationBlock& down = section.blocks.down;
      check_statements({down.text, down.line, false}, rules, deadline_, file.findings);
    }
  }

  const Deadline& deadline_;
  MemoryDatabase database_;
};

}  // namespace

void check_sqlite(std::vector<FileReport>& files, bool round_trip, const Deadline& deadline) {
  SqliteTrip trip(deadline);
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
