#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "gherkin/failures.hpp"
#include "gherkin/scanner.hpp"
#include "gherkin/token.hpp"
#include "gherkin/token_matcher.hpp"
#include "messages/document.hpp"

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

  /// `sink` gets every token that the document is built of; the end of file last.
  Parser(std::string_view text, TokenMatcher& matcher, IncrementalIds& ids, Failures& failures,
         std::size_t max_line_bytes, TokenSink sink = {});

  /// The document without its uri; meaningless if there are failures afterwards.
  messages::GherkinDocument parse();

 private:
  void next(Accept accept);
  void advance(Accept accept);
  bool read_line(Scanner& scanner, Line& line);
  bool tags_lead_to(TokenKind kind);
  bool at(TokenKind kind) const { return token_.kind == kind; }

  void feature(messages::Feature& feature);
  void rule(messages::Rule& rule);
  void background(messages::Background& background);
  void scenario(messages::Scenario& scenario);
  void examples(messages::Examples& examples);
  void steps(std::vector<messages::Step>& steps, Accept follow);
  void step_argument(messages::Step& step, Accept follow);
  void data_table(messages::Step& step, Accept accept);
  void doc_string(messages::Step& step);
  bool rows(std::vector<messages::TableRow>& rows, Accept accept);

  std::vector<messages::Tag> tag_lines(Accept until);
  void number(std::vector<messages::Tag>& tags);
  std::string description(Accept follow);
  template <class Node>
  void title(Node& node);
  std::string new_id() { return ended_ || failures_.full() ? std::string() : ids_.next(); }

  Scanner scanner_;
  TokenMatcher& matcher_;
  IncrementalIds& ids_;
  Failures& failures_;
  std::size_t max_line_bytes_;
  TokenSink sink_;
  Token token_;
  Token ahead_;
  std::vector<messages::Comment> comments_;
  bool ended_ = false;  // before the grammar did: no ids are taken any more
};

}  // namespace muster::gherkin
