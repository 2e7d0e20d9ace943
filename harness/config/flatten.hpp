#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"
#include "config/key_spec.hpp"
#include "config/value.hpp"

namespace muster::config {

/// A table of a file laid over the schema: each value that a KeySpec takes, by its resolved key.
struct Flat {
  struct Entry {
    std::string key;
    const KeySpec* spec = nullptr;
    Value value;
  };
  std::vector<Entry> entries;  ///< in the order of the file
  /// (section, name) of what users named, and (section, `[n]`) of array elements, in the order of
  /// the file.
  std::vector<std::pair<std::string, std::string>> named;
  std::vector<std::string> arrays;  ///< the arrays of tables, also empty ones
};

/// Lays `table` over `schema`. Everything that does not fit is added to `problems`, with excerpts
/// of `text`. At the top, `profiles` is left out.
Flat flatten(const Schema& schema, std::string_view text, const Table& table, bool top,
             std::vector<Diagnostic>& problems);

}  // namespace muster::config
