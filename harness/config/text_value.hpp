#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "config/key_spec.hpp"
#include "config/value.hpp"

namespace muster::config {

/// What is wrong with a value for its key, and what to write instead.
struct Refusal {
  std::string code;  ///< `config_type` or `config_value`
  std::string message;
  std::string hint;
};

/// Whether `value` is what `spec` takes, at `key`; an integer for a number becomes one.
std::optional<Refusal> refuse_value(const KeySpec& spec, std::string_view key, Value& value);

/// The value that `text` of a variable, an option or a default means for `spec`; checked.
/// Lists are separated by commas. Nullopt and `refusal` when it means none.
std::optional<Value> read_text(const KeySpec& spec, std::string_view key, std::string_view text,
                               Refusal& refusal);

/// `200ms`, `5s`, `1m30s`, `2h`: numbers with the units h, m, s, ms, larger units first. Nullopt
/// for anything else, and beyond 10,000 hours.
std::optional<std::chrono::milliseconds> read_duration(std::string_view text);

}  // namespace muster::config
