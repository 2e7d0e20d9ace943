#include "config/show.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"

namespace muster::config {
namespace {

constexpr const char* kRedacted = "[redacted]";

/// Whether a value of this name is a secret by the rules of base/redact.
bool names_secret(std::string_view name) {
  return redact(std::string(name) + "=x").find(kRedacted) != std::string::npos;
}

/// `--token`, `-password`: an option of a command line whose argument is a secret.
bool is_secret_option(std::string_view word) {
  return word.starts_with('-') && word.find('=') == std::string_view::npos && names_secret(word);
}

/// Also `--token VALUE` within one string, which base/redact leaves alone as prose has it, too.
std::string redact_words(const std::string& text) {
  static const RE2 option(
      R"((?i)(--?[a-z0-9-]*(?:token|secret|password|passwd|api-?key|credential|private-?key)[a-z0-9-]*[ \t]+)("[^"]*"|'[^']*'|[^\s]+))");
  std::string out = redact(text);
  RE2::GlobalReplace(&out, option, R"(\1[redacted])");
  return out;
}

/// `value` without what is secret in it, wherever it is nested.
Value without_secrets(Value value) {
  if (auto* text = std::get_if<std::string>(&value.data)) {
    *text = redact_words(*text);
  } else if (auto* array = std::get_if<Array>(&value.data)) {
    bool argument = false;
    for (auto& item : *array) {
      const auto* word = std::get_if<std::string>(&item.data);
      const bool next = word != nullptr && is_secret_option(*word);
      if (argument && word != nullptr) {
        item.data = std::string(kRedacted);
      } else {
        item = without_secrets(std::move(item));
      }
      argument = next;
    }
  } else if (auto* table = std::get_if<Table>(&value.data)) {
    for (auto& member : table->members) {
      if (names_secret(member.name)) {
        member.value.data = std::string(kRedacted);
      } else {
        member.value = without_secrets(std::move(member.value));
      }
    }
  }
  return value;
}

bool is_secret(const std::string& key, const Setting& setting) {
  const auto dot = key.rfind('.');
  return setting.spec->secret ||
         names_secret(dot == std::string::npos ? key : std::string_view(key).substr(dot + 1));
}

struct ToJson {
  Json operator()(bool flag) const { return flag; }
  Json operator()(std::int64_t number) const { return number; }
  Json operator()(double number) const { return number; }
  Json operator()(const std::string& text) const { return text; }
  Json operator()(const Date&) const { return nullptr; }
  Json operator()(const Array& array) const {
    Json made = Json::array();
    for (const auto& item : array) made.push_back(std::visit(*this, item.data));
    return made;
  }
  Json operator()(const Table& table) const {
    Json made = Json::object();
    for (const auto& member : table.members)
      made[member.name] = std::visit(*this, member.value.data);
    return made;
  }
};

Json origin_json(const Origin& origin) {
  Json made = {{"layer", to_string(origin.layer)}};
  if (!origin.name.empty()) made["name"] = origin.name;
  if (!origin.place.uri.empty()) {
    made["file"] = origin.place.uri;
    made["line"] = origin.place.line;
    made["column"] = origin.place.column;
  }
  return made;
}

std::string padded(std::string text, std::size_t width) {
  const auto shown = display_width(text);
  if (shown < width) text.append(width - shown, ' ');
  return text;
}

}  // namespace

std::string show_text(const Config& config) {
  struct Row {
    std::string key, value, origin;
  };
  std::vector<Row> rows;
  std::size_t keys = 7;
  std::size_t values = 0;
  constexpr std::size_t kWidestValue = 40;
  for (const auto& [key, setting] : config.settings()) {
    Row row{printable(key), "(unset)", {}};
    if (setting.value) {
      row.value =
          is_secret(key, setting) ? kRedacted : printable(to_toml(without_secrets(*setting.value)));
      row.origin = printable(to_string(setting.origin));
    }
    keys = std::max(keys, display_width(row.key));
    // one long value shall not push all origins out of sight
    if (display_width(row.value) <= kWidestValue)
      values = std::max(values, display_width(row.value));
    rows.push_back(std::move(row));
  }
  std::string out = padded("file", keys) + "  " +
                    (config.file().empty() ? "(none)" : printable(config.file())) + '\n';
  out += padded("profile", keys) + "  " +
         (config.profile().empty() ? "(none)" : printable(config.profile())) + "\n\n";
  for (const auto& row : rows) {
    out += padded(row.key, keys) + "  ";
    out += row.origin.empty() ? row.value : padded(row.value, values) + "  " + row.origin;
    out += '\n';
  }
  return out;
}

std::string show_json(const Config& config) {
  Json values = Json::array();
  for (const auto& [key, setting] : config.settings()) {
    Json row = {{"key", key}, {"value", nullptr}, {"about", setting.spec->about}};
    if (setting.value) {
      row["value"] = is_secret(key, setting)
                         ? Json(kRedacted)
                         : std::visit(ToJson{}, without_secrets(*setting.value).data);
      row["origin"] = origin_json(setting.origin);
    }
    values.push_back(std::move(row));
  }
  const auto or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  return dump_json({{"file", or_null(config.file())},
                    {"folder", config.folder()},
                    {"profile", or_null(config.profile())},
                    {"values", std::move(values)}}) +
         '\n';
}

std::string reference_markdown(const Schema& schema) {
  std::string out;
  std::vector<std::string> sections;
  const auto section_of = [](const KeySpec& spec) {
    const auto end = spec.key.find_first_of(".[");
    return end == std::string_view::npos ? std::string() : std::string(spec.key.substr(0, end));
  };
  for (const auto& spec : schema.keys()) {
    const auto section = section_of(spec);
    if (std::find(sections.begin(), sections.end(), section) == sections.end())
      sections.push_back(section);
  }
  for (const auto& section : sections) {
    out += section.empty() ? "### Top level\n\n" : "### [" + section + "]\n\n";
    out += "| key | takes | default | variable | |\n|---|---|---|---|---|\n";
    for (const auto& spec : schema.keys()) {
      if (section_of(spec) != section) continue;
      std::string takes(what_it_takes(spec.kind));
      if (!spec.choices.empty()) {
        takes = "`" + join(split(spec.choices, '|'), "`, `") + "`";
      }
      const bool wild = spec.key.find_first_of("*[") != std::string_view::npos;
      const std::string variable = wild ? std::string() : variable_of(spec, spec.key);
      out += "| `" + std::string(spec.key) + "` | " + takes + " | " +
             (!spec.fallback           ? std::string()
              : spec.fallback->empty() ? "empty"
                                       : "`" + std::string(*spec.fallback) + "`") +
             " | " + (variable.empty() ? "" : "`" + variable + "`") + " | " +
             std::string(spec.about) + (spec.secret ? " (never printed)" : "") + " |\n";
    }
    out += '\n';
  }
  return out;
}

}  // namespace muster::config
