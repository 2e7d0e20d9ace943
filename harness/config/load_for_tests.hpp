#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "config/load.hpp"

namespace muster::config {

/// Keys as two folders would offer them: every kind, a map, named tables, arrays of tables.
inline constexpr KeySpec kRunKeys[] = {
    {.key = "run.paths", .kind = Kind::list, .fallback = "features", .about = "Features to run"},
    {.key = "run.jobs",
     .kind = Kind::integer,
     .fallback = "2",
     .about = "Workers at once",
     .minimum = 0,
     .maximum = 256},
    {.key = "run.order",
     .fallback = "defined",
     .about = "Order of scenarios",
     .choices = "defined|reverse|random:*"},
    {.key = "run.dry-run", .kind = Kind::flag, .fallback = "false", .about = "Starts nothing"},
    {.key = "run.scale", .kind = Kind::number, .about = "Factor of all timeouts", .minimum = 0},
    {.key = "run.step_timeout", .kind = Kind::duration, .fallback = "5s", .about = "Of each step"},
    {.key = "run.tags", .about = "Tag expression"},
};
inline constexpr KeySpec kOtherKeys[] = {
    {.key = "service[].name", .about = "Name of a service"},
    {.key = "service[].port", .kind = Kind::integer, .fallback = "8080", .about = "Its port"},
    {.key = "service[].env.*", .about = "A variable of its environment"},
    {.key = "action.*.command", .about = "What the action runs"},
    {.key = "action.*.retry", .kind = Kind::integer, .fallback = "0", .about = "Tries after one"},
    {.key = "bearer.key", .about = "Key that signs", .secret = true},
    {.key = "worker.claims", .kind = Kind::any, .about = "As it is written", .variable = "-"},
};

inline const Schema& schema_for_tests() {
  static const Schema schema{kRunKeys, kOtherKeys};
  return schema;
}

inline std::variant<Config, std::vector<Diagnostic>> try_load(std::string text,
                                                              const Request& request = {}) {
  return load_text(schema_for_tests(), request, "muster.toml", std::move(text));
}

/// The configuration of `text`; fails the test when there is none.
inline Config loaded(std::string text, const Request& request = {}) {
  auto result = try_load(std::move(text), request);
  if (const auto* problems = std::get_if<std::vector<Diagnostic>>(&result)) {
    for (const auto& problem : *problems) ADD_FAILURE() << render(problem);
    return {};
  }
  return std::get<Config>(std::move(result));
}

/// All problems of `text`, rendered one after the other; fails the test when there are none.
inline std::string problems_of_text(std::string text, const Request& request = {}) {
  auto result = try_load(std::move(text), request);
  std::string out;
  const auto* problems = std::get_if<std::vector<Diagnostic>>(&result);
  if (problems == nullptr) {
    ADD_FAILURE() << "nothing is wrong";
    return out;
  }
  for (const auto& problem : *problems) out += render(problem);
  return out;
}

}  // namespace muster::config
