#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::config {

/// What a key takes.
enum class Kind {
  flag,      ///< true or false
  integer,   ///< 64 bits
  number,    ///< integer or floating point, finite
  text,      ///< a string
  list,      ///< an array of strings; in a variable or default separated by commas
  duration,  ///< a string such as "200ms", "5s", "1m30s", "2h"
  any        ///< a value of any type; read through Config::value
};

/// With its article, for messages: `an integer`, `a list of strings`.
std::string_view what_it_takes(Kind kind);

/// One key that muster.toml may have. Each folder offers a constexpr table of the keys it reads;
/// harness/app/config_schema.cpp puts them together. Nothing registers itself, so link order never
/// matters.
///
/// In `key`, `*` stands for one part that users name (`action.*.command`; as the last part for a
/// map, `service[].env.*`), and `[]` after a part for the elements of an array of tables
/// (`service[].port`).
struct KeySpec {
  std::string_view key;
  Kind kind = Kind::text;
  /// What holds when nothing sets the key, written as in an environment variable; nullopt: unset.
  std::optional<std::string_view> fallback = std::nullopt;
  std::string_view about{};    ///< one sentence without a full stop, for docs and show-config
  std::string_view choices{};  ///< text only: the words allowed, `defined|reverse`; a word
                               ///< `random:*` is a shell-like pattern
  std::int64_t minimum = std::numeric_limits<std::int64_t>::min();  ///< integer and number
  std::int64_t maximum = std::numeric_limits<std::int64_t>::max();  ///< integer and number
  /// The environment variable that overrides it. Empty: MUSTER_ and the key in capitals, `.` and
  /// `-` as `_`. `-`: none (its owner reads the environment by rules of its own).
  std::string_view variable{};
  bool secret = false;  ///< never printed
};

/// The keys that a file may have.
class Schema {
 public:
  Schema() = default;
  Schema(std::initializer_list<std::span<const KeySpec>> tables);

  void add(std::span<const KeySpec> table);
  const std::vector<KeySpec>& keys() const { return keys_; }

 private:
  std::vector<KeySpec> keys_;
};

/// The variable that overrides `spec` at `key`; empty when there is none.
std::string variable_of(const KeySpec& spec, std::string_view key);

/// What is wrong with the tables themselves: a key twice, a default its own kind refuses, a missing
/// description. For the test of whoever puts tables together.
std::vector<Diagnostic> problems_of(const Schema& schema);

}  // namespace muster::config
