#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "runtimes/names.hpp"
#include "runtimes/requirement.hpp"

namespace muster::runtimes {

/// Every name that can be required: capabilities, rows in all their spellings, and what is claimed.
class Vocabulary {
 public:
  /// `rows` outlives the vocabulary.
  Vocabulary(const std::vector<Runtime>& rows, const std::vector<std::string>& claimed);

  /// The requirement with its name as it is listed. Error `unknown_capability`, with the nearest
  /// name.
  Result<Requirement> resolve(Requirement requirement) const;
  /// Whether `name`, as it is listed, is a capability and no runtime.
  static bool is_capability(std::string_view name);

 private:
  NameTable table_;
  std::vector<std::string> names_;    ///< that may have been meant
  std::vector<std::string> claimed_;  ///< as they are listed
};

}  // namespace muster::runtimes
