#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/key_spec.hpp"
#include "config/value.hpp"

namespace muster::config {

/// Where a value comes from, weakest first.
enum class Layer { fallback, file, profile, environment, command_line };

/// Where the value of one key comes from.
struct Origin {
  Layer layer = Layer::fallback;
  std::string name;  ///< the profile, the variable or the option; empty for the others
  Place place;       ///< file, line and column of the value, for `file` and `profile`
};

/// `default`, `muster.toml:3:8`, `muster.toml:9:8 (profile ci)`, `MUSTER_RUN_JOBS`, `--jobs`.
std::string to_string(const Origin& origin);

/// `default`, `file`, `profile`, `environment`, `command line`.
std::string_view to_string(Layer layer);

/// One resolved key.
struct Setting {
  const KeySpec* spec = nullptr;
  std::optional<Value> value;  ///< nullopt: nothing sets it and it has no default
  Origin origin;
};

/// All resolved keys. Every value has passed its KeySpec, so that a getter only fails when it is
/// asked for a key that no table knows or with another type than its table says.
///
/// A key is written with dots, `run.jobs`; a part that is not bare is quoted (key_part), an element
/// of an array of tables has its index, `service[0].port`.
class Config {
 public:
  /// The file that was read; empty when there is none.
  const std::string& file() const { return file_; }
  /// The folder that relative paths of the file refer to: the file's, else the one asked for.
  const std::string& folder() const { return folder_; }
  /// The chosen profile; empty when none.
  const std::string& profile() const { return profile_; }

  /// The value at `key`. Errors: `config_key_unset` (no default and nothing sets it),
  /// `config_key_unknown`, `config_type`.
  /// T: bool, std::int64_t, int, double, std::string, std::vector<std::string>,
  /// std::chrono::milliseconds.
  template <class T>
  Result<T> get(std::string_view key) const;

  /// As get, but an unset key is nullopt.
  template <class T>
  Result<std::optional<T>> find(std::string_view key) const;

  /// The value as it was written, for Kind::any; null when unset.
  const Value* value(std::string_view key) const;

  /// Whether a layer above the defaults sets `key`.
  bool is_set(std::string_view key) const;

  /// Where the value of `key` comes from; Layer::fallback for what is unset.
  Origin origin(std::string_view key) const;

  /// The names that users gave below `section` (`action` → `lint`, `deploy`), in the order of the
  /// file; each as one part of a key (key_part).
  std::vector<std::string> names(std::string_view section) const;

  /// How many elements the array of tables `section` has.
  std::size_t count(std::string_view section) const;

  /// An error at the place where `key` got its value: the file's line with a caret, the variable or
  /// the option. For checks that only the reader of a key can make.
  Error error_at(std::string_view key, std::string code, std::string message,
                 std::string hint = {}) const;

  /// Everything, by key in the order of the tables; elements and named tables in the order of the
  /// file.
  const std::vector<std::pair<std::string, Setting>>& settings() const { return settings_; }

  /// What is worth saying but no error: variables that look like a key's and are none.
  const std::vector<Diagnostic>& warnings() const { return warnings_; }

 private:
  friend class Resolver;
  const Setting* setting(std::string_view key) const;

  std::string file_;
  std::string folder_;
  std::string profile_;
  std::shared_ptr<const Schema> schema_;
  std::shared_ptr<const std::string> text_;  ///< of the file, for excerpts
  std::vector<std::pair<std::string, Setting>> settings_;
  std::map<std::string, std::size_t, std::less<>> index_;
  std::vector<std::pair<std::string, std::string>> tables_;  ///< section, name: each once
  std::map<std::string, std::size_t, std::less<>> counts_;
  std::vector<Diagnostic> warnings_;
};

}  // namespace muster::config
