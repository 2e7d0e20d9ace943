#include "run/feature_files.hpp"

#include <fstream>
#include <iterator>
#include <utility>

#include "base/text.hpp"
#include "gherkin/feature_tree.hpp"
#include "gherkin/gherkin.hpp"

namespace muster::run {

namespace {

Result<std::string> read(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  if (!in.good() && !in.eof()) return error("file_unreadable", "cannot read " + file);
  return text;
}

}  // namespace

Result<LoadedFeatures> load_features(const std::vector<std::string>& files, IncrementalIds& ids) {
  LoadedFeatures loaded;
  for (const std::string& file : files) {
    const auto text = read(file);
    if (!text) return text.error();
    auto parsed = gherkin::parse(file, *text, ids);
    for (auto& problem : parsed.errors) loaded.errors.push_back(std::move(problem));
    loaded.features.push_back(
        {std::move(parsed.source), std::move(parsed.document), std::move(parsed.pickles)});
  }
  return loaded;
}

Result<ParsedFeatures> parse_features(const std::vector<std::string>& files, IncrementalIds& ids) {
  ParsedFeatures parsed;
  parsed.features.reserve(files.size());
  for (const std::string& file : files) {
    auto text = read(file);
    if (!text) return text.error();
    parsed.features.push_back(gherkin::parse_tree(file, std::move(text).value(), ids));
    const auto& errors = parsed.features.back().errors();
    parsed.errors.insert(parsed.errors.end(), errors.begin(), errors.end());
  }
  return parsed;
}

LoadedFeature outline(const gherkin::FeatureTree& feature, bool whole) {
  LoadedFeature made;
  made.source.uri = feature.uri();
  if (whole) {
    made.source.data = feature.text();
    made.document = feature.document_message();
  }
  made.pickles.reserve(feature.pickles().size());
  for (const auto& pickle : feature.pickles()) {
    if (whole) {
      made.pickles.push_back(feature.message(pickle));
      made.pickles.back().steps.clear();
      continue;
    }
    auto& it = made.pickles.emplace_back();
    it.name = pickle.name;
    for (const auto* tag : pickle.tags) it.tags.push_back({std::string(tag->name), {}});
  }
  return made;
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
