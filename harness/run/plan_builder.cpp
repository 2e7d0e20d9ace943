#include "run/plan_builder.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "run/suggester.hpp"

namespace muster::run {
namespace {

namespace tree = gherkin::tree;

steps::PickleStepInfo step_info(const tree::PickleStep& step, StringPool& texts) {
  steps::PickleStepInfo info;
  info.text = texts.keep(step.text);
  info.keyword = texts.keep(step.step->keyword);
  info.line = step.step->place.line;
  if (step.doc_string != nullptr) {
    info.doc_string = std::make_shared<const DocString>(
        DocString{std::string(step.doc_string->content),
                  std::string(step.doc_string->media_type.value_or(""))});
    info.doc_string_line = step.doc_string->place.line;
  }
  return info;
}

std::unique_ptr<const Table> table_of(const tree::PickleStep& step) {
  if (step.data_table == nullptr) return nullptr;
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : step.data_table->rows) {
    auto& cells = rows.emplace_back();
    for (const auto& cell : row.cells) cells.emplace_back(cell.value);
  }
  return std::make_unique<const Table>(std::move(rows));
}

/// `@serial`, `@lock(name)`.
void read_locks(PlannedCase& planned) {
  constexpr std::string_view kLock = "@lock(";
  for (const std::string_view tag : planned.info.scenario.tags) {
    if (tag == "@serial") planned.alone = true;
    if (!tag.starts_with(kLock) || !tag.ends_with(')')) continue;
    planned.locks.emplace_back(tag.substr(kLock.size(), tag.size() - kLock.size() - 1));
  }
}

/// What is said of a step that nothing fits, but of which some definition gave no answer.
std::string trouble_of(const Fit& fit, const steps::Library& library) {
  if (fit.exceeded.empty()) return {};
  std::string text = "no step definition fits, but these gave up on the text:";
  for (const std::size_t index : fit.exceeded) {
    const auto& step = library.steps[index];
    text += fmt::format("\n  {}   # {}:{}", printable(step.text), step.file, step.line);
  }
  return text;
}

class Builder {
 public:
  Builder(StringPool& texts, Matching& matching, IncrementalIds& ids, const PlanOptions& options)
      : texts_(texts),
        matching_(matching),
        library_(matching.library()),
        ids_(ids),
        options_(options),
        suggester_(library_) {}

  PlannedCase plan(const gherkin::FeatureTree& feature, const tree::Pickle& pickle,
                   const std::string& content_digest) {
    PlannedCase planned;
    planned.id = ids_.next_number();
    planned.pickle_id = pickle.id;
    auto& scenario = planned.info.scenario;
    scenario.name = pickle.name;
    scenario.uri = feature.uri();
    scenario.line =
        pickle.row != nullptr ? pickle.row->place.line : pickle.scenario->title.place.line;
    for (const auto* tag : pickle.tags) scenario.tags.emplace_back(tag->name);
    planned.key = sha256(fmt::format("{}\n{}\n{}\n{}", scenario.uri, scenario.line, content_digest,
                                     library_.digest));
    if (options_.gate) planned.closed = options_.gate(scenario.tags);
    if (options_.retry > 0 && options_.retry_tags.evaluate(scenario.tags)) {
      planned.retries = options_.retry;
    }
    read_locks(planned);
    // a pickle without steps is empty: nothing runs for it, no hook either
    const bool hooked = !pickle.steps.empty() && !planned.closed;
    planned.info.steps.reserve(pickle.steps.size());
    planned.steps.reserve(pickle.steps.size());
    if (hooked) add_hooks(planned, detail::HookKind::before);
    for (std::size_t i = 0; i < pickle.steps.size(); ++i) add_step(planned, feature, pickle, i);
    if (hooked) add_hooks(planned, detail::HookKind::after);
    return planned;
  }

 private:
  void add_hooks(PlannedCase& planned, detail::HookKind kind) {
    for (const std::size_t hook : library_.hooks_for(kind, planned.info.scenario.tags)) {
      PlannedStep step;
      step.id = ids_.next_number();
      step.hook = static_cast<std::uint32_t>(hook);
      planned.steps.push_back(std::move(step));
    }
  }

  void add_step(PlannedCase& planned, const gherkin::FeatureTree& feature,
                const tree::Pickle& pickle, std::size_t index) {
    const tree::PickleStep& from = pickle.steps[index];
    PlannedStep step;
    step.id = ids_.next_number();
    step.pickle_step_id = from.id;
    step.pickle_step = static_cast<std::uint32_t>(index);
    step.type = from.type;
    step.table = table_of(from);
    const Fit& fit = matching_.of(from.text, from.type);
    step.fitting = static_cast<std::uint32_t>(fit.matches.size());
    if (!fit.matches.empty()) {
      step.definition = static_cast<std::uint32_t>(fit.matches.front().definition);
    } else {
      Unmatched unmatched;
      unmatched.trouble = trouble_of(fit, library_);
      unmatched.suggestion = suggester_.suggest(feature.message(pickle).steps.at(index), ids_);
      step.unmatched = std::make_unique<const Unmatched>(std::move(unmatched));
    }
    planned.info.steps.push_back(step_info(from, texts_));
    planned.steps.push_back(std::move(step));
  }

  StringPool& texts_;
  Matching& matching_;
  const steps::Library& library_;
  IncrementalIds& ids_;
  const PlanOptions& options_;
  Suggester suggester_;
};

}  // namespace

Plan build_plan(const std::vector<gherkin::FeatureTree>& features,
                const std::vector<ChosenPickle>& chosen, Matching& matching, IncrementalIds& ids,
                const PlanOptions& options) {
  Plan plan;
  const steps::Library& library = matching.library();
  for (std::size_t i = 0; i < library.steps.size(); ++i) plan.definition_ids.push_back(ids.next());
  for (std::size_t i = 0; i < library.hooks.size(); ++i) plan.hook_ids.push_back(ids.next());
  Builder builder(plan.texts, matching, ids, options);
  std::optional<std::size_t> digested;
  std::string digest;
  plan.cases.reserve(chosen.size());
  for (const ChosenPickle& choice : chosen) {
    const gherkin::FeatureTree& feature = features[choice.feature];
    if (digested != choice.feature) {
      digest = sha256_hex(feature.text());
      digested = choice.feature;
    }
    plan.cases.push_back(builder.plan(feature, feature.pickles()[choice.pickle], digest));
  }
  plan.ids = ids;
  return plan;
}

}  // namespace muster::run
