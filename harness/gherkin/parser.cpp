#include "gherkin/parser.hpp"

#include "gherkin/blank.hpp"

namespace muster::gherkin {
namespace {

using Kind = TokenKind;

constexpr Accept kBlank = {Kind::comment, Kind::empty};
/// What may come after a scenario, a background or a rule's header.
constexpr Accept kNextDefinition = {Kind::eof, Kind::tag_line, Kind::scenario_line,
                                    Kind::rule_line};

}  // namespace

Parser::Parser(std::string_view text, TokenMatcher& matcher, IncrementalIds& ids,
               Failures& failures, std::size_t max_line_bytes, TokenSink sink)
    : scanner_(text),
      matcher_(matcher),
      ids_(ids),
      failures_(failures),
      max_line_bytes_(max_line_bytes),
      sink_(std::move(sink)) {}

messages::GherkinDocument Parser::parse() {
  messages::GherkinDocument document;
  advance(kBlank | Accept{Kind::eof, Kind::language, Kind::tag_line, Kind::feature_line});
  if (!at(Kind::eof)) feature(document.feature.emplace());
  document.comments = std::move(comments_);
  return document;
}

/// Reads lines until one is accepted; an end of file that is not accepted, or too many errors, end
/// the parse.
void Parser::next(Accept accept) {
  while (true) {
    const bool read = !ended_ && read_line(scanner_, token_.line);
    if (failures_.full()) ended_ = true;
    if (!read || ended_) {
      token_.kind = Kind::eof;
      token_.keyword = token_.text = {};
      if (!ended_ && !accept.has(Kind::eof)) {
        failures_.add(token_.line.number, 0,
                      "unexpected end of file, expected: " + expected_text(accept));
        ended_ = true;
      }
      break;
    }
    matcher_.match(token_, accept, failures_);
    if (!at(Kind::none)) break;
    failures_.add(token_.line.number, token_.line.indent + 1,
                  "expected: " + expected_text(accept) + ", got '" +
                      std::string(trim_right(token_.line.trimmed)) + "'");
  }
  if (at(Kind::comment) && !token_.text.empty()) {
    comments_.push_back({token_.location(), std::string(token_.text)});
  }
  if (sink_) sink_(token_);
}

/// The next token that is neither comment nor empty line.
void Parser::advance(Accept accept) {
  do {
    next(accept);
  } while (at(Kind::comment) || at(Kind::empty));
}

bool Parser::read_line(Scanner& scanner, Line& line) {
  while (scanner.next(line)) {
    if (line.text.size() <= max_line_bytes_) return true;
    failures_.add(line.number, 1,
                  "the line is longer than " + std::to_string(max_line_bytes_) + " bytes");
  }
  return false;
}

/// Whether the tags at `token_` belong to a line of this kind.
bool Parser::tags_lead_to(TokenKind kind) {
  Scanner scanner = scanner_;
  while (read_line(scanner, ahead_.line)) {
    matcher_.match(ahead_, kBlank | Accept{kind, Kind::tag_line}, failures_);
    if (ahead_.kind == kind) return true;
    if (ahead_.kind == Kind::none) return false;
  }
  return false;
}

void Parser::feature(messages::Feature& feature) {
  const Accept header = kBlank | Accept{Kind::tag_line, Kind::feature_line};
  if (at(Kind::language)) advance(header);
  feature.tags = tag_lines(header);
  if (ended_) return;
  title(feature);
  feature.language = matcher_.language();
  feature.description = description(kNextDefinition | Kind::background_line);
  if (at(Kind::background_line)) background(feature.children.emplace_back().background.emplace());
  while (at(Kind::scenario_line) || (at(Kind::tag_line) && tags_lead_to(Kind::scenario_line))) {
    scenario(feature.children.emplace_back().scenario.emplace());
  }
  while (!at(Kind::eof)) rule(feature.children.emplace_back().rule.emplace());
  number(feature.tags);
}

void Parser::rule(messages::Rule& rule) {
  rule.tags = tag_lines(kBlank | Accept{Kind::tag_line, Kind::rule_line});
  if (ended_) return;
  title(rule);
  rule.description = description(kNextDefinition | Kind::background_line);
  if (at(Kind::background_line)) background(rule.children.emplace_back().background.emplace());
  while (at(Kind::scenario_line) || (at(Kind::tag_line) && tags_lead_to(Kind::scenario_line))) {
    scenario(rule.children.emplace_back().scenario.emplace());
  }
  number(rule.tags);
  rule.id = new_id();
}

void Parser::background(messages::Background& background) {
  title(background);
  background.description = description(kNextDefinition | Kind::step_line);
  steps(background.steps, kNextDefinition);
  background.id = new_id();
}

void Parser::scenario(messages::Scenario& scenario) {
  scenario.tags = tag_lines(kBlank | Accept{Kind::tag_line, Kind::scenario_line});
  if (ended_) return;
  title(scenario);
  const Accept follow = kNextDefinition | Kind::examples_line;
  scenario.description = description(follow | Kind::step_line);
  steps(scenario.steps, follow);
  while (at(Kind::examples_line) || (at(Kind::tag_line) && tags_lead_to(Kind::examples_line))) {
    examples(scenario.examples.emplace_back());
  }
  number(scenario.tags);
  scenario.id = new_id();
}

void Parser::examples(messages::Examples& examples) {
  examples.tags = tag_lines(kBlank | Accept{Kind::tag_line, Kind::examples_line});
  if (ended_) return;
  title(examples);
  const Accept follow = kNextDefinition | Accept{Kind::examples_line, Kind::table_row};
  examples.description = description(follow);
  if (at(Kind::table_row)) {
    std::vector<messages::TableRow> all;
    if (rows(all, follow | kBlank)) {
      examples.table_header = std::move(all.front());
      all.erase(all.begin());
      examples.table_body = std::move(all);
    }
  }
  number(examples.tags);
  examples.id = new_id();
}

void Parser::steps(std::vector<messages::Step>& steps, Accept follow) {
  const Accept next_step = follow | kBlank | Kind::step_line;
  while (at(Kind::step_line)) {
    messages::Step& step = steps.emplace_back();
    step.location = token_.location();
    step.keyword = token_.keyword;
    step.keyword_type = token_.keyword_type;
    step.text = token_.text;
    step_argument(step, next_step);
    step.id = new_id();
  }
}

void Parser::step_argument(messages::Step& step, Accept follow) {
  const Accept any = follow | Accept{Kind::table_row, Kind::doc_string_separator};
  advance(any);
  if (at(Kind::table_row)) {
    data_table(step, any);
    if (!at(Kind::doc_string_separator)) return;
    doc_string(step);
    advance(follow);
  } else if (at(Kind::doc_string_separator)) {
    doc_string(step);
    advance(follow | Kind::table_row);
    if (at(Kind::table_row)) data_table(step, follow | Kind::table_row);
  }
}

void Parser::data_table(messages::Step& step, Accept accept) {
  messages::DataTable table;
  table.location = token_.location();
  if (rows(table.rows, accept)) step.data_table = std::move(table);
}

/// Reads rows as long as they come; false if they have not all the same number of cells.
bool Parser::rows(std::vector<messages::TableRow>& rows, Accept accept) {
  while (at(Kind::table_row)) {
    rows.push_back({token_.location(), table_cells(token_.line), {}});
    advance(accept);
  }
  for (auto& row : rows) row.id = new_id();
  for (const auto& row : rows) {
    if (row.cells.size() == rows.front().cells.size()) continue;
    failures_.add(row.location.line, *row.location.column,
                  "inconsistent cell count within the table");
    return false;
  }
  return true;
}

/// From the opening separator to the closing one, which stays the current token.
void Parser::doc_string(messages::Step& step) {
  messages::DocString& doc_string = step.doc_string.emplace();
  doc_string.location = token_.location();
  doc_string.delimiter = token_.keyword;
  if (!token_.text.empty()) doc_string.media_type = token_.text;
  const Accept inside = {Kind::doc_string_separator, Kind::other};
  next(inside);
  for (bool first = true; at(Kind::other); first = false) {
    if (!first) doc_string.content += '\n';
    doc_string.content += token_.text;
    next(inside);
  }
}

/// Reads tag lines until something else comes; the tags get their ids when their owner ends, as
/// official ids do.
std::vector<messages::Tag> Parser::tag_lines(Accept until) {
  std::vector<messages::Tag> tags;
  while (at(Kind::tag_line)) {
    for (const TagItem& item : token_.tags) {
      tags.push_back({{token_.line.number, item.column}, std::string(item.name), {}});
    }
    advance(until);
  }
  return tags;
}

void Parser::number(std::vector<messages::Tag>& tags) {
  for (auto& tag : tags) tag.id = new_id();
}

template <class Node>
void Parser::title(Node& node) {
  node.location = token_.location();
  node.keyword = token_.keyword;
  node.name = token_.text;
}

/// The text below a title, without the empty lines around it that are no part of it; ends at what
/// follows.
std::string Parser::description(Accept follow) {
  do {
    next(follow | kBlank | Kind::other);
  } while (at(Kind::empty));
  std::string text;
  std::size_t kept = 0;
  bool first = true;
  while (at(Kind::other) || at(Kind::comment)) {
    if (at(Kind::other)) {
      if (!first) text += '\n';
      first = false;
      text += token_.text;
      if (!token_.line.trimmed.empty()) kept = text.size();
    }
    next(follow | Accept{Kind::comment, Kind::other});
  }
  text.resize(kept);
  return text;
}

}  // namespace muster::gherkin
