#include "config/key_spec.hpp"

#include <fmt/format.h>

#include <set>

#include "config/text_value.hpp"

namespace muster::config {

std::string_view what_it_takes(Kind kind) {
  switch (kind) {
    case Kind::flag:
      return "true or false";
    case Kind::integer:
      return "an integer";
    case Kind::number:
      return "a number";
    case Kind::text:
      return "a string";
    case Kind::list:
      return "a list of strings";
    case Kind::duration:
      return "a duration such as \"5s\"";
    case Kind::any:
      return "any value";
  }
  return "";
}

Schema::Schema(std::initializer_list<std::span<const KeySpec>> tables) {
  for (const auto& table : tables) add(table);
}

void Schema::add(std::span<const KeySpec> table) {
  keys_.insert(keys_.end(), table.begin(), table.end());
}

std::string variable_of(const KeySpec& spec, std::string_view key) {
  if (spec.variable == "-") return {};
  if (!spec.variable.empty()) return std::string(spec.variable);
  std::string name = "MUSTER_";
  for (const char c : key) {
    if (c >= 'a' && c <= 'z') {
      name += static_cast<char>(c - 'a' + 'A');
    } else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
      name += c;
    } else if (c == '.' || c == '-' || c == '_' || c == '[') {
      name += '_';
    } else if (c != ']') {
      return {};  // a name that no variable can spell
    }
  }
  return name;
}

std::vector<Diagnostic> problems_of(const Schema& schema) {
  std::vector<Diagnostic> problems;
  std::set<std::string_view> seen;
  const auto complain = [&](const KeySpec& spec, std::string message) {
    problems.push_back(error("config_schema", fmt::format("{}: {}", spec.key, message)));
  };
  for (const auto& spec : schema.keys()) {
    if (!seen.insert(spec.key).second) complain(spec, "stands in two tables");
    if (spec.about.empty()) complain(spec, "has no description");
    if (spec.about.ends_with('.')) complain(spec, "its description ends with a full stop");
    if (spec.key.starts_with("profiles.")) complain(spec, "profiles overlay other keys");
    Refusal refusal;
    if (spec.fallback && !read_text(spec, spec.key, *spec.fallback, refusal)) {
      complain(spec, "its default is none: " + refusal.message);
    }
    if (!spec.choices.empty() && spec.kind != Kind::text) complain(spec, "only text has choices");
  }
  return problems;
}

}  // namespace muster::config
