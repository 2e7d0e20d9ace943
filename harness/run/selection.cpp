#include "run/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>

#include "base/diff.hpp"

namespace muster::run {
namespace {

namespace fs = std::filesystem;

bool is_feature(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".feature") || name.ends_with(".feature.md");
}

/// Splits `path:12:30` into the path and its lines.
std::pair<std::string, std::vector<int>> split_lines(std::string text) {
  std::vector<int> lines;
  std::error_code ignored;
  while (!fs::exists(text, ignored)) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon + 1 == text.size()) break;
    int line = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, line);
    if (read.ec != std::errc() || read.ptr != end || line < 1) break;
    lines.push_back(line);
    text.resize(colon);
  }
  return {std::move(text), std::move(lines)};
}

Error missing(const std::string& path) {
  std::vector<std::string> beside;
  std::error_code ignored;
  const fs::path folder = fs::path(path).parent_path();
  for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, ignored)) {
    beside.push_back(folder.empty() ? entry.path().filename().string() : entry.path().string());
  }
  const auto near = nearest(path, beside);
  return error("path_missing", "no such file or folder: " + path,
               near ? "did you mean " + *near + "?" : std::string());
}

/// The last line of everything below a scenario, so that any line of it selects it.
struct Span {
  int first = 0;
  int last = 0;
};

/// Spans of the nodes of a document by id: rows, examples, scenarios and rules reach to the line
/// before what follows them.
std::vector<std::pair<std::string, Span>> spans_of(const messages::GherkinDocument& document) {
  std::vector<std::pair<std::string, Span>> spans;
  if (!document.feature) return spans;
  const auto scenario = [&](const messages::Scenario& it) {
    int last = it.location.line;
    for (const auto& tag : it.tags)
      spans.push_back({it.id, {tag.location.line, tag.location.line}});
    for (const auto& step : it.steps) {
      last = step.location.line;
      if (step.data_table && !step.data_table->rows.empty()) {
        last = step.data_table->rows.back().location.line;
      }
      if (step.doc_string) {
        last = step.doc_string->location.line + 1 +
               static_cast<int>(std::count(step.doc_string->content.begin(),
                                           step.doc_string->content.end(), '\n'));
        last += step.doc_string->content.empty() ? 0 : 1;
      }
    }
    spans.push_back({it.id, {it.location.line, last}});
    for (const auto& examples : it.examples) {
      const int header =
          examples.table_header ? examples.table_header->location.line : examples.location.line;
      for (const auto& row : examples.table_body) {
        spans.push_back({row.id, {examples.location.line, header}});
        spans.push_back({row.id, {row.location.line, row.location.line}});
      }
    }
  };
  const messages::Feature& feature = *document.feature;
  std::vector<std::string> all;
  for (const auto& child : feature.children) {
    if (child.scenario) {
      scenario(*child.scenario);
      all.push_back(child.scenario->id);
    }
    if (!child.rule) continue;
    for (const auto& inner : child.rule->children) {
      if (!inner.scenario) continue;
      scenario(*inner.scenario);
      all.push_back(inner.scenario->id);
      spans.push_back({inner.scenario->id, {child.rule->location.line, child.rule->location.line}});
    }
  }
  for (const auto& id : all) {
    spans.push_back({id, {feature.location.line, feature.location.line}});
  }
  return spans;
}

bool selected_by(const messages::Pickle& pickle, int line,
                 const std::vector<std::pair<std::string, Span>>& spans) {
  return std::any_of(spans.begin(), spans.end(), [&](const auto& span) {
    return span.second.first <= line && line <= span.second.last &&
           std::find(pickle.ast_node_ids.begin(), pickle.ast_node_ids.end(), span.first) !=
               pickle.ast_node_ids.end();
  });
}

}  // namespace

Result<Selection> select_files(const std::vector<std::string>& paths) {
  Selection selection;
  std::set<std::string> files;
  std::set<std::string> whole;
  for (const std::string& given : paths) {
    auto [path, lines] = split_lines(given);
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
      const std::size_t before = files.size();
      bool found = false;
      for (fs::recursive_directory_iterator it(path, ignored), end; it != end;
           it.increment(ignored)) {
        if (!it->is_regular_file(ignored) || !is_feature(it->path())) continue;
        files.insert(it->path().lexically_normal().string());
        whole.insert(it->path().lexically_normal().string());
        found = true;
      }
      if (ignored) {
        return error("folder_unreadable",
                     fmt::format("cannot read all of {}: {}", path, ignored.message()));
      }
      if (!found && files.size() == before) {
        return error("no_features", "no .feature file in " + path);
      }
    } else if (fs::exists(path, ignored)) {
      const std::string name = fs::path(path).lexically_normal().string();
      files.insert(name);
      if (lines.empty()) whole.insert(name);
      selection.lines[name].insert(lines.begin(), lines.end());
    } else {
      return missing(given);
    }
  }
  for (const auto& name : whole) selection.lines.erase(name);
  selection.files.assign(files.begin(), files.end());
  return selection;
}

Result<std::vector<ChosenPickle>> choose_pickles(const std::vector<LoadedFeature>& features,
                                                 const Selection& selection, const Filter& filter) {
  std::vector<ChosenPickle> chosen;
  for (std::size_t f = 0; f < features.size(); ++f) {
    const LoadedFeature& feature = features[f];
    const auto lines = selection.lines.find(feature.source.uri);
    const bool by_line = lines != selection.lines.end();
    const auto spans =
        by_line ? spans_of(feature.document) : decltype(spans_of(feature.document)){};
    std::set<int> unused = by_line ? lines->second : std::set<int>{};
    for (std::size_t p = 0; p < feature.pickles.size(); ++p) {
      const messages::Pickle& pickle = feature.pickles[p];
      bool wanted = !by_line;
      for (const int line : by_line ? lines->second : std::set<int>{}) {
        if (!selected_by(pickle, line, spans)) continue;
        wanted = true;
        unused.erase(line);
      }
      std::vector<std::string> names;
      for (const auto& tag : pickle.tags) names.push_back(tag.name);
      if (wanted && filter.tags.evaluate(names) && filter.names.fits(pickle.name))
        chosen.push_back({f, p});
    }
    if (!unused.empty()) {
      return error("line_selects_nothing",
                   fmt::format("{}:{} selects no scenario", feature.source.uri, *unused.begin()),
                   "give a line of a scenario, of its steps or of a row of its examples");
    }
  }
  if (chosen.empty()) {
    return error(
        "nothing_selected", "no scenario is selected",
        "a run of nothing proves nothing: check the paths, the tag expression and the names");
  }
  return chosen;
}

}  // namespace muster::run
