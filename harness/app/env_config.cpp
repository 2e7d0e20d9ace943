// `muster env config`.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "app/config_schema.hpp"
#include "app/env_commands.hpp"
#include "app/env_config_file.hpp"
#include "app/env_config_wizard.hpp"
#include "app/env_session.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"
#include "config/envctl_file.hpp"

namespace muster::app {
namespace {

/// An `.envctl` beside the file; nullopt when there is none.
std::optional<config::EnvctlFile> envctl_beside(const ConfigFile& file) {
  const auto path = std::filesystem::path(file.path).parent_path() / config::kEnvctlFile;
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return config::read_envctl(config_schema(), text);
}

/// Takes over what `.envctl` says where the block says nothing, and tells what became of each line.
Json take_over(const config::EnvctlFile& envctl, config::ManagedKeys& keys) {
  Json told = Json::array();
  for (const auto& line : envctl.lines)
    told.push_back({{"line", line.line},
                    {"name", line.name},
                    {"key", line.key.empty() ? Json() : Json(line.key)},
                    {"note", line.note.empty() ? Json() : Json(line.note)}});
  for (const auto& [key, value] : envctl.keys.values) keys.values.emplace(key, value);
  if (keys.services.empty()) keys.services = envctl.keys.services;
  return told;
}

void tell_envctl(const Json& lines) {
  for (const Json& line : lines) {
    const std::string key = string_at(line, "key");
    std::cerr << fmt::format(
        ".envctl:{}: {} {}\n", line.value("line", 0), printable(string_at(line, "name")),
        key.empty() ? "is not taken over: " + printable(string_at(line, "note"))
                    : "is " + key + " here");
  }
}

/// What the words and options change. Errors: those of set_managed_key, `usage`.
Result<bool> change(EnvSession& session, config::ManagedKeys& keys) {
  bool any = false;
  for (const std::string& word : session.route().words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos)
      return error("usage", printable(shorten(word, 80)) + " sets nothing",
                   "muster env config KEY=VALUE, as in env.mode=trees");
    if (auto set = config::set_managed_key(config_schema(), keys, word.substr(0, equals),
                                           std::string_view(word).substr(equals + 1));
        !set)
      return set.error();
    any = true;
  }
  for (const std::string& key : session.route().list("unset")) {
    if (keys.values.erase(key) == 0)
      return error("config_key_unset", printable(shorten(key, 80)) + " is not set by the block",
                   "muster show-config names the origin of every value");
    any = true;
  }
  return any;
}

Json values_of(const config::ManagedKeys& keys) {
  Json values = Json::object();
  for (const auto& [key, value] : keys.values) values[key] = config::to_toml(value);
  return redacted_json(values);
}

/// What the block says does not hold where a variable or the rest of the file says otherwise.
void warn_of_stronger(EnvSession& session, const config::ManagedKeys& keys) {
  const auto settings = session.config();
  if (!settings) return;
  for (const auto& [key, value] : keys.values) {
    const auto origin = (*settings)->origin(key);
    if (origin.layer == config::Layer::environment)
      std::cerr << "warning: " << origin.name << " of the environment overrides " << key << '\n';
  }
}

EnvEnd show(EnvSession& session, const ConfigFile& file) {
  if (session.route().json) {
    session.print(Json{{"file", file.path},
                       {"managed", file.parts.block.has_value()},
                       {"values", values_of(file.keys)},
                       {"services", file.keys.services.size()}});
    return env_done();
  }
  session.print(file.path + "\n");
  if (!file.parts.block) {
    session.print("  no managed block yet: muster env config KEY=VALUE writes one\n");
    return env_done();
  }
  for (const std::string& line : split(trim(*file.parts.block), '\n'))
    session.print("  " + redact(std::string_view(line)) + "\n");
  return env_done();
}

EnvEnd wizard(EnvSession& session) {
  if (auto offered = offer_wizard(session); !offered) {
    if (offered.error().code == "interrupted") return env_interrupted();
    return env_failed(offered.error());
  }
  return env_done();
}

EnvEnd config_command(EnvSession& session) {
  auto file = read_config_file(session);
  if (!file) return env_failed(file.error());
  config::ManagedKeys keys = file->keys;
  Json envctl = Json::array();
  bool changed = false;
  if (session.route().flag("import")) {
    const auto old = envctl_beside(*file);
    if (!old)
      return env_failed(error("envctl_missing", "there is no .envctl beside " + file->path));
    envctl = take_over(*old, keys);
    changed = true;
  }
  const auto by_words = change(session, keys);
  if (!by_words) return env_failed(by_words.error());
  changed = changed || *by_words;
  if (!changed) {
    // asked for nothing: who has no services yet is asked, everybody else is shown
    const auto settings = session.config();
    if (!settings) return env_failed(settings.error());
    if ((*settings)->count("service") == 0 && file->keys.empty() && !session.route().json)
      return wizard(session);
    if (const auto old = envctl_beside(*file); old && !file->parts.block)
      std::cerr << ".envctl is read; muster env config --import takes its " << old->lines.size()
                << " settings over\n";
    return show(session, *file);
  }
  const bool dry_run = session.route().flag("dry-run");
  const auto written = write_config_file(*file, keys, dry_run);
  if (!written) return env_failed(written.error());
  if (!session.route().json) tell_envctl(envctl);
  warn_of_stronger(session, keys);
  if (session.route().json) {
    session.print(Json{{"file", file->path},
                       {"written", !dry_run && *written != file->text},
                       {"values", values_of(keys)},
                       {"services", keys.services.size()},
                       {"envctl", envctl}});
  } else if (dry_run) {
    session.print(redact(std::string_view(config::write_managed_keys(keys))));
  } else {
    std::cerr << (*written == file->text ? "unchanged " : "wrote ") << printable(file->path)
              << '\n';
  }
  return env_done();
}

constexpr EnvOption kOptions[] = {
    {"--unset", EnvKind::list, "Takes a key out of the managed block; may be repeated"},
    {"--import", EnvKind::flag, "Takes over the settings of .envctl, and tells of each"},
    {"--dry-run", EnvKind::flag, "Checks and prints the block, writes nothing"},
};

}  // namespace

const EnvCommand kEnvConfig{
    .name = "config",
    .family = EnvFamily::inspection,
    .about = "Shows or changes the settings that muster keeps in muster.toml",
    .example = "muster env config env.mode=trees debug.auto_pack=anomaly",
    .more =
        "KEY=VALUE sets, --unset takes away; both only between the two marks in muster.toml, "
        "all else stays\nbyte for byte. Without arguments: in a folder without services a few "
        "questions, elsewhere what is set.",
    .words = EnvWords::arguments,
    .options = kOptions,
    .run = config_command,
};

}  // namespace muster::app
