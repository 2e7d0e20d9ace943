#include "runtimes/config_keys.hpp"

#include <array>
#include <string>

namespace muster::runtimes {
namespace {

using config::Kind;

// The lists take any value, as what is wrong in them is told like what is wrong in a variable; the
// variables have rules of their own (sources.hpp).
constexpr std::array<config::KeySpec, 3> keys{{
    {.key = "worker.capabilities.runtimes",
     .kind = Kind::any,
     .about = "Runtimes that action workers claim, a list of names; each is verified",
     .variable = "-"},
    {.key = "sensor.capabilities.runtimes",
     .kind = Kind::any,
     .about = "Runtimes that sensors claim, a list of names; each is verified",
     .variable = "-"},
    {.key = "runtimes.database",
     .about = "PostgreSQL URL or SQLite file whose rows say how runtimes are verified; unset: the "
              "core pack"},
}};

Json json_of(const config::Value& value) {
  struct Reader {
    Json operator()(const config::Array& list) const {
      Json json = Json::array();
      for (const config::Value& each : list) json.push_back(std::visit(*this, each.data));
      return json;
    }
    Json operator()(const config::Table&) const { return Json::object(); }
    Json operator()(const config::Date&) const { return nullptr; }
    Json operator()(bool flag) const { return flag; }
    Json operator()(std::int64_t number) const { return number; }
    Json operator()(double number) const { return number; }
    Json operator()(const std::string& text) const { return text; }
  };
  return std::visit(Reader(), value.data);
}

}  // namespace

std::span<const config::KeySpec> config_keys() {
  return keys;
}

Result<std::optional<Json>> configured_runtimes(const config::Config& config, Role role) {
  const std::string key =
      std::string(role == Role::action ? "worker" : "sensor") + ".capabilities.runtimes";
  const config::Value* value = config.value(key);
  if (value == nullptr) return std::optional<Json>();
  std::optional<Json> json = json_of(*value);
  if (const auto claims = claims_of_configuration(role, json); !claims) {
    const Error& why = claims.error();
    return config.error_at(key, why.code, why.message, why.hint);
  }
  return json;
}

}  // namespace muster::runtimes
