#include "config/envctl_file.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/redact.hpp"
#include "base/text.hpp"

namespace muster::config {
namespace {

/// Keys that are called otherwise here.
struct Alias {
  std::string_view name;
  std::string_view key;
};
constexpr std::array kAliases{
    Alias{"ENVCTL_DEFAULT_MODE", "env.mode"},
    Alias{"RUN_SH_RUNTIME_DIR", "env.runtime_dir"},
    Alias{"ENVCTL_RUNTIME_DIR", "env.runtime_dir"},
    Alias{"PORT_SPACING", "env.slot"},
    Alias{"ENVCTL_DEBUG_AUTO_PACK", "debug.auto_pack"},
    Alias{"ENVCTL_DEBUG_UI_AUTO_PACK", "debug.auto_pack"},
};

/// What is said of the two services that the file may have.
struct Part {
  std::string_view suffix;  ///< of `BACKEND_…`, `FRONTEND_…`
  std::string_view member;  ///< of `[[service]]`
};
constexpr std::array kParts{
    Part{"_DIR", "cwd"},           Part{"_PORT_BASE", "port"},        Part{"_PORT", "port"},
    Part{"_START_CMD", "command"}, Part{"_START_COMMAND", "command"},
};

struct Assignment {
  std::string name;
  std::string value;
};

std::optional<Assignment> assignment_in(std::string_view line) {
  line = trim(line);
  if (line.starts_with("export ")) line = trim(line.substr(7));
  const std::size_t equals = line.find('=');
  if (line.empty() || line.front() == '#' || equals == line.npos) return std::nullopt;
  std::string_view value = trim(line.substr(equals + 1));
  if (value.size() > 1 && (value.front() == '"' || value.front() == '\'')) {
    const std::size_t close = value.find(value.front(), 1);
    value = value.substr(1, close == value.npos ? value.npos : close - 1);
  } else if (const std::size_t comment = value.find(" #"); comment != value.npos) {
    value = trim(value.substr(0, comment));
  }
  return Assignment{std::string(trim(line.substr(0, equals))), std::string(value)};
}

Value text_value(std::string text) {
  Value value;
  value.data = std::move(text);
  return value;
}

/// A service on its way.
struct Service {
  std::map<std::string_view, Value> members;
  std::vector<std::size_t> lines;  // in EnvctlFile::lines
  int line = 0;                    // its first
};

std::optional<std::pair<std::string, std::string_view>> service_part(std::string_view name) {
  if (name.starts_with("ENVCTL_")) name.remove_prefix(7);
  for (const std::string_view service : {"BACKEND", "FRONTEND"}) {
    if (!name.starts_with(service)) continue;
    for (const Part& part : kParts)
      if (name.substr(service.size()) == part.suffix)
        return std::pair(to_lower(service), part.member);
  }
  return std::nullopt;
}

std::optional<Value> member_value(std::string_view member, const std::string& text) {
  if (member != "port") return text_value(text);
  const bool digits =
      !text.empty() && text.size() <= 5 &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || std::stoi(text) > 65'535) return std::nullopt;
  Value value;
  value.data = static_cast<std::int64_t>(std::stoi(text));
  return value;
}

Table table_of(const std::string& name, const Service& service) {
  Table table;
  table.members.push_back({"name", {}, text_value(name)});
  for (const std::string_view member : {"command", "cwd", "port"})
    if (const auto at = service.members.find(member); at != service.members.end())
      table.members.push_back({std::string(member), {}, at->second});
  if (service.members.contains("port")) {
    Value ready;
    ready.data = Array{text_value("tcp")};
    table.members.push_back({"ready", {}, std::move(ready)});
  }
  return table;
}

}  // namespace

EnvctlFile read_envctl(const Schema& schema, std::string_view text) {
  EnvctlFile file;
  std::map<std::string, Service> services;
  std::map<int, std::string> toml;
  int number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    const auto found = assignment_in(line);
    if (!found) continue;
    EnvctlLine told{number, found->name, {}, {}};
    const auto alias = std::find_if(kAliases.begin(), kAliases.end(),
                                    [&](const Alias& it) { return it.name == found->name; });
    if (alias != kAliases.end()) {
      const std::string key(alias->key);
      if (const auto set = set_managed_key(schema, file.keys, key, found->value); set) {
        told.key = key;
        // the last of several says what holds, and stands once
        std::erase_if(toml, [&](const auto& it) { return it.second.starts_with(key + " = "); });
        toml[number] = key + " = " + to_toml(file.keys.values.at(key));
      } else {
        told.note = set.error().message;
      }
    } else if (const auto part = service_part(found->name)) {
      const auto value = member_value(part->second, found->value);
      Service& service = services[part->first];
      if (value) {
        service.members.insert_or_assign(part->second, *value);
        service.lines.push_back(file.lines.size());
        if (service.line == 0) service.line = number;
        told.key = "service " + part->first + "." + std::string(part->second);
      } else {
        told.note = redact(shorten(printable(found->value), 40)) + " is no port";
      }
    } else {
      told.note = "muster has no such setting";
    }
    file.lines.push_back(std::move(told));
  }
  std::string array;
  int first = 0;
  for (const auto& [name, service] : services) {
    if (!service.members.contains("command")) {
      for (const std::size_t at : service.lines) {
        file.lines[at].key.clear();
        file.lines[at].note = "no command is given for " + name;
      }
      continue;
    }
    file.keys.services.push_back(table_of(name, service));
    Value value;
    value.data = file.keys.services.back();
    array += (array.empty() ? "" : ", ") + to_toml(value);
    first = first == 0 ? service.line : std::min(first, service.line);
  }
  if (!array.empty()) toml[first] = "service = [" + array + "]";
  int line = 1;
  for (const auto& [at, what] : toml) {
    file.toml.append(static_cast<std::size_t>(at - line), '\n');
    line = at + 1;
    file.toml += what + "\n";
  }
  return file;
}

}  // namespace muster::config
