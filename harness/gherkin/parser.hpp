#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "gherkin/arena.hpp"
#include "gherkin/failures.hpp"
#include "gherkin/scanner.hpp"
#include "gherkin/token.hpp"
#include "gherkin/token_matcher.hpp"
#include "gherkin/tree.hpp"

namespace muster::gherkin {

/// Parses one source by recursive descent. Every function leaves `token_` at the first token that
/// it does not take, so what is accepted at each place is what its own grammar rule takes next, or
/// what may follow it. A line that fits nothing is an error, and the next line is tried at the same
/// place.
///
///   GherkinDocument = Feature?
///   Feature         = Language? Tags? FeatureLine Description Background? ScenarioDef* Rule*
///   Rule            = Tags? RuleLine Description Background? ScenarioDef*
///   Background      = BackgroundLine Description Step*
///   ScenarioDef     = Tags? ScenarioLine Description Step* ExamplesDef*
///   ExamplesDef     = Tags? ExamplesLine Description Table?
///   Step            = StepLine (Table DocString? | DocString Table?)?
///
/// Tags belong to what follows them, which takes a look ahead over tags, comments and empty lines.
class Parser {
 public:
  using TokenSink = std::function<void(const Token&)>;

  /// `text` and `arena` hold what the tree is made of. `sink` gets every token that the document is
  /// built of; the end of file last.
  Parser(std::string_view text, TokenMatcher& matcher, Arena& arena, IncrementalIds& ids,
         Failures& failures, std::size_t max_line_bytes, TokenSink sink = {});

  /// The document; meaningless if there are failures afterwards.
  tree::Document parse();

 private:
  void next(Accept accept);
  void advance(Accept accept);
  bool read_line(Scanner& scanner, Line& line);
  bool tags_lead_to(TokenKind kind);
  bool at(TokenKind kind) const { return token_.kind == kind; }

  const tree::Feature* feature();
  tree::Child rule();
  tree::Child background();
  tree::Child scenario();
  void examples();
  tree::List<tree::Step> steps(Accept follow);
  void step_argument(tree::Step& step, Accept follow);
  const tree::DataTable* data_table(Accept accept);
  const tree::DocString* doc_string();
  bool rows(std::size_t begun, Accept accept);

  void scenarios();
  void tag_lines(Accept until);
  tree::List<tree::Tag> take_tags(std::size_t begun);
  tree::Title title();
  std::string_view description(Accept follow);
  tree::Id new_id() { return ended_ || failures_.full() ? 0 : ids_.next_number(); }

  Scanner scanner_;
  TokenMatcher& matcher_;
  Arena& arena_;
  IncrementalIds& ids_;
  Failures& failures_;
  std::size_t max_line_bytes_;
  TokenSink sink_;
  Token token_;
  Token ahead_;
  std::string text_;  // that is put together of several lines
  Growing<tree::Comment> comments_;
  Growing<tree::Tag> tags_;
  Growing<tree::TableCell> cells_;
  Growing<tree::TableRow> rows_;
  Growing<tree::Step> steps_;
  Growing<tree::Examples> examples_;
  Growing<tree::Child> children_;
  bool brackets_in_rows_ = false;
  std::size_t bytes_of_rows_ = 0;  // as messages of a pickle
  bool ended_ = false;             // before the grammar did: no ids are taken any more
};

}  // namespace muster::gherkin
