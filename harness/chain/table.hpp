#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "chain/chain.hpp"

namespace muster::chain {

/// A chain as a data table. The first row names the columns: `event`, and of `count`, `where` and
/// `within` those it needs, in any order; each further row is one step, and an empty cell is a
/// clause left out. `lines` are the lines of the rows in the feature file (may be empty). Headers
/// come from the step's text: `headers` is put in front, e.g. `key /workspace_slug`. Errors are
/// those of the language, with the row's line, and `chain_table`.
Result<std::shared_ptr<const Chain>> parse_table(const std::vector<std::vector<std::string>>& rows,
                                                 const std::string& headers = {},
                                                 const Place& origin = {},
                                                 const std::vector<int>& lines = {},
                                                 const SchemaLoader& schemas = nullptr);

}  // namespace muster::chain
