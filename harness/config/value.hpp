#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/diagnostic.hpp"

namespace muster::config {

struct Value;
struct Member;
using Array = std::vector<Value>;

/// The members of a table in the order of the file.
struct Table {
  std::vector<Member> members;

  /// The value of the member called `name`; null when there is none.
  const Value* find(std::string_view name) const;
};

/// A date or time of day. No key takes one; it is kept so that its place can be named.
struct Date {
  friend bool operator==(const Date&, const Date&) = default;
};

/// One value of a file with its place. Strings are valid UTF-8 without NUL.
struct Value {
  std::variant<bool, std::int64_t, double, std::string, Date, Array, Table> data = false;
  Place place;    ///< of the value; for a table, of its header or brace
  int width = 1;  ///< code points it takes in its first line

  const Table* table() const { return std::get_if<Table>(&data); }
  const Array* array() const { return std::get_if<Array>(&data); }
};

/// A key of a table with its value.
struct Member {
  std::string name;
  Place place;  ///< of the key
  Value value;
};

/// With its article, for messages: `a string`, `an integer`, `a table`.
std::string_view what_it_is(const Value& value);

/// As TOML writes it, on one line; tables in braces.
std::string to_toml(const Value& value);

/// `name` as one part of a dotted key: bare if TOML allows it, else quoted.
std::string key_part(std::string_view name);

}  // namespace muster::config
