#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/data_output.hpp"
#include "app/env_route.hpp"
#include "artifacts/repository.hpp"
#include "base/json.hpp"
#include "config/config.hpp"
#include "services/service_spec.hpp"

namespace muster::app {

class EnvRecording;

/// What a command of `muster env` works on: its route, the configuration, the artifacts of the
/// repository. Everything is opened when it is asked for, so that a command pays for what it needs.
class EnvSession {
 public:
  explicit EnvSession(const EnvRoute& route) : route_(route) {}

  const EnvRoute& route() const { return route_; }

  /// The folder of the repository: that of the nearest muster.toml, else of `.git`, else the
  /// current one. Error `no_project`.
  Result<std::string> root();
  /// `repo-` and 12 hex digits of the root.
  Result<std::string> scope();
  /// Where the folders of scopes are: `env.runtime_dir` (MUSTER_RUNTIME_DIR), else as for runs.
  Result<std::string> runtime_directory();
  /// `<runtime directory>/<scope>`.
  Result<std::string> scope_folder();
  /// `main` or `trees`: of the command line, MUSTER_DEFAULT_MODE, the file.
  Result<std::string> mode();
  /// The mode, unless the command line names one.
  void assume_mode(std::string mode) { assumed_mode_ = std::move(mode); }

  /// The configuration; what is wrong with it has been printed when the error `config_invalid`
  /// comes.
  Result<const config::Config*> config();
  /// The declared services. Errors `not_configured` (with the line to add), `config_invalid`.
  Result<std::vector<services::ServiceSpec>> services();

  /// The artifacts of the scope. Without `make` the error is `no_environment` when nothing was
  /// ever started here.
  Result<artifacts::Repository*> repository(bool make = false);
  /// The latest state, of the mode that was asked for. Error `no_environment`, and those of reading
  /// it.
  Result<artifacts::RunState> state();

  /// Somebody can be asked: standard input and error are terminals.
  static bool interactive();

  /// What a start or stop tells goes to this recorder, too, until it is nullptr again.
  void record_with(EnvRecording* recording) { recording_ = recording; }
  EnvRecording* recording() const { return recording_; }

  /// Data for standard output.
  DataOutput& out() { return out_; }
  /// A document as `--json` has it: indented, one per command.
  void print(const Json& document);
  void print(const std::string& text) { out_.pending() += text; }
  void print(const char* text) { out_.pending() += text; }

 private:
  const EnvRoute& route_;
  std::string assumed_mode_;
  std::optional<std::string> root_;
  std::optional<config::Config> config_;
  bool config_failed_ = false;
  std::optional<artifacts::Repository> repository_;
  DataOutput out_;
  EnvRecording* recording_ = nullptr;
};

/// The services of a configuration, maybe none; what is wrong is printed. Error `config_invalid`.
Result<std::vector<services::ServiceSpec>> declared_services(const config::Config& config);

/// The hint for a folder without services.
inline constexpr const char* kFirstService =
    "add to muster.toml:  service = [{ name = \"web\", command = \"python3 -m http.server "
    "{port}\", "
    "port = 8000, ready = [\"tcp\"] }]";

}  // namespace muster::app
