#include "app/env_session.hpp"

#include <unistd.h>

#include <iostream>

#include "app/environment.hpp"
#include "app/project_folder.hpp"
#include "base/redact.hpp"
#include "journal/location.hpp"

namespace muster::app {
namespace {

Error no_environment(const std::string& where) {
  return error("no_environment", "no environment was started in " + where, "muster env start");
}

}  // namespace

Result<std::vector<services::ServiceSpec>> declared_services(const config::Config& config) {
  auto read = services::read_services(config);
  if (const auto* problems = std::get_if<std::vector<Diagnostic>>(&read)) {
    for (const Diagnostic& problem : *problems) std::cerr << render(problem);
    return error("config_invalid", "the services are not valid; see above", "mend muster.toml");
  }
  return std::move(std::get<std::vector<services::ServiceSpec>>(read));
}

Result<std::string> EnvSession::root() {
  if (!root_) {
    auto found = project_folder("", route_.folder.empty() ? "." : route_.folder);
    if (!found) return found;
    root_ = std::move(*found);
  }
  return *root_;
}

Result<std::string> EnvSession::scope() {
  const auto folder = root();
  if (!folder) return folder;
  return journal::scope_of(*folder);
}

Result<std::string> EnvSession::runtime_directory() {
  const auto settings = config();
  // inspection goes on with a broken file: the state is there all the same
  if (settings) {
    const auto own = (*settings)->find<std::string>("env.runtime_dir");
    const bool of_file = (*settings)->origin("env.runtime_dir").layer != config::Layer::environment;
    if (of_file && own && *own && !(*own)->empty()) {
      const bool absolute = (*own)->starts_with('/');
      return absolute ? **own : (*settings)->folder() + "/" + **own;
    }
  }
  return journal::runtime_directory(environment_variable);
}

Result<std::string> EnvSession::scope_folder() {
  auto directory = runtime_directory();
  if (!directory) return directory;
  const auto name = scope();
  if (!name) return name;
  return *directory + "/" + *name;
}

Result<std::string> EnvSession::mode() {
  if (!route_.mode.empty()) return route_.mode;
  if (!assumed_mode_.empty()) return assumed_mode_;
  const auto settings = config();
  if (!settings) return settings.error();
  return (*settings)->get<std::string>("env.mode");
}

Result<const config::Config*> EnvSession::config() {
  if (!config_ && !config_failed_) {
    const auto folder = root();
    if (!folder) return folder.error();
    config_ = load_config(route_.config, {}, *folder);
    config_failed_ = !config_;
  }
  if (config_failed_)
    return error("config_invalid", "the configuration is not valid; see above", "mend muster.toml");
  return &*config_;
}

Result<std::vector<services::ServiceSpec>> EnvSession::services() {
  const auto settings = config();
  if (!settings) return settings.error();
  auto declared = declared_services(**settings);
  if (declared && declared->empty())
    return error("not_configured", "no service is declared in " + (*settings)->folder(),
                 kFirstService);
  return declared;
}

Result<artifacts::Repository*> EnvSession::repository(bool make) {
  if (!repository_) {
    const auto directory = runtime_directory();
    if (!directory) return directory.error();
    const auto name = scope();
    if (!name) return name.error();
    auto opened = artifacts::Repository::open(*directory, *name, make);
    if (!opened) {
      if (!make && opened.error().code == "path_missing") return no_environment(*root_);
      return opened.error();
    }
    repository_ = std::move(*opened);
  }
  return &*repository_;
}

Result<artifacts::RunState> EnvSession::state() {
  const auto opened = repository();
  if (!opened) return opened.error();
  auto latest = (*opened)->latest(route_.mode);
  if (!latest) return latest.error();
  if (!*latest) return no_environment(*root_);
  return std::move(**latest);
}

bool EnvSession::interactive() {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
}

void EnvSession::print(const Json& document) {
  out_.pending() +=
      redacted_strings(document).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace muster::app
