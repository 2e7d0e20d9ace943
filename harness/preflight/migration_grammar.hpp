#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// The migration files of dbmate 2.x, byte for byte as its own parser (pkg/dbmate/migration.go)
/// cuts them:
///
///     file      = (blank line | line comment)* section+
///     section   = up-directive text down-directive text
///     directive = ^ "--" \s* "migrate:" ("up" | "down") (\s* $ | \s+ \S+)
///
/// `\s` crosses line ends, so the directive may be broken over lines. Options are the
/// blank-separated `key:value` pairs on the directive's first line; whatever has another form is
/// ignored without a word.
namespace muster::preflight {

/// UP or DOWN of a section: its text from the directive on, and where that stands.
struct MigrationBlock {
  std::string text;
  int line = 1;                      ///< of the directive in the file
  bool transaction = true;           ///< false only for the option `transaction:false`
  std::vector<std::string> ignored;  ///< words beside the directive that mean nothing to dbmate
};

struct MigrationSection {
  MigrationBlock up;
  MigrationBlock down;
};

/// The sections of a file, at least one. Errors, with dbmate's own sentence and a line:
/// `missing_up`, `missing_down`, `statement_before_up`.
Result<std::vector<MigrationSection>> parse_migration(std::string_view contents);

/// The leading digits of a name that dbmate takes for a migration (`^(\d+).*\.sql$`); empty for any
/// other.
std::string migration_version(std::string_view file_name);

/// Where an application's own line-by-line reader finds an UP block: the line (from 1) that starts
/// with `--`, blanks, `migrate:up` and nothing or a blank after it; 0 for none.
int up_line_of(std::string_view contents);

}  // namespace muster::preflight
