#include "app/edited_chains.hpp"

#include <filesystem>

#include "app/feature_text.hpp"
#include "gherkin/feature_tree.hpp"

namespace muster::app {
namespace {

constexpr std::size_t kFeatureBytes = 8 << 20;

Result<std::optional<std::string>> file_of(const RecordedCase& recorded, const std::string& feature,
                                           const std::string& project) {
  std::error_code ignored;
  if (!feature.empty()) return std::optional<std::string>(feature);
  for (const auto& path :
       {std::filesystem::path(recorded.uri), std::filesystem::path(project) / recorded.uri}) {
    if (std::filesystem::is_regular_file(path, ignored))
      return std::optional<std::string>(path.string());
  }
  return std::optional<std::string>();
}

std::vector<ArmedChain> chains_of(const gherkin::tree::Pickle& pickle) {
  std::vector<ArmedChain> made;
  for (const auto& step : pickle.steps) {
    if (step.doc_string == nullptr || step.doc_string->media_type.value_or("") != "chain") continue;
    made.push_back({std::string(step.text),
                    std::string(step.doc_string->content),
                    step.doc_string->place.line,
                    {},
                    0});
  }
  return made;
}

/// Of several scenarios of one name the one whose line is nearest: rows of an outline.
const gherkin::tree::Pickle* pickle_of(const gherkin::FeatureTree& tree,
                                       const RecordedCase& recorded) {
  const gherkin::tree::Pickle* best = nullptr;
  int distance = 0;
  for (const auto& pickle : tree.pickles()) {
    if (pickle.name != recorded.name) continue;
    const int line =
        pickle.row != nullptr ? pickle.row->place.line : pickle.scenario->title.place.line;
    const int here = std::abs(line - recorded.line);
    if (best != nullptr && here >= distance) continue;
    best = &pickle;
    distance = here;
  }
  return best;
}

}  // namespace

Result<std::optional<EditedChains>> edited_chains(const RecordedCase& recorded,
                                                  const std::string& feature,
                                                  const std::string& project) {
  const auto file = file_of(recorded, feature, project);
  if (!file) return file.error();
  if (!*file) return std::optional<EditedChains>();
  auto text = read_feature(**file, kFeatureBytes);
  if (!text) return text.error();
  IncrementalIds ids;
  const auto tree = gherkin::parse_tree(**file, std::move(*text), ids);
  if (!tree.ok()) {
    const auto& first = tree.errors().front();
    Error failed = error("feature_syntax", first.message);
    failed.place.uri = **file;
    return failed;
  }
  const auto* pickle = pickle_of(tree, recorded);
  if (pickle == nullptr) return std::optional<EditedChains>();
  EditedChains made{**file, chains_of(*pickle)};
  for (std::size_t at = 0; at < made.chains.size() && at < recorded.chains.size(); ++at) {
    made.chains[at].verdict = recorded.chains[at].verdict;
    made.chains[at].judged_ns = recorded.chains[at].judged_ns;
  }
  return std::optional<EditedChains>(std::move(made));
}

}  // namespace muster::app
