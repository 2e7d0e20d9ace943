#pragma once

#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "gherkin/budget.hpp"
#include "gherkin/failures.hpp"
#include "gherkin/gherkin.hpp"
#include "gherkin/placeholders.hpp"
#include "messages/document.hpp"
#include "messages/pickle.hpp"

namespace muster::gherkin {

/// Compiles a document to pickles, as the official compiler does: steps of the backgrounds first
/// (only if the scenario has steps), tags of everything around, one pickle for each row of an
/// outline's examples.
class PickleCompiler {
 public:
  PickleCompiler(std::string_view uri, IncrementalIds& ids, const Limits& limits,
                 Failures& failures)
      : uri_(uri), ids_(ids), limits_(limits), failures_(failures), budget_(limits.pickle_bytes) {}

  /// The pickles; meaningless if a failure was added.
  std::vector<messages::Pickle> compile(const messages::GherkinDocument& document);

 private:
  using Steps = std::vector<const messages::Step*>;
  using Tags = std::vector<const messages::Tag*>;

  void compile_scenario(const messages::Scenario& scenario);
  void compile_outline(const messages::Scenario& scenario);
  messages::Pickle& start(const messages::Location& location);
  void finish(messages::Pickle& pickle);
  void add_step(messages::Pickle& pickle, const messages::Step& step, Placeholders* values,
                const messages::TableRow* row);
  void add_argument(messages::PickleStep& made, const messages::Step& step, Placeholders* values);

  std::string_view uri_;
  IncrementalIds& ids_;
  const Limits& limits_;
  Failures& failures_;
  Budget budget_;
  std::string_view language_;
  Steps background_;  // of the feature, then of the rule
  Tags tags_;         // of everything around, outermost first
  messages::StepKeywordType phase_ = messages::StepKeywordType::unknown;
  std::vector<messages::Pickle> pickles_;
};

}  // namespace muster::gherkin
