#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "preflight/import_check.hpp"
#include "preflight/migration_check.hpp"
#include "preflight/script_check.hpp"

namespace muster::config {
class Config;
}

namespace muster::profile {

/// How the configuration of a project is loaded and judged.
struct ConfigSettings {
  std::string file;                                ///< below the project
  std::vector<std::string> declared;               ///< variables that a deployment may set
  std::map<std::string, std::string> environment;  ///< those that every deployment sets
  std::map<std::string, std::string> aliases;      ///< name in a step → path of the field
  std::vector<std::string> errors;                 ///< lints that fail
  bool pyhocon = true;                             ///< the application reads it with pyhocon
};

/// What muster.toml says of a project's runtime profile, ready for the checks.
struct Settings {
  std::string project;  ///< its folder, absolute
  preflight::ImportOptions imports;
  preflight::ScriptOptions scripts;
  ConfigSettings config;
  std::string migrations_dir;  ///< below the project
  preflight::MigrationOptions migrations;
};

/// Reads the keys of profile/keys.hpp out of `config`. `project` is the folder that relative paths
/// refer to. Errors, located in muster.toml: `profile_dialect`, `profile_runner`,
/// `profile_applied`, `profile_lint`, and those of config::Config::get.
Result<Settings> read_settings(const config::Config& config, const std::string& project);

/// The Python that `settings` name: what is configured (a path below the project or absolute, or a
/// name on PATH), else the one in `.venv` or `venv`, else `python3`.
std::string python_of(const Settings& settings);

/// `path` below `folder`, unless it is absolute.
std::string below(const std::string& folder, const std::string& path);

}  // namespace muster::profile
