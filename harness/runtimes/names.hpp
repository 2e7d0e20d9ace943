#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtimes/runtime.hpp"

namespace muster::runtimes {

/// The one spelling of a runtime's name: without blanks around, in lower case, and by the aliases
/// that everybody uses (node.js, nodejs → node; python3 → python; sh, bash → shell; …). Other names
/// stay.
std::string normalize(std::string_view name);

/// The name under which a row is listed: the last segment of its ref, normalised (`core.nodejs` →
/// `node`).
std::string name_of(const Runtime& runtime);

/// Finds rows by any of their spellings: ref, last segment, name, aliases.
class NameTable {
 public:
  /// The rows outlive the table. A spelling that two rows share means the first.
  explicit NameTable(const std::vector<Runtime>& rows);

  /// The row that `spelling` means, or nullptr.
  const Runtime* find(std::string_view spelling) const;
  /// Its listed name, or `spelling` normalised when no row has it.
  std::string resolve(std::string_view spelling) const;

 private:
  std::map<std::string, const Runtime*, std::less<>> rows_;
};

}  // namespace muster::runtimes
