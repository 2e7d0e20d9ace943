#include "profile/mutant.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace muster::profile {

std::string Original::text(const std::string& path) const {
  std::error_code failed;
  const std::string file = below(settings.project, path);
  if (!std::filesystem::is_regular_file(file, failed)) return {};
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Result<std::vector<Mutant>> mutants_of(const Original& original) {
  auto made = python_mutants(original);
  if (!made) return made.error();
  for (const auto family : {script_mutants, config_mutants, migration_mutants}) {
    std::vector<Mutant> more = family(original);
    std::move(more.begin(), more.end(), std::back_inserter(*made));
  }
  std::set<std::string> names;
  std::erase_if(*made, [&](const Mutant& mutant) { return !names.insert(mutant.name()).second; });
  return made;
}

}  // namespace muster::profile
