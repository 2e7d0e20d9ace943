#include "runtimes/vocabulary.hpp"

#include <algorithm>
#include <set>

#include "base/diff.hpp"
#include "base/text.hpp"

namespace muster::runtimes {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Vocabulary::Vocabulary(const std::vector<Runtime>& rows, const std::vector<std::string>& claimed)
    : table_(rows) {
  std::set<std::string> names(capability_names().begin(), capability_names().end());
  for (const Runtime& row : rows) {
    names.insert(name_of(row));
    for (const std::string& alias : row.aliases) names.insert(to_lower(alias));
  }
  for (const std::string& claim : claimed) {
    claimed_.push_back(table_.resolve(claim));
    names.insert(claimed_.back());
  }
  names_.assign(names.begin(), names.end());
}

bool Vocabulary::is_capability(std::string_view name) {
  return contains(capability_names(), name);
}

Result<Requirement> Vocabulary::resolve(Requirement requirement) const {
  if (is_capability(requirement.name)) return requirement;
  requirement.name = table_.resolve(requirement.name);
  if (table_.find(requirement.name) != nullptr || contains(claimed_, requirement.name))
    return requirement;
  const std::optional<std::string> near = nearest(requirement.name, names_);
  return error("unknown_capability",
               "'" + printable(shorten(requirement.name, 80)) +
                   "' is neither a runtime that is known here nor a capability",
               near ? "did you mean " + *near + "?" : "there are " + join(names_, ", "));
}

}  // namespace muster::runtimes
