#include "run/feature_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "base/text.hpp"
#include "gherkin/feature_tree.hpp"
#include "gherkin/gherkin.hpp"

namespace muster::run {

namespace {

/// The file, or its beginning when it is larger than allowed: one byte more tells that it is.
Result<std::string> read(const std::string& file, std::size_t most) {
  std::ifstream in(file, std::ios::binary);
  std::error_code unknown;  // of a pipe, say
  const std::uintmax_t size = std::filesystem::file_size(file, unknown);
  // The text is kept, so it takes what it needs; one byte more shows its end.
  std::size_t room = unknown || size == 0 ? 64 << 10 : size + 1;
  std::string text;
  while (in && text.size() <= most) {
    const std::size_t begin = text.size();
    text.resize(std::min<std::size_t>(most + 1, begin + room));
    room = std::max<std::size_t>(text.size(), 64 << 10);
    in.read(text.data() + begin, static_cast<std::streamsize>(text.size() - begin));
    text.resize(begin + static_cast<std::size_t>(in.gcount()));
  }
  if (!in.good() && !in.eof()) return error("file_unreadable", "cannot read " + file);
  return text;
}

constexpr std::size_t kLongestExcerpt = 400;

/// A line as far as a caret in it makes sense to people.
std::string excerpt_of(std::string_view text, const Place& place) {
  const std::string_view line = line_of(text, place.line);
  if (line.size() <= kLongestExcerpt) return std::string(line);
  return place.column < static_cast<int>(kLongestExcerpt / 4) ? shorten(line, kLongestExcerpt) : "";
}

/// How the parser says that a limit was passed, and the option of `run` and `parse` for it.
constexpr std::pair<std::string_view, std::string_view> kLimits[] = {
    {"the file is larger than ", "max-file-bytes"},
    {"the line is longer than ", "max-line-bytes"},
    {"the file gives more than ", "max-pickles"},
};

}  // namespace

Result<LoadedFeatures> load_features(const std::vector<std::string>& files, IncrementalIds& ids) {
  LoadedFeatures loaded;
  for (const std::string& file : files) {
    const auto text = read(file, gherkin::Limits().file_bytes);
    if (!text) return text.error();
    auto parsed = gherkin::parse(file, *text, ids);
    for (auto& problem : parsed.errors) loaded.errors.push_back(std::move(problem));
    loaded.features.push_back(
        {std::move(parsed.source), std::move(parsed.document), std::move(parsed.pickles)});
  }
  return loaded;
}

Result<ParsedFeatures> parse_features(const std::vector<std::string>& files, IncrementalIds& ids,
                                      const gherkin::Limits& limits) {
  ParsedFeatures parsed;
  gherkin::ParseOptions options;
  options.limits = limits;
  parsed.features.reserve(files.size());
  for (const std::string& file : files) {
    auto text = read(file, limits.file_bytes);
    if (!text) return text.error();
    parsed.features.push_back(gherkin::parse_tree(file, std::move(text).value(), ids, options));
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

Diagnostic to_diagnostic(const messages::ParseError& problem, std::string_view source) {
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
  made.excerpt = excerpt_of(source, made.place);
  for (const auto& [begin, option] : kLimits) {
    if (text.starts_with(begin)) made.hint = fmt::format("run and parse take --{} N", option);
  }
  return made;
}

std::vector<Diagnostic> diagnostics_of(const LoadedFeatures& loaded) {
  std::vector<Diagnostic> made;
  for (const auto& problem : loaded.errors) {
    const auto feature = std::find_if(
        loaded.features.begin(), loaded.features.end(),
        [&](const auto& it) { return it.source.uri == problem.source.uri.value_or(""); });
    const bool known = feature != loaded.features.end();
    made.push_back(to_diagnostic(problem, known ? feature->source.data : std::string_view()));
  }
  return made;
}

}  // namespace muster::run
