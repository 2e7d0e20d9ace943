#include "gherkin/parser.hpp"

#include "gherkin/blank.hpp"
#include "gherkin/find_byte.hpp"
#include "gherkin/table_cells.hpp"

namespace muster::gherkin {
namespace {

using Kind = TokenKind;

constexpr Accept kBlank = {Kind::comment, Kind::empty};
/// What may come after a scenario, a background or a rule's header.
constexpr Accept kNextDefinition = {Kind::eof, Kind::tag_line, Kind::scenario_line,
                                    Kind::rule_line};

/// Whether placeholders may stand in a text.
bool has_bracket(std::string_view text) {
  return find_byte(text, '<') != std::string_view::npos;
}

}  // namespace

Parser::Parser(std::string_view text, TokenMatcher& matcher, Arena& arena, IncrementalIds& ids,
               Failures& failures, std::size_t max_line_bytes, TokenSink sink)
    : scanner_(text),
      matcher_(matcher),
      arena_(arena),
      ids_(ids),
      failures_(failures),
      max_line_bytes_(max_line_bytes),
      sink_(std::move(sink)) {}

tree::Document Parser::parse() {
  tree::Document document;
  advance(kBlank | Accept{Kind::eof, Kind::language, Kind::tag_line, Kind::feature_line});
  if (!at(Kind::eof)) document.feature = feature();
  document.comments = comments_.take(0, arena_);
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
    comments_.add({token_.place(), token_.text});
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

const tree::Feature* Parser::feature() {
  const Accept header = kBlank | Accept{Kind::tag_line, Kind::feature_line};
  if (at(Kind::language)) advance(header);
  const std::size_t tags = tags_.begin();
  tag_lines(header);
  tree::Feature feature;
  if (ended_) return arena_.make_one(feature);
  feature.title = title();
  feature.language = matcher_.language();
  feature.title.description = description(kNextDefinition | Kind::background_line);
  const std::size_t children = children_.begin();
  if (at(Kind::background_line)) children_.add(background());
  scenarios();
  while (!at(Kind::eof)) children_.add(rule());
  feature.children = children_.take(children, arena_);
  feature.tags = take_tags(tags);
  return arena_.make_one(feature);
}

tree::Child Parser::rule() {
  const std::size_t tags = tags_.begin();
  tag_lines(kBlank | Accept{Kind::tag_line, Kind::rule_line});
  tree::Rule rule;
  if (!ended_) {
    rule.title = title();
    rule.title.description = description(kNextDefinition | Kind::background_line);
    const std::size_t children = children_.begin();
    if (at(Kind::background_line)) children_.add(background());
    scenarios();
    rule.children = children_.take(children, arena_);
    rule.tags = take_tags(tags);
    rule.id = new_id();
  }
  return {nullptr, nullptr, arena_.make_one(rule)};
}

/// The scenarios that come here.
void Parser::scenarios() {
  while (at(Kind::scenario_line) || (at(Kind::tag_line) && tags_lead_to(Kind::scenario_line))) {
    children_.add(scenario());
  }
}

tree::Child Parser::background() {
  tree::Background background;
  background.title = title();
  background.title.description = description(kNextDefinition | Kind::step_line);
  background.steps = steps(kNextDefinition);
  background.id = new_id();
  return {arena_.make_one(background), nullptr, nullptr};
}

tree::Child Parser::scenario() {
  const std::size_t tags = tags_.begin();
  tag_lines(kBlank | Accept{Kind::tag_line, Kind::scenario_line});
  tree::Scenario scenario;
  if (!ended_) {
    scenario.title = title();
    const Accept follow = kNextDefinition | Kind::examples_line;
    scenario.title.description = description(follow | Kind::step_line);
    scenario.steps = steps(follow);
    const std::size_t begun = examples_.begin();
    while (at(Kind::examples_line) || (at(Kind::tag_line) && tags_lead_to(Kind::examples_line))) {
      examples();
    }
    scenario.examples = examples_.take(begun, arena_);
    scenario.tags = take_tags(tags);
    scenario.id = new_id();
  }
  return {nullptr, arena_.make_one(scenario), nullptr};
}

void Parser::examples() {
  const std::size_t tags = tags_.begin();
  tag_lines(kBlank | Accept{Kind::tag_line, Kind::examples_line});
  if (ended_) return;
  tree::Examples examples;
  examples.title = title();
  const Accept follow = kNextDefinition | Accept{Kind::examples_line, Kind::table_row};
  examples.title.description = description(follow);
  const std::size_t begun = rows_.begin();
  if (at(Kind::table_row) && rows(begun, follow | kBlank)) {
    const tree::List<tree::TableRow> all = rows_.take(begun, arena_);
    examples.header = &all.front();
    examples.body = all.subspan(1);
  }
  examples.tags = take_tags(tags);
  examples.id = new_id();
  examples_.add(examples);
}

tree::List<tree::Step> Parser::steps(Accept follow) {
  const Accept next_step = follow | kBlank | Kind::step_line;
  const std::size_t begun = steps_.begin();
  while (at(Kind::step_line)) {
    tree::Step step;
    step.place = token_.place();
    step.keyword = token_.keyword;
    step.keyword_type = *token_.keyword_type;
    step.text = token_.text;
    step.has_placeholders = has_bracket(token_.text);
    step_argument(step, next_step);
    step.id = new_id();
    steps_.add(step);
  }
  return steps_.take(begun, arena_);
}

void Parser::step_argument(tree::Step& step, Accept follow) {
  const Accept any = follow | Accept{Kind::table_row, Kind::doc_string_separator};
  advance(any);
  if (at(Kind::table_row)) {
    step.data_table = data_table(any);
    if (!at(Kind::doc_string_separator)) return;
    step.doc_string = doc_string();
    advance(follow);
  } else if (at(Kind::doc_string_separator)) {
    step.doc_string = doc_string();
    advance(follow | Kind::table_row);
    if (at(Kind::table_row)) step.data_table = data_table(follow | Kind::table_row);
  }
}

const tree::DataTable* Parser::data_table(Accept accept) {
  tree::DataTable table;
  table.place = token_.place();
  const std::size_t begun = rows_.begin();
  if (!rows(begun, accept)) return nullptr;
  table.rows = rows_.take(begun, arena_);
  table.has_placeholders = brackets_in_rows_;
  table.pickle_bytes = bytes_of_rows_;
  return arena_.make_one(table);
}

/// Reads rows as long as they come; false if they have not all the same number of cells.
bool Parser::rows(std::size_t begun, Accept accept) {
  brackets_in_rows_ = false;
  bytes_of_rows_ = 0;
  while (at(Kind::table_row)) {
    const std::size_t first = cells_.begin();
    CellReader cells(token_.line);
    for (RawCell cell; cells.next(cell);) {
      const auto value = cell.escapes ? arena_.copy(unescape_cell(cell.text)) : cell.text;
      cells_.add({{token_.line.number, cell.column}, value});
      bytes_of_rows_ += sizeof(messages::PickleTableCell) + value.size();
    }
    brackets_in_rows_ = brackets_in_rows_ || cells.brackets();
    bytes_of_rows_ += sizeof(messages::PickleTableRow);
    rows_.add({token_.place(), cells_.take(first, arena_), 0});
    advance(accept);
  }
  const std::span<tree::TableRow> all = rows_.since(begun);
  for (auto& row : all) row.id = new_id();
  for (const auto& row : all) {
    if (row.cells.size() == all.front().cells.size()) continue;
    failures_.add(row.place.line, row.place.column, "inconsistent cell count within the table");
    return false;
  }
  return true;
}

/// From the opening separator to the closing one, which stays the current token.
const tree::DocString* Parser::doc_string() {
  tree::DocString doc_string;
  doc_string.place = token_.place();
  doc_string.delimiter = token_.keyword;
  if (!token_.text.empty()) doc_string.media_type = token_.text;
  const Accept inside = {Kind::doc_string_separator, Kind::other};
  next(inside);
  Arena::Text content(arena_);
  for (bool first = true; at(Kind::other); first = false) {
    if (!first) content.append("\n");
    content.append(token_.text);
    next(inside);
  }
  doc_string.content = content.take();
  doc_string.has_placeholders =
      has_bracket(doc_string.content) || has_bracket(doc_string.media_type.value_or(""));
  return arena_.make_one(doc_string);
}

/// Reads tag lines until something else comes; the tags get their ids when their owner ends, as
/// official ids do.
void Parser::tag_lines(Accept until) {
  while (at(Kind::tag_line)) {
    for (const TagItem& item : token_.tags) {
      tags_.add({{token_.line.number, item.column}, item.name, 0});
    }
    advance(until);
  }
}

tree::List<tree::Tag> Parser::take_tags(std::size_t begun) {
  for (auto& tag : tags_.since(begun)) tag.id = new_id();
  return tags_.take(begun, arena_);
}

/// Without the description, which is read next.
tree::Title Parser::title() {
  return {token_.place(), token_.keyword, token_.text, {}};
}

/// The text below a title, without the empty lines around it that are no part of it; ends at what
/// follows.
std::string_view Parser::description(Accept follow) {
  do {
    next(follow | kBlank | Kind::other);
  } while (at(Kind::empty));
  text_.clear();
  std::size_t kept = 0;
  bool first = true;
  while (at(Kind::other) || at(Kind::comment)) {
    if (at(Kind::other)) {
      if (!first) text_ += '\n';
      first = false;
      text_ += token_.text;
      if (!token_.line.trimmed.empty()) kept = text_.size();
    }
    next(follow | Accept{Kind::comment, Kind::other});
  }
  return arena_.copy(std::string_view(text_).substr(0, kept));
}

}  // namespace muster::gherkin
