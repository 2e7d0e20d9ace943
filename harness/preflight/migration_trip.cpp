#include "preflight/migration_trip.hpp"

#include <algorithm>
#include <iterator>

#include "preflight/migration_sql.hpp"

namespace muster::preflight {
namespace {

/// `table users` of `table users: CREATE …`, for the first few of `lines`.
std::string names_of(const std::vector<std::string>& lines) {
  std::string text;
  for (std::size_t i = 0; i < lines.size() && i < 5; ++i) {
    if (!text.empty()) text += ", ";
    text += lines[i].substr(0, lines[i].find(": "));
  }
  if (lines.size() > 5) text += " and " + std::to_string(lines.size() - 5) + " more";
  return text;
}

/// What distinguishes two schemas, in words.
std::string difference(const std::vector<std::string>& before,
                       const std::vector<std::string>& after) {
  std::vector<std::string> gone;
  std::vector<std::string> added;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                      std::back_inserter(gone));
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::back_inserter(added));
  std::string text;
  if (!added.empty()) text += "there is " + names_of(added);
  if (!gone.empty()) text += (text.empty() ? "" : "; ") + ("missing is " + names_of(gone));
  return text;
}

/// A file that cannot be applied, whatever the database: dbmate or the parser refuses it.
bool is_refused(const FileReport& file) {
  return !file.dbmate_ok ||
         std::any_of(file.findings.begin(), file.findings.end(), [](const Finding& finding) {
           return finding.level == Level::error &&
                  (finding.code == "syntax" || finding.code == "missing-terminator" ||
                   finding.code == "encoding" || finding.code == "unterminated" ||
                   finding.code == "timeout");
         });
}

class ServerTrip final : public RoundTrip {
 public:
  ServerTrip(std::unique_ptr<TripDatabase> database, const Deadline& deadline)
      : RoundTrip("PostgreSQL, applied"), database_(std::move(database)), deadline_(deadline) {}

  const std::string& lost() const { return lost_; }

 private:
  Schema schema() override {
    Result<Schema> seen = database_->schema();
    if (seen.ok()) return std::move(*seen);
    if (lost_.empty()) lost_ = seen.error().message;
    return {};
  }

  bool block(FileReport& file, const MigrationBlock& block, const std::string& when) override {
    if (deadline_.over()) {
      add(file, block.line, when + ": not tried, the time for this check is over", "");
      return false;
    }
    const auto failure = database_->apply(block.text, block.transaction);
    if (!failure) return true;
    const SqlText text{block.text, block.line, false};
    add(file, line_in_file(text, failure->offset), when + ": " + failure->message, "");
    return false;
  }

  std::unique_ptr<TripDatabase> database_;
  const Deadline& deadline_;
  std::string lost_;
};

}  // namespace

bool RoundTrip::round(FileReport& file) {
  const Schema before = schema();
  if (!all(file, &MigrationSection::up, label_ + ", UP")) {
    only_down(file);
    return false;
  }
  if (std::none_of(file.sections.begin(), file.sections.end(),
                   [](const SectionReport& section) { return section.down_statements > 0; }))
    return true;
  const Schema up = schema();
  if (!all(file, &MigrationSection::down, label_ + ", DOWN")) return false;
  if (const std::string left = difference(before, schema()); !left.empty()) {
    add(file, file.sections.front().blocks.down.line,
        "after DOWN the schema is not what it was: " + left, "DOWN must undo what UP does");
  }
  const std::size_t known = file.findings.size();
  if (!all(file, &MigrationSection::up, label_ + ", UP after DOWN")) return false;
  file.findings.erase(
      std::remove_if(file.findings.begin() + static_cast<long>(known), file.findings.end(),
                     [](const Finding& finding) { return finding.code != "round-trip"; }),
      file.findings.end());  // said of the first UP already
  if (const std::string left = difference(up, schema()); !left.empty()) {
    add(file, file.sections.front().blocks.up.line, "UP after DOWN gives another schema: " + left,
        "");
  }
  return true;
}

bool RoundTrip::all(FileReport& file, MigrationBlock MigrationSection::*which,
                    const std::string& when) {
  for (const SectionReport& section : file.sections) {
    if (!block(file, section.blocks.*which, when)) return false;
  }
  return true;
}

void RoundTrip::add(FileReport& file, int line, std::string message, std::string hint) {
  file.findings.push_back({line, Level::error, "round-trip", std::move(message), std::move(hint)});
}

void check_on_postgres(MigrationReport& report, const OpenTripDatabase& open,
                       const Deadline& deadline) {
  std::string& done = report.round_trips["postgres"];
  done = "parsed, not applied: ";
  if (!open) {
    done += "no server was given";
    return;
  }
  Result<std::unique_ptr<TripDatabase>> database = open();
  if (!database) {
    done += database.error().message;
    if (database.error().code == "no_postgres") return;
    report.findings.push_back({0, Level::error, "round-trip",
                               "cannot be applied: " + database.error().message,
                               database.error().hint});
    return;
  }
  ServerTrip trip(std::move(*database), deadline);
  std::size_t applied = 0;
  std::string failed;
  for (FileReport& file : report.files) {
    if (!failed.empty()) {
      file.findings.push_back({0, Level::warning, "round-trip",
                               "not tried on PostgreSQL: " + failed + " has failed before it", ""});
    } else if (is_refused(file) || !trip.round(file)) {
      failed = file.file;
    } else {
      ++applied;
    }
  }
  if (!trip.lost().empty()) {
    done = "given up: " + trip.lost();
    report.findings.push_back({0, Level::error, "round-trip", done, ""});
    return;
  }
  done = "applied UP, DOWN, UP: " + std::to_string(applied) + " of " +
         std::to_string(report.files.size());
}

}  // namespace muster::preflight
