#include "runtimes/names.hpp"

#include <array>
#include <utility>

#include "base/text.hpp"

namespace muster::runtimes {
namespace {

using Alias = std::pair<std::string_view, std::string_view>;

constexpr std::array<Alias, 18> known_aliases{{
    {"node.js", "node"},
    {"nodejs", "node"},
    {"javascript", "node"},
    {"js", "node"},
    {"python3", "python"},
    {"py", "python"},
    {"cpython", "python"},
    {"sh", "shell"},
    {"bash", "shell"},
    {"rb", "ruby"},
    {"golang", "go"},
    {"jdk", "java"},
    {"jre", "java"},
    {"openjdk", "java"},
    {"perl5", "perl"},
    {"rscript", "r"},
    {"r-base", "r"},
    {"standalone", "native"},
}};

std::string last_segment(const std::string& ref) {
  return ref.substr(ref.rfind('.') + 1);
}

}  // namespace

std::string normalize(std::string_view name) {
  std::string lower = to_lower(trim(name));
  for (const auto& [alias, normal] : known_aliases) {
    if (lower == alias) return std::string(normal);
  }
  return lower;
}

std::string name_of(const Runtime& runtime) {
  return normalize(last_segment(runtime.ref));
}

NameTable::NameTable(const std::vector<Runtime>& rows) {
  for (const Runtime& row : rows) {
    rows_.emplace(row.ref, &row);
    rows_.emplace(name_of(row), &row);
  }
  // what a row calls itself stands behind what another row is
  for (const Runtime& row : rows) {
    rows_.emplace(normalize(row.name), &row);
    for (const std::string& alias : row.aliases) rows_.emplace(normalize(alias), &row);
  }
}

const Runtime* NameTable::find(std::string_view spelling) const {
  const auto found = rows_.find(normalize(spelling));
  return found == rows_.end() ? nullptr : found->second;
}

std::string NameTable::resolve(std::string_view spelling) const {
  const Runtime* row = find(spelling);
  return row != nullptr ? name_of(*row) : normalize(spelling);
}

}  // namespace muster::runtimes
