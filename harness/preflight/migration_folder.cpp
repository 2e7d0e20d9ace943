#include "preflight/migration_folder.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace muster::preflight {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t most_bytes = 8U << 20;

MigrationInput read(const fs::path& path) {
  MigrationInput input;
  input.file = path.filename().string();
  input.version = migration_version(input.file);
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (!fs::is_regular_file(status)) {
    input.unreadable =
        failed && !fs::exists(status) ? "a symbolic link that leads nowhere" : "not a regular file";
    return input;
  }
  if (fs::file_size(path, failed) > most_bytes) {
    input.unreadable = "larger than 8 MiB";
    return input;
  }
  std::ifstream in(path, std::ios::binary);
  input.contents.assign(std::istreambuf_iterator<char>(in), {});
  if (!in.is_open() || in.bad()) input.unreadable = "not readable";
  return input;
}

bool leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/// YYYYMMDD, YYYYMMDDhhmm or YYYYMMDDhhmmss of the calendar.
bool is_date(const std::string& version) {
  if (version.size() != 8 && version.size() != 12 && version.size() != 14) return false;
  const auto part = [&](std::size_t at, std::size_t size) {
    return at < version.size() ? std::stoi(version.substr(at, size)) : 0;
  };
  const int year = part(0, 4);
  const int month = part(4, 2);
  const int day = part(6, 2);
  static constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1970 || month < 1 || month > 12 || day < 1) return false;
  const int last = days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap(year) ? 1 : 0);
  return day <= last && part(8, 2) < 24 && part(10, 2) < 60 && part(12, 2) < 60;
}

/// Order as numbers, of any length.
bool number_less(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

/// A name that somebody meant as a migration and dbmate does not see.
std::string passed_over(const std::string& name) {
  const std::string lower = to_lower(name);
  if (lower.size() < 5 || !lower.ends_with(".sql")) return "";
  if (!name.ends_with(".sql")) return "its name must end with `.sql` in lower case";
  return "its name must begin with the digits of its version";
}

}  // namespace

Result<std::vector<MigrationInput>> read_migrations(const std::string& dir,
                                                    std::vector<Finding>& findings) {
  std::error_code failed;
  fs::directory_iterator entries(dir, failed);
  if (failed) {
    return error("no_folder", "can not read the folder " + dir + ": " + failed.message(),
                 "dbmate says: could not find migrations directory");
  }
  std::vector<std::string> names;
  std::vector<std::string> ignored;
  for (const fs::directory_entry& entry : entries) {
    const std::string name = entry.path().filename().string();
    const bool folder = entry.is_directory(failed) && !entry.is_symlink(failed);
    if (folder) continue;
    (migration_version(name).empty() ? ignored : names).push_back(name);
  }
  std::sort(names.begin(), names.end());
  std::sort(ignored.begin(), ignored.end());
  for (const std::string& name : ignored) {
    const std::string why = passed_over(name);
    if (why.empty()) continue;
    findings.push_back({0, Level::warning, "passed-over", "dbmate does not see " + name, why});
  }
  if (names.empty()) {
    findings.push_back({0, Level::error, "no-migrations", "no migration files found",
                        "files are named `<digits>_<name>.sql`"});
  }
  std::vector<MigrationInput> inputs;
  for (const std::string& name : names) inputs.push_back(read(fs::path(dir) / name));
  return inputs;
}

void check_versions(std::vector<FileReport>& files) {
  std::map<std::string, std::string> seen;
  const FileReport* before = nullptr;
  for (FileReport& file : files) {
    const auto [other, fresh] = seen.emplace(file.version, file.file);
    if (!fresh) {
      file.findings.push_back(
          {0, Level::error, "duplicate-version",
           "version " + file.version + " is also that of " + other->second,
           "dbmate records a version once: the second file fails or never runs"});
    }
    if (before != nullptr && number_less(file.version, before->version)) {
      file.findings.push_back(
          {0, Level::error, "version-order",
           "sorted by name it comes after " + before->file + ", sorted by number before it",
           "give all versions the same number of digits"});
    }
    if (!is_date(file.version)) {
      file.findings.push_back({0, Level::warning, "version-date",
                               "version " + file.version + " is no date",
                               "`dbmate new` names files by YYYYMMDDhhmmss"});
    }
    before = &file;
  }
}

void check_applied(const std::vector<MigrationInput>& inputs,
                   const std::map<std::string, std::string>& applied,
                   std::vector<FileReport>& files, std::vector<Finding>& findings) {
  for (const auto& [version, checksum] : applied) {
    bool known = false;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i].version != version) continue;
      known = true;
      if (iequals(sha256_hex(inputs[i].contents), checksum)) continue;
      files[i].findings.push_back({0, Level::error, "edited",
                                   "edited after it was applied: its checksum is not the recorded",
                                   "put it back and write the change as a new migration"});
    }
    if (known) continue;
    findings.push_back({0, Level::error, "applied-missing",
                        "version " + version + " was applied and has no file",
                        "without its file it can not be rolled back"});
  }
}

}  // namespace muster::preflight
