#include "run/feature_files.hpp"

#include <fstream>
#include <iterator>
#include <utility>

#include "base/text.hpp"
#include "gherkin/gherkin.hpp"

namespace muster::run {

Result<LoadedFeatures> load_features(const std::vector<std::string>& files, IncrementalIds& ids) {
  LoadedFeatures loaded;
  for (const std::string& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    if (!in.good() && !in.eof()) return error("file_unreadable", "cannot read " + file);
    auto parsed = gherkin::parse(file, text, ids);
    for (auto& problem : parsed.errors) loaded.errors.push_back(std::move(problem));
    loaded.features.push_back(
        {std::move(parsed.source), std::move(parsed.document), std::move(parsed.pickles)});
  }
  return loaded;
}

Diagnostic to_diagnostic(const messages::ParseError& problem) {
  Diagnostic made;
  made.code = "gherkin";
  made.place.uri = problem.source.uri.value_or("");
  if (problem.source.location) {
    made.place.line = problem.source.location->line;
    made.place.column = problem.source.location->column.value_or(0);
  }
  // the official text begins with the place, which stands in front already
  std::string_view text = problem.message;
  if (text.starts_with('(') && text.find("): ") != std::string_view::npos) {
    text.remove_prefix(text.find("): ") + 3);
  }
  made.message = printable(text);
  return made;
}

}  // namespace muster::run
