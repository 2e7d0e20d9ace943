#include "runtimes/sources.hpp"

#include <cstdlib>

#include "base/text.hpp"

namespace muster::runtimes {
namespace {

Error bad_claims(const std::string& origin, const std::string& why) {
  return error("bad_claims", origin + " " + why,
               "list runtimes, as in python, node; write none when there is none");
}

Result<Claims> read_list(const std::string& variable, const std::string& value) {
  Claims claims{Source::environment, variable, {}};
  if (trim(value).empty()) return bad_claims(variable, "is set but empty");
  const std::vector<std::string> entries = split(value, ',');
  for (const std::string& entry : entries) {
    const std::string_view name = trim(entry);
    if (name.empty()) return bad_claims(variable, "has an empty entry");
    if (!iequals(name, "none")) {
      claims.names.emplace_back(name);
    } else if (entries.size() > 1) {
      return bad_claims(variable, "has none among others");
    }
  }
  return claims;
}

}  // namespace

std::string to_string(Role role) {
  return role == Role::action ? "action" : "sensor";
}

std::string to_string(Source source) {
  switch (source) {
    case Source::environment:
      return "env";
    case Source::configuration:
      return "config";
    case Source::database:
      break;
  }
  return "database";
}

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

Result<std::optional<Claims>> claims_of_environment(Role role, const Environment& environment) {
  const std::string name = role == Role::action ? "_WORKER_RUNTIMES" : "_SENSOR_RUNTIMES";
  for (const char* prefix : {"MUSTER", "ATTUNE"}) {
    const std::optional<std::string> value = environment(prefix + name);
    if (!value) continue;
    Result<Claims> claims = read_list(prefix + name, *value);
    if (!claims) return claims.error();
    return std::optional<Claims>(std::move(*claims));
  }
  return std::optional<Claims>();
}

Result<std::optional<Claims>> claims_of_configuration(Role role, const std::optional<Json>& value) {
  if (!value) return std::optional<Claims>();
  const std::string key =
      std::string(role == Role::action ? "worker" : "sensor") + ".capabilities.runtimes";
  if (!value->is_array()) return bad_claims(key, "is not a list");
  Claims claims{Source::configuration, key, {}};
  for (std::size_t i = 0; i < value->size(); ++i) {
    const Json& entry = (*value)[i];
    const std::string at = "has at " + std::to_string(i) + " ";
    if (!entry.is_string())
      return bad_claims(key, at + "a " + entry.type_name() + " where a text belongs");
    const std::string name(trim(entry.get_ref<const std::string&>()));
    if (name.empty()) return bad_claims(key, at + "an empty text");
    claims.names.push_back(name);
  }
  return std::optional<Claims>(std::move(claims));
}

}  // namespace muster::runtimes
