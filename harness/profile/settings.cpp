#include "profile/settings.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/text.hpp"
#include "config/config.hpp"
#include "hocon/hocon.hpp"
#include "profile/postgres_trip.hpp"

namespace muster::profile {
namespace {

namespace fs = std::filesystem;

/// The values of keys, with the first error kept aside, so that reading needs no branches.
class KeyReader {
 public:
  explicit KeyReader(const config::Config& config) : config_(config) {}

  template <class T>
  void read(std::string_view key, T& into) {
    auto value = config_.find<T>("profile." + std::string(key));
    if (!value) return keep(value.error());
    if (*value) into = std::move(**value);
  }

  /// A word that stands for a value.
  template <class T>
  void choose(std::string_view key, std::map<std::string, T> words, T& into) {
    std::string word;
    read(key, word);
    if (const auto found = words.find(word); found != words.end()) into = found->second;
  }

  void read_map(std::string_view key, std::map<std::string, std::string>& into) {
    const std::string section = "profile." + std::string(key);
    for (const std::string& part : config_.names(section)) {
      std::string value;
      read(std::string(key) + "." + part, value);
      into[unquoted(part)] = value;
    }
  }

  void refuse(std::string_view key, std::string code, std::string message, std::string hint = {}) {
    keep(config_.error_at("profile." + std::string(key), std::move(code), std::move(message),
                          std::move(hint)));
  }

  const config::Value* value(std::string_view key) const {
    return config_.value("profile." + std::string(key));
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  void keep(Error error) {
    if (!error_) error_ = std::move(error);
  }

  /// A part of a key as its user meant it: what is not bare is quoted there.
  static std::string unquoted(const std::string& part) {
    const auto path = hocon::parse_path(part);
    return path && path->size() == 1 ? path->front() : part;
  }

  const config::Config& config_;
  std::optional<Error> error_;
};

void read_python(KeyReader& keys, preflight::ImportOptions& imports) {
  keys.read("python.interpreter", imports.python);
  keys.read("python.search_paths", imports.search_paths);
  keys.read("python.production_closure", imports.production_closure);
  keys.read("python.extras", imports.extras);
  keys.read("python.namespace_packages", imports.namespace_packages);
  keys.read("python.timeout", imports.timeout);
}

void read_config(KeyReader& keys, ConfigSettings& config) {
  keys.read("config.file", config.file);
  keys.read("config.declared", config.declared);
  keys.read("config.errors", config.errors);
  keys.choose<bool>("config.reader", {{"pyhocon", true}, {"other", false}}, config.pyhocon);
  keys.read_map("config.environment", config.environment);
  keys.read_map("config.aliases", config.aliases);
}

void read_scripts(KeyReader& keys, preflight::ScriptOptions& scripts) {
  using preflight::GitCheck;
  keys.read("scripts.path", scripts.deployment_path);
  keys.choose<GitCheck>("scripts.git",
                        {{"when-present", GitCheck::when_present},
                         {"required", GitCheck::required},
                         {"off", GitCheck::off}},
                        scripts.git);
  keys.read("scripts.timeout", scripts.timeout);
}

void read_dialects(KeyReader& keys, std::vector<preflight::Dialect>& dialects) {
  std::vector<std::string> names;
  keys.read("migrations.dialects", names);
  if (names.empty()) return;
  dialects.clear();
  for (const std::string& name : names) {
    const auto dialect = preflight::dialect_from_string(name);
    if (!dialect) {
      return keys.refuse("migrations.dialects", "profile_dialect", "there is no dialect " + name,
                         "postgres, sqlite, mysql");
    }
    dialects.push_back(*dialect);
  }
}

void read_runner(KeyReader& keys, const std::string& project,
                 preflight::ApplicationRunner& runner) {
  const config::Value* value = keys.value("migrations.runner");
  if (value == nullptr) return;
  if (const auto* word = std::get_if<std::string>(&value->data); word && *word == "skip-silently")
    return;
  const config::Array* words = value->array();
  for (const config::Value& word : words != nullptr ? *words : config::Array{}) {
    if (const auto* text = std::get_if<std::string>(&word.data)) runner.command.push_back(*text);
  }
  if (words == nullptr || words->empty() || runner.command.size() != words->size()) {
    return keys.refuse("migrations.runner", "profile_runner",
                       "expected \"skip-silently\" or a command as a list of strings");
  }
  runner.cwd = project;
}

/// Lines of sha256sum: 64 hexadecimal digits, a blank, a blank or `*`, the file's name.
void read_applied(KeyReader& keys, const std::string& project,
                  std::map<std::string, std::string>& applied) {
  std::string name;
  keys.read("migrations.applied", name);
  if (name.empty()) return;
  std::ifstream file(below(project, name), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) return keys.refuse("migrations.applied", "profile_applied", "can not read " + name);
  int number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    if (trim(line).empty()) continue;
    const std::size_t digits = line.find_first_not_of("0123456789abcdef");
    const std::string path =
        digits == 64 && line.size() > 66 ? std::string(trim(line.substr(66))) : std::string();
    const std::string version = preflight::migration_version(fs::path(path).filename().string());
    if (version.empty()) {
      return keys.refuse(
          "migrations.applied", "profile_applied",
          name + ":" + std::to_string(number) + ": expected a line of sha256sum, of a migration");
    }
    applied[version] = line.substr(0, 64);
  }
  if (applied.empty())
    keys.refuse("migrations.applied", "profile_applied", name + " has no digest in it");
}

void read_migrations(KeyReader& keys, Settings& settings) {
  using preflight::Level;
  preflight::MigrationOptions& migrations = settings.migrations;
  keys.read("migrations.dir", settings.migrations_dir);
  read_dialects(keys, migrations.dialects);
  read_runner(keys, settings.project, migrations.runner);
  keys.read("migrations.round_trip", migrations.round_trip);
  std::string postgres;
  keys.read("migrations.postgres", postgres);
  migrations.postgres = postgres_trip_at(postgres);
  keys.choose<Level>("migrations.unterminated_block",
                     {{"error", Level::error}, {"warning", Level::warning}, {"note", Level::note}},
                     migrations.unterminated_block);
  read_applied(keys, settings.project, migrations.applied);
  keys.read("migrations.timeout", migrations.timeout);
}

}  // namespace

std::string below(const std::string& folder, const std::string& path) {
  return (fs::path(folder) / path).lexically_normal().string();
}

std::string python_of(const Settings& settings) {
  const std::string& named = settings.imports.python;
  if (!named.empty())
    return named.find('/') == std::string::npos ? named : below(settings.project, named);
  for (const char* folder : {".venv", "venv"}) {
    const std::string python = below(settings.project, std::string(folder) + "/bin/python3");
    std::error_code ignored;
    if (fs::exists(python, ignored)) return python;
  }
  return "python3";
}

Result<Settings> read_settings(const config::Config& config, const std::string& project) {
  Settings settings;
  settings.project = project;
  KeyReader keys(config);
  read_python(keys, settings.imports);
  read_config(keys, settings.config);
  read_scripts(keys, settings.scripts);
  read_migrations(keys, settings);
  if (keys.error()) return *keys.error();
  return settings;
}

}  // namespace muster::profile
