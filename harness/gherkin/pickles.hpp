#pragma once

#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "gherkin/arena.hpp"
#include "gherkin/budget.hpp"
#include "gherkin/failures.hpp"
#include "gherkin/limits.hpp"
#include "gherkin/placeholders.hpp"
#include "gherkin/tree.hpp"

namespace muster::gherkin {

/// Compiles a document to pickles, as the official compiler does: steps of the backgrounds first
/// (only if the scenario has steps), tags of everything around, one pickle for each row of an
/// outline's examples.
class PickleCompiler {
 public:
  PickleCompiler(Arena& arena, IncrementalIds& ids, const Limits& limits, Failures& failures)
      : arena_(arena),
        ids_(ids),
        limits_(limits),
        failures_(failures),
        budget_(limits.pickle_bytes) {}

  /// The pickles; meaningless if a failure was added.
  std::vector<tree::Pickle> compile(const tree::Document& document);

 private:
  using Tags = tree::List<const tree::Tag*>;

  void compile_children(tree::List<tree::Child> children);
  void compile_scenario(const tree::Scenario& scenario);
  void compile_outline(const tree::Scenario& scenario);
  void add_pickle(const tree::Scenario& scenario, Tags tags, Placeholders* values,
                  const tree::TableRow* row);
  tree::PickleStep make_step(const tree::Step& step, Placeholders* values, bool outline);
  const tree::DocString* filled(const tree::DocString& doc_string, Placeholders& values);
  const tree::DataTable* filled(const tree::DataTable& table, Placeholders& values);
  Tags tags_around();

  Arena& arena_;
  IncrementalIds& ids_;
  const Limits& limits_;
  Failures& failures_;
  Budget budget_;
  std::vector<const tree::Step*> background_;  // of the feature, then of the rule
  std::vector<const tree::Tag*> tags_;         // of everything around, outermost first
  messages::StepKeywordType phase_ = messages::StepKeywordType::unknown;
  std::vector<tree::Pickle> pickles_;
};

}  // namespace muster::gherkin
