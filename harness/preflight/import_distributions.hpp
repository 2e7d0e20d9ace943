#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

/// What is installed beside an interpreter: the `*.dist-info` (PEP 376, PEP 627) and `*.egg-info`
/// of the folders on its path, as importlib.metadata finds them.
namespace muster::preflight {

struct Distribution {
  std::string name;                    ///< normalised
  std::string version;                 ///< empty until `read_metadata`
  std::string folder;                  ///< that holds its modules
  std::string metadata;                ///< the `*-info` file or folder
  std::vector<std::string> requires_;  ///< with markers; from `read_metadata`
  bool read = false;
};

/// A module or folder that is a distribution's.
struct Holdings {
  std::vector<std::string> modules;  ///< dotted; of a shared namespace the part that is its own
  std::vector<std::string> places;   ///< folders elsewhere, ended by a slash (editable installs)
  bool known = false;                ///< false: its metadata do not say
};

/// By name; the first on the path wins.
std::map<std::string, Distribution> find_distributions(const std::vector<std::string>& path);

/// Fills `version` and `requires_`.
void read_metadata(Distribution& distribution);

/// With `deep`, from the list of its files, which is longer than the list of its modules.
Holdings holdings_of(const Distribution& distribution, bool deep);

}  // namespace muster::preflight
