#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "expressions/tag_expression.hpp"
#include "run/name_filter.hpp"
#include "run/plan_builder.hpp"

namespace muster::run {

/// What the user chose: feature files and, for some of them, lines.
struct Selection {
  std::vector<std::string> files;              ///< sorted, each once
  std::map<std::string, std::set<int>> lines;  ///< by file; a file without an entry is chosen whole
};

/// Reads PATH[:LINE]… : a folder stands for all `*.feature` and `*.feature.md` below it. Errors:
/// `path_missing`, `no_features` (a folder without any), `bad_line`.
Result<Selection> select_files(const std::vector<std::string>& paths);

/// What of the selected files is wanted.
struct Filter {
  expressions::TagExpression tags;
  NameFilter names;
};

/// The pickles that are chosen by line, tags and name, in order. A line selects the scenario, rule,
/// examples or row that it stands in. Errors: `line_selects_nothing`, `nothing_selected`.
Result<std::vector<ChosenPickle>> choose_pickles(const std::vector<LoadedFeature>& features,
                                                 const Selection& selection, const Filter& filter);

}  // namespace muster::run
