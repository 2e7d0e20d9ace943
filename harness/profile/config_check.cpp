#include "profile/config_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "base/diff.hpp"
#include "base/text.hpp"

namespace muster::profile {
namespace {

using preflight::CheckResult;
using preflight::Status;

/// Set on any machine, by whatever name: no deployment has to say so.
constexpr const char* kEverywhere[] = {"PATH", "HOME", "USER", "LANG", "TZ", "PWD", "SHELL"};

std::string check_name(std::string code) {
  std::replace(code.begin(), code.end(), '_', '-');
  return "config-" + code;
}

/// The project's file in places, so that reports do not depend on where it is checked out.
Place in_project(Place place, const std::string& project) {
  std::string folder = below(project, "");
  if (!folder.ends_with('/')) folder += '/';
  if (place.uri.starts_with(folder)) place.uri.erase(0, folder.size());
  return place;
}

/// The source line with its caret, as lines below a message.
std::string excerpt_of(const Error& failure) {
  if (failure.excerpt.empty()) return {};
  Diagnostic shown = failure;
  shown.hint.clear();
  std::string text = render(shown);
  text.erase(0, text.find('\n'));  // what stands before is said already
  text.pop_back();
  return text;
}

hocon::Options options_of(const Settings& settings) {
  hocon::Options options;
  std::map<std::string, std::string> environment;
  for (const char* name : kEverywhere) {
    if (const char* value = std::getenv(name)) environment[name] = value;
  }
  for (const auto& [name, value] : settings.config.environment) environment[name] = value;
  options.environment = std::move(environment);
  options.declared = settings.config.declared;
  return options;
}

CheckResult of_lint(const hocon::Lint& lint, const Settings& settings) {
  const std::vector<std::string>& errors = settings.config.errors;
  const bool fails = std::find(errors.begin(), errors.end(), lint.code) != errors.end();
  CheckResult result;
  result.subject = settings.config.file;
  result.check = check_name(lint.code);
  result.status = fails ? Status::failed : Status::warned;
  result.expected = lint.code == "unknown_environment"
                        ? "variables that muster.toml declares in profile.config.declared"
                    : lint.code == "unused_environment"
                        ? "a ${?NAME} for each variable that muster.toml declares"
                        : "what every reader of HOCON reads alike";
  result.found = lint.diagnostic.message;
  result.place = in_project(lint.diagnostic.place, settings.project);
  result.hint = lint.diagnostic.hint;
  if (result.hint.empty() && lint.code == "unknown_environment")
    result.hint = "declare it there, or correct its name: an optional variable can never fail";
  return result;
}

/// The paths that the configuration has, of which one may have been meant.
std::string nearest_path(const hocon::Config& config, const std::string& field) {
  std::string dotted = field;
  std::replace(dotted.begin(), dotted.end(), '_', '.');
  if (config.has(dotted)) {
    return fmt::format(
        "there is {}; if it is meant, declare it in muster.toml: [profile.config.aliases] {} = "
        "\"{}\"",
        dotted, field, dotted);
  }
  const auto near = nearest(field, config.paths());
  return near ? "did you mean " + *near + "?"
              : "name a path of the configuration, or an alias of profile.config.aliases";
}

/// A failure that names the field, and the field's value if it has one.
std::pair<CheckResult, const hocon::Value*> find_field(const hocon::Config& config,
                                                       const Settings& settings,
                                                       const std::string& field) {
  const auto alias = settings.config.aliases.find(field);
  const std::string path = alias == settings.config.aliases.end() ? field : alias->second;
  CheckResult result;
  result.subject = field == path ? field : fmt::format("{} ({})", field, path);
  result.check = "config-field";
  result.status = Status::failed;
  result.expected = path + " to have a value";
  result.place = {settings.config.file, 0, 0};
  const hocon::Value* value = config.find(path);
  if (value == nullptr) {
    result.found = "no field " + path;
    result.hint = nearest_path(config, field);
    return {result, nullptr};
  }
  result.place = in_project(value->place, settings.project);
  if (value->kind == hocon::Kind::null) {
    result.found = "null";
    result.hint = "null counts as absent";
    return {result, nullptr};
  }
  return {result, value};
}

CheckResult greater(const hocon::Config& config, const Settings& settings, const std::string& field,
                    double number) {
  auto [result, value] = find_field(config, settings, field);
  const auto alias = settings.config.aliases.find(field);
  const std::string path = alias == settings.config.aliases.end() ? field : alias->second;
  result.expected = fmt::format("{} > {:g}", path, number);
  if (value == nullptr) return result;
  const bool secret = !value->environment.empty();
  const std::string origin =
      secret ? " from the environment (" + join(value->environment, ", ") + ")" : std::string();
  const auto read = config.get_double(path);
  if (!read) {
    result.check = "config-number";
    result.found = secret ? "a value" + origin + " that is no number" : read.error().message;
    result.hint = "a number is compared as it is written, without a unit";
    return result;
  }
  result.found = secret ? "a value" + origin : fmt::format("{:g}", *read);
  if (*read > number) {
    result.status = Status::passed;
    result.check = "config-value";
    return result;
  }
  result.check = "config-value";
  result.hint = "change it where it is set";
  return result;
}

}  // namespace

LoadedConfig load_config(const Settings& settings) {
  const auto begin = std::chrono::steady_clock::now();
  LoadedConfig loaded;
  CheckResult result;
  result.subject = settings.config.file;
  result.check = "config";
  result.expected = "a configuration that resolves with no overrides";
  result.place.uri = settings.config.file;
  auto config = hocon::load(below(settings.project, settings.config.file), options_of(settings));
  result.duration = std::chrono::steady_clock::now() - begin;
  if (!config) {
    Error failure = config.error();
    failure.place = in_project(failure.place, settings.project);
    result.status = Status::failed;
    result.check = check_name(failure.code);
    result.found = failure.message + excerpt_of(failure);
    if (!failure.place.uri.empty()) result.place = failure.place;
    result.hint = failure.hint.empty() && failure.code == "read"
                      ? "name the file in muster.toml: profile.config.file"
                      : failure.hint;
    loaded.results.push_back(std::move(result));
    return loaded;
  }
  result.found = fmt::format("{} values", config->paths().size());
  if (config->paths().empty()) {
    result.status = Status::failed;
    result.check = "config-empty";
    result.found = "no value at all";
    result.hint = "a configuration without values proves nothing";
  }
  loaded.results.push_back(std::move(result));
  for (const hocon::Lint& lint : config->lints()) {
    if (!settings.config.pyhocon && lint.code.starts_with("pyhocon_")) continue;
    loaded.results.push_back(of_lint(lint, settings));
  }
  loaded.config.emplace(std::move(config).value());
  return loaded;
}

CheckResult check_greater(const hocon::Config& config, const Settings& settings,
                          const std::string& field, double number) {
  const auto begin = std::chrono::steady_clock::now();
  CheckResult result = greater(config, settings, field, number);
  result.duration = std::chrono::steady_clock::now() - begin;
  return result;
}

CheckResult check_set(const hocon::Config& config, const Settings& settings,
                      const std::string& field) {
  const auto begin = std::chrono::steady_clock::now();
  auto [result, value] = find_field(config, settings, field);
  if (value != nullptr) {
    result.status = Status::passed;
    result.found = std::string(hocon::name_of(value->kind));
  }
  result.duration = std::chrono::steady_clock::now() - begin;
  return result;
}

}  // namespace muster::profile
