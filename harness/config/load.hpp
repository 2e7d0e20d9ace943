#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"
#include "config/key_spec.hpp"

namespace muster::config {

/// Environment variables by name.
using Environment = std::map<std::string, std::string, std::less<>>;

/// Those of this process.
Environment process_environment();

/// An option of the command line that sets a key.
struct Override {
  std::string key;                  ///< `run.jobs`
  std::vector<std::string> values;  ///< one for all kinds but list
  std::string option;               ///< `--jobs`, for the origin
};

/// Which file, which profile, and what stands above them.
struct Request {
  std::optional<std::string> file;     ///< `--config`
  std::optional<std::string> profile;  ///< `--profile`
  std::string folder = ".";            ///< where the search for muster.toml begins
  Environment environment;
  std::vector<Override> command_line;
};

/// The file to read: `--config`, else MUSTER_CONFIG, else muster.toml in the folder or the nearest
/// one above it, up to the root of the repository (the folder that has `.git`); outside of a
/// repository only in the folder itself. Nullopt: there is none. Error `config_file` when a named
/// file is not there.
Result<std::optional<std::string>> find_file(const Request& request);

/// Limits of a file; beyond them it is refused at the place where it crosses them.
inline constexpr std::size_t kMaxFileBytes = 512 * 1024;
inline constexpr int kMaxNesting = 32;  ///< brackets and braces, and parts of one dotted key

/// Reads muster.toml, its profile, the environment and the command line; the stronger layer wins:
/// command line > environment > [profiles.NAME] > file > `.envctl` beside it > default. All
/// profiles of the file are checked, not only the chosen one. Either the configuration or
/// everything that is wrong with it, located. Codes: `config_file`, `config_syntax`,
/// `config_too_large`, `config_too_deep`, `config_key_unknown`, `config_type`, `config_value`,
/// `config_profile_unknown`.
std::variant<Config, std::vector<Diagnostic>> load(const Schema& schema, const Request& request);

/// As load, of a text that is already read; `name` stands for the file in places.
std::variant<Config, std::vector<Diagnostic>> load_text(const Schema& schema,
                                                        const Request& request, std::string name,
                                                        std::string text);

}  // namespace muster::config
