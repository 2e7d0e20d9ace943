#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "runtimes/database.hpp"

/// Values of the tables from and to the text in which databases exchange them.
namespace muster::runtimes::sql {

inline Value of(bool value) {
  return value ? "1" : "0";
}
inline Value of(std::int64_t value) {
  return std::to_string(value);
}
inline Value of(const std::optional<int>& value) {
  return value ? Value(std::to_string(*value)) : Value();
}
inline Value of(const Json& value) {
  return value.is_null() ? Value() : Value(dump_json(value));
}
/// Empty text is NULL.
inline Value of_text(const std::string& value) {
  return value.empty() ? Value() : Value(value);
}

/// A cell that holds a whole number.
inline std::int64_t integer(const Value& value) {
  return value ? std::stoll(*value) : 0;
}
inline std::optional<int> optional_integer(const Value& value) {
  return value ? std::optional<int>(std::stoi(*value)) : std::nullopt;
}
/// PostgreSQL says t and f, SQLite 1 and 0.
inline bool truth(const Value& value) {
  return value == "t" || value == "1";
}
inline std::string text(const Value& value) {
  return value.value_or("");
}
/// A cell of JSON; null for what somebody else wrote there and nobody can read.
inline Json json(const Value& value) {
  if (!value) return {};
  Result<Json> parsed = parse_json(*value);
  return parsed.ok() ? std::move(*parsed) : Json();
}

}  // namespace muster::runtimes::sql
