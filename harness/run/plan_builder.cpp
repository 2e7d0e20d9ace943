#include "run/plan_builder.hpp"

#include <fmt/format.h>

#include <unordered_map>

#include "base/digest.hpp"
#include "run/suggester.hpp"

namespace muster::run {
namespace {

/// Steps of a document by their id: a pickle's step names them.
using StepIndex = std::unordered_map<std::string_view, const messages::Step*>;

void index_steps(const std::vector<messages::Step>& steps, StepIndex& index) {
  for (const auto& step : steps) index.emplace(step.id, &step);
}

StepIndex index_of(const messages::GherkinDocument& document) {
  StepIndex index;
  if (!document.feature) return index;
  const auto child = [&](const auto& it) {
    if (it.background) index_steps(it.background->steps, index);
    if (it.scenario) index_steps(it.scenario->steps, index);
  };
  for (const auto& it : document.feature->children) {
    child(it);
    if (!it.rule) continue;
    for (const auto& inner : it.rule->children) child(inner);
  }
  return index;
}

steps::PickleStepInfo step_info(const messages::PickleStep& step, const StepIndex& index) {
  steps::PickleStepInfo info;
  info.text = step.text;
  const auto found = step.ast_node_ids.empty() ? index.end() : index.find(step.ast_node_ids[0]);
  if (found != index.end()) {
    info.keyword = found->second->keyword;
    info.line = found->second->location.line;
    if (found->second->doc_string) info.doc_string_line = found->second->doc_string->location.line;
  }
  if (step.argument && step.argument->doc_string) {
    const auto& text = *step.argument->doc_string;
    info.doc_string = DocString{text.content, text.media_type.value_or("")};
  }
  return info;
}

std::optional<Table> table_of(const messages::PickleStep& step) {
  if (!step.argument || !step.argument->data_table) return std::nullopt;
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : step.argument->data_table->rows) {
    auto& cells = rows.emplace_back();
    for (const auto& cell : row.cells) cells.push_back(cell.value);
  }
  return Table(std::move(rows));
}

void add_hooks(PlannedCase& planned, detail::HookKind kind, const steps::Library& library,
               IncrementalIds& ids) {
  for (const std::size_t hook : library.hooks_for(kind, planned.info.scenario.tags)) {
    PlannedStep step;
    step.id = ids.next();
    step.hook = hook;
    planned.steps.push_back(std::move(step));
  }
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

bool fits_keyword(detail::StepKeyword keyword, const messages::PickleStep& step) {
  using K = detail::StepKeyword;
  using T = messages::PickleStepType;
  switch (step.type.value_or(T::unknown)) {
    case T::context:
      return keyword == K::given || keyword == K::any;
    case T::action:
      return keyword == K::when || keyword == K::any;
    case T::outcome:
      return keyword == K::then || keyword == K::any;
    case T::unknown:
      break;
  }
  return true;  // `*` has no keyword
}

void keep_bound(std::vector<steps::StepMatch>& matches, const messages::PickleStep& step,
                const steps::Library& library) {
  std::erase_if(matches, [&](const steps::StepMatch& match) {
    return !fits_keyword(library.steps[match.definition].keyword, step);
  });
}

PlannedCase plan_case(const messages::Pickle& pickle, const StepIndex& index,
                      const std::string& content_digest, const steps::Library& library,
                      Suggester& suggester, IncrementalIds& ids, const PlanOptions& options) {
  PlannedCase planned;
  planned.id = ids.next();
  planned.pickle_id = pickle.id;
  auto& scenario = planned.info.scenario;
  scenario.name = pickle.name;
  scenario.uri = pickle.uri;
  scenario.line = pickle.location ? pickle.location->line : 0;
  for (const auto& tag : pickle.tags) scenario.tags.push_back(tag.name);
  planned.key = sha256_hex(
      fmt::format("{}\n{}\n{}\n{}", scenario.uri, scenario.line, content_digest, library.digest));
  if (options.gate) planned.closed = options.gate(scenario.tags);
  if (options.retry > 0 && options.retry_tags.evaluate(scenario.tags)) {
    planned.retries = options.retry;
  }
  read_locks(planned);
  // a pickle without steps is empty: nothing runs for it, no hook either
  const bool hooked = !pickle.steps.empty() && !planned.closed;
  if (hooked) add_hooks(planned, detail::HookKind::before, library, ids);
  for (const auto& it : pickle.steps) {
    PlannedStep step;
    step.id = ids.next();
    step.pickle_step = planned.info.steps.size();
    step.table = table_of(it);
    step.matches = library.match(it.text);
    if (options.keyword_bound) keep_bound(step.matches, it, library);
    if (step.matches.empty()) step.suggestion = suggester.suggest(it, ids);
    planned.info.steps.push_back(step_info(it, index));
    planned.steps.push_back(std::move(step));
  }
  if (hooked) add_hooks(planned, detail::HookKind::after, library, ids);
  return planned;
}

}  // namespace

Plan build_plan(const std::vector<LoadedFeature>& features, const std::vector<ChosenPickle>& chosen,
                const steps::Library& library, IncrementalIds& ids, const PlanOptions& options) {
  Plan plan;
  Suggester suggester(library);
  for (std::size_t i = 0; i < library.steps.size(); ++i) plan.definition_ids.push_back(ids.next());
  for (std::size_t i = 0; i < library.hooks.size(); ++i) plan.hook_ids.push_back(ids.next());
  std::optional<std::size_t> indexed;
  StepIndex index;
  std::string digest;
  for (const ChosenPickle& choice : chosen) {
    const LoadedFeature& feature = features[choice.feature];
    if (indexed != choice.feature) {
      index = index_of(feature.document);
      digest = sha256_hex(feature.source.data);
      indexed = choice.feature;
    }
    plan.cases.push_back(
        plan_case(feature.pickles[choice.pickle], index, digest, library, suggester, ids, options));
  }
  return plan;
}

}  // namespace muster::run
