#include "chain/parser.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/diff.hpp"
#include "base/text.hpp"
#include "chain/parser_state.hpp"

namespace muster::chain {
namespace {

const std::vector<std::string>& reserved() {
  static const std::vector<std::string> words = {
      "key", "scope", "clock", "strict", "lenient", "any", "order",    "either", "or",     "repeat",
      "and", "never", "until", "within", "of",      "as",  "distinct", "where",  "between"};
  return words;
}

bool is_reserved(const std::string& word) {
  return std::find(reserved().begin(), reserved().end(), word) != reserved().end();
}

}  // namespace

bool Parser::take_word(std::string_view text) {
  if (!is_word(text)) return false;
  take();
  return true;
}

bool Parser::take_symbol(std::string_view text) {
  if (!is_symbol(text)) return false;
  take();
  return true;
}

void Parser::skip_separators() {
  while (peek().kind == Token::Kind::separator) take();
}

void Parser::skip_line_ends() {
  while (peek().kind == Token::Kind::separator && peek().new_line) take();
}

void Parser::fail(std::string code, std::string message, const Span& span, std::string hint) const {
  throw ParseFailure{
      located(std::move(code), std::move(message), span, text_, origin_, std::move(hint))};
}

void Parser::expected(const std::string& what, std::string hint) const {
  const Token& found = peek();
  std::string is = "`" + found.text + "`";
  if (found.kind == Token::Kind::end) is = "the end of the chain";
  if (found.kind == Token::Kind::separator) is = found.new_line ? "the line ends" : "an arrow";
  if (found.kind == Token::Kind::string) is = "a string";
  fail("chain_syntax", "expected " + what + ", found " + is, found.span, std::move(hint));
}

NamePattern Parser::name() {
  const Token& token = peek();
  if (token.kind != Token::Kind::word || token.text.front() == '/' || token.text.front() == '$')
    expected("the name of an event");
  if (is_reserved(token.text))
    expected("the name of an event", "`" + token.text + "` is a word of the language");
  auto parsed = NamePattern::parse(token.text);
  if (!parsed) {
    Span span = token.span;
    const int column = parsed.error().place.column;
    if (column > 1) {
      span.place.column += column - 1;
      span.width = 1;
    }
    fail(parsed.error().code, parsed.error().message, span, parsed.error().hint);
  }
  take();
  return std::move(*parsed);
}

Pattern Parser::pattern() {
  Pattern made;
  skip_separators();
  while (header(made)) skip_separators();
  made.items = items(false);
  if (made.items.empty())
    fail("chain_empty", "the chain names no event", peek().span,
         "write one event name per line, in the order in which they come");
  return made;
}

bool Parser::header(Pattern& made) {
  const Token token = peek();
  if (token.kind != Token::Kind::word) return false;
  const auto once = [&](bool already) {
    if (already) fail("chain_header", "`" + token.text + "` stands twice", token.span);
  };
  if (take_word("key")) {
    once(!made.key.empty());
    do made.key.push_back(pointer());
    while (take_symbol(","));
  } else if (take_word("scope")) {
    once(!made.scope.empty());
    do {
      made.scope_spans.push_back(peek().span);
      made.scope.push_back(name());
    } while (take_symbol(","));
  } else if (take_word("clock")) {
    if (take_word("sink")) {
      made.clock = ClockSource::sink;
    } else if (take_word("event")) {
      made.clock = ClockSource::event;
    } else {
      expected("`sink` or `event`");
    }
  } else if (take_word("strict")) {
    made.strict = true;
  } else if (take_word("lenient")) {
    made.strict = false;
  } else {
    return false;
  }
  if (peek().kind != Token::Kind::separator && peek().kind != Token::Kind::end)
    expected("the end of the line after `" + token.text + "`");
  return true;
}

std::vector<Item> Parser::items(bool in_braces) {
  std::vector<Item> made;
  skip_separators();
  while (peek().kind != Token::Kind::end && !(in_braces && is_symbol("}"))) {
    made.push_back(item());
    const Token& after = peek();
    if (after.kind == Token::Kind::separator) {
      skip_separators();
    } else if (after.kind != Token::Kind::end && !(in_braces && is_symbol("}"))) {
      std::string hint = "events are separated by a line end or an arrow";
      if (const auto near = nearest(after.text, {"where", "within", "distinct", "as", "until"}))
        hint = "did you mean `" + *near + "`?";
      expected("a clause, an arrow or a line end", hint);
    }
  }
  return made;
}

Item Parser::item() {
  const Token& token = peek();
  if (is_word("any") && is_word("order", 1)) return any_order();
  if (is_word("either")) return either();
  if (is_word("repeat")) return repeat();
  if (is_word("between")) return between();
  if (is_word("never")) return never();
  for (const char* word : {"key", "scope", "clock", "strict", "lenient"}) {
    if (token.kind == Token::Kind::word && token.text == word)
      fail("chain_header", "`" + token.text + "` stands before the first event", token.span);
  }
  return step();
}

Item Parser::step() {
  Step made = bare_step();
  clauses(made);
  return {std::move(made)};
}

Step Parser::bare_step() {
  const Span span = peek().span;
  Step made{name(), {}, {}, {}, {}, {}, span};
  return made;
}

Item Parser::never() {
  take();
  const Span span = peek().span;
  Never made{name(), {}, {}, span};
  bool has_where = false;
  while (clause_follows() || is_word("until")) {
    const Span clause = peek().span;
    if (take_word("where") && !has_where) {
      made.where = predicates();
      has_where = true;
    } else if (take_word("until") && made.until.empty()) {
      made.until = label("until");
    } else {
      fail("chain_clause", "a `never` takes one `where` and one `until`, and no other clause",
           clause);
    }
  }
  return {std::move(made)};
}

std::vector<Item> Parser::block() {
  skip_line_ends();
  const Span opening = peek().span;
  if (!take_symbol("{")) expected("`{`");
  if (++depth_ > kDepth)
    fail("chain_nesting", "groups stand in each other more than 32 deep", opening);
  std::vector<Item> made = items(true);
  if (!is_symbol("}")) fail("chain_syntax", "this `{` has no `}`", opening);
  if (std::none_of(made.begin(), made.end(),
                   [](const Item& item) { return !std::holds_alternative<Never>(item.what); }))
    fail("chain_empty", "the group names no event", opening);
  take();
  --depth_;
  return made;
}

Item Parser::any_order() {
  Group made;
  made.kind = Group::Kind::any_order;
  made.span = peek().span;
  take();
  take();
  made.branches.push_back(block());
  return {std::move(made)};
}

Item Parser::either() {
  Group made;
  made.kind = Group::Kind::either;
  made.span = take().span;
  made.branches.push_back(block());
  std::size_t line_ends = 0;
  while (peek(line_ends).new_line) ++line_ends;
  if (!is_word("or", line_ends)) expected("`or {`");
  while (is_word("or", line_ends)) {
    skip_line_ends();
    take();
    made.branches.push_back(block());
    line_ends = 0;
    while (peek(line_ends).new_line) ++line_ends;
  }
  return {std::move(made)};
}

Item Parser::repeat() {
  Group made;
  made.kind = Group::Kind::repeat;
  made.span = take().span;
  made.count = count(peek());
  take();
  made.branches.push_back(block());
  return {std::move(made)};
}

Item Parser::between() {
  Group made;
  made.kind = Group::Kind::between;
  made.span = take().span;
  Step opener = bare_step();
  if (!take_word("and")) expected("`and` and the name of the closing event");
  Step closer = bare_step();
  std::vector<Item> inside = block();
  inside.insert(inside.begin(), Item{std::move(opener)});
  inside.push_back(Item{std::move(closer)});
  made.branches.push_back(std::move(inside));
  return {std::move(made)};
}

Result<Pattern> parse_pattern(std::string_view text, const Place& origin,
                              const SchemaLoader& schemas) {
  auto tokens = scan(text, origin);
  if (!tokens) return std::move(tokens).error();
  try {
    return Parser(text, origin, schemas, std::move(*tokens)).pattern();
  } catch (ParseFailure& failure) {
    return std::move(failure.error);
  }
}

}  // namespace muster::chain
