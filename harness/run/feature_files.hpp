#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "gherkin/feature_tree.hpp"
#include "gherkin/limits.hpp"
#include "messages/messages.hpp"
#include "run/plan_builder.hpp"

namespace muster::run {

/// Feature files as they were read: whole, or with everything that is wrong in them.
struct LoadedFeatures {
  std::vector<LoadedFeature> features;
  std::vector<messages::ParseError> errors;  ///< of all files
};

/// Reads and parses the files in order. Error `file_unreadable`.
Result<LoadedFeatures> load_features(const std::vector<std::string>& files, IncrementalIds& ids);

/// Feature files as trees: whole, or with everything that is wrong in them.
struct ParsedFeatures {
  std::vector<gherkin::FeatureTree> features;
  std::vector<messages::ParseError> errors;  ///< of all files
};

/// Reads and parses the files in order. Error `file_unreadable`.
Result<ParsedFeatures> parse_features(const std::vector<std::string>& files, IncrementalIds& ids,
                                      const gherkin::Limits& limits);

/// What scenarios are chosen by: the pickles without their steps; `whole`: with the document, for
/// choosing by line and for places.
LoadedFeature outline(const gherkin::FeatureTree& feature, bool whole);

/// A parse error for people: its place, the line of `text`, the whole file, with a caret, and how
/// to raise a limit.
Diagnostic to_diagnostic(const messages::ParseError& error, std::string_view text);
/// All errors of the files.
std::vector<Diagnostic> diagnostics_of(const LoadedFeatures& loaded);

}  // namespace muster::run
