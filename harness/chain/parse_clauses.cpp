#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "chain/parser_state.hpp"

namespace muster::chain {
namespace {

constexpr std::uint64_t kMostCount = 1'000'000'000;
constexpr std::string_view kTimes = "×";

constexpr std::array<std::pair<std::string_view, Operator>, 8> kOperators = {
    {{"==", Operator::equal},
     {"!=", Operator::not_equal},
     {"<", Operator::less},
     {"<=", Operator::less_equal},
     {">", Operator::greater},
     {">=", Operator::greater_equal},
     {"=~", Operator::matches},
     {"in", Operator::in}}};

bool read_number(std::string_view text, std::uint64_t& out) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size() && out <= kMostCount;
}

bool is_clause(const std::string& word) {
  return word == "distinct" || word == "where" || word == "within" || word == "as";
}

}  // namespace

std::string to_text(const Count& count) {
  if (count == Count{}) return {};
  if (count == Count{0, 1}) return "?";
  std::string text = "×" + std::to_string(count.min);
  if (count.max == count.min) return text;
  text += "..";
  if (count.max != Count::kUnbounded) text += std::to_string(count.max);
  return text;
}

Result<Count> parse_count(std::string_view text) {
  const auto bad = [](std::string message) {
    return error("chain_count", std::move(message), "write ×4, x4, x1..3, x2.. or ?");
  };
  if (text == "?") return Count{0, 1};
  if (text.substr(0, kTimes.size()) == kTimes) {
    text.remove_prefix(kTimes.size());
  } else if (!text.empty() && text.front() == 'x') {
    text.remove_prefix(1);
  }
  Count count;
  const std::size_t dots = text.find("..");
  const std::string_view low = text.substr(0, dots);
  if (!read_number(low, count.min)) return bad("this is no count");
  count.max = count.min;
  if (dots != std::string_view::npos) {
    const std::string_view high = text.substr(dots + 2);
    count.max = Count::kUnbounded;
    if (!high.empty() && !read_number(high, count.max)) return bad("this is no count");
  }
  if (count.max == 0) return bad("a count of nothing says nothing");
  if (count.max < count.min) return bad("the count ends before it begins");
  return count;
}

Result<std::int64_t> parse_duration(std::string_view text) {
  const auto bad = [] {
    return error("chain_duration", "this is no duration", "write 500ms, 5s, 1.5s, 2m or 1h");
  };
  double amount = 0;
  const auto read =
      std::from_chars(text.data(), text.data() + text.size(), amount, std::chars_format::fixed);
  if (read.ec != std::errc{} || !(amount > 0)) return bad();
  const std::string_view unit(read.ptr,
                              static_cast<std::size_t>(text.data() + text.size() - read.ptr));
  constexpr std::array<std::pair<std::string_view, double>, 6> kUnits = {
      {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}}};
  for (const auto& [name, factor] : kUnits) {
    // a thousand hours are more than any scenario lasts
    if (unit == name && amount * factor <= 3.6e15 && amount * factor >= 1)
      return static_cast<std::int64_t>(amount * factor);
  }
  return bad();
}

bool Parser::clause_follows() {
  std::size_t line_ends = 0;
  while (peek(line_ends).new_line) ++line_ends;
  const Token& token = peek(line_ends);
  if (token.kind != Token::Kind::word || !(is_clause(token.text) || token.text == "until"))
    return false;
  skip_line_ends();
  return true;
}

void Parser::clauses(Step& step) {
  const auto is_count = [&] {
    const std::string& text = peek().text;
    return is_symbol("?") ||
           (peek().kind == Token::Kind::word &&
            (text.substr(0, kTimes.size()) == kTimes ||
             (text.size() > 1 && text[0] == 'x' && text[1] >= '0' && text[1] <= '9')));
  };
  if (is_count()) {
    step.count = count(peek());
    take();
  }
  while (clause_follows()) {
    const Token clause = take();
    const auto once = [&](bool already) {
      if (already) fail("chain_clause", "`" + clause.text + "` stands twice", clause.span);
    };
    if (clause.text == "distinct") {
      once(step.distinct.has_value());
      step.distinct = pointer();
    } else if (clause.text == "where") {
      once(!step.where.empty());
      step.where = predicates();
    } else if (clause.text == "within") {
      once(step.within.has_value());
      step.within = within();
    } else if (clause.text == "as") {
      once(!step.label.empty());
      step.label = label("as");
    } else {
      fail("chain_clause", "`until` belongs to `never`", clause.span);
    }
  }
}

Count Parser::count(const Token& token) {
  if (token.kind != Token::Kind::word && !is_symbol("?")) expected("a count", "write x3 or x1..3");
  auto parsed = parse_count(token.text);
  if (!parsed) fail(parsed.error().code, parsed.error().message, token.span, parsed.error().hint);
  return *parsed;
}

Within Parser::within() {
  Within made;
  const Token token = peek();
  if (token.kind != Token::Kind::word) expected("a duration", "write 500ms, 5s or 2m");
  auto parsed = parse_duration(token.text);
  if (!parsed) fail(parsed.error().code, parsed.error().message, token.span, parsed.error().hint);
  take();
  made.ns = *parsed;
  made.span = token.span;
  if (take_word("of")) {
    made.span = peek().span;
    made.label = label("of");
  }
  return made;
}

std::string Parser::label(const char* after) {
  const Token& token = peek();
  const bool plain = token.kind == Token::Kind::word &&
                     std::all_of(token.text.begin(), token.text.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '_' || c == '-';
                     });
  if (!plain) expected(std::string("a label after `") + after + "`", "letters, digits, - and _");
  return take().text;
}

events::Pointer Parser::pointer() {
  const Token& token = peek();
  const bool quoted = token.kind == Token::Kind::string;
  if (!quoted && (token.kind != Token::Kind::word || token.text.front() != '/'))
    expected("a JSON pointer", "write it as /payload/name");
  auto parsed = events::Pointer::parse(token.text);
  if (!parsed) fail("chain_pointer", parsed.error().message, token.span, parsed.error().hint);
  take();
  return std::move(*parsed);
}

std::vector<Predicate> Parser::predicates() {
  std::vector<Predicate> made;
  do {
    skip_line_ends();
    made.push_back(predicate());
  } while (take_symbol(","));
  return made;
}

Predicate Parser::predicate() {
  Predicate made;
  made.span = peek().span;
  if (is_word("schema")) {
    schema(made);
    return made;
  }
  made.pointer = pointer();
  made.text = made.pointer.text();
  const Token op = peek();
  if (is_word("schema")) {
    schema(made);
  } else if (take_word("exists")) {
    made.op = Operator::exists;
    made.text += " exists";
  } else if (take_word("absent")) {
    made.op = Operator::absent;
    made.text += " absent";
  } else if (take_word("is")) {
    made.op = Operator::is;
    constexpr std::array kTypes = {"int", "number", "string", "bool", "object", "array", "null"};
    const Token& type = peek();
    if (std::find(kTypes.begin(), kTypes.end(), type.text) == kTypes.end())
      expected("one of int, number, string, bool, object, array, null");
    made.literal = type.text;
    made.text += " is " + type.text;
    take();
  } else {
    const auto* known = std::find_if(kOperators.begin(), kOperators.end(),
                                     [&](const auto& entry) { return entry.first == op.text; });
    if (known == kOperators.end() || op.kind == Token::Kind::string)
      expected("an operator", "one of == != < <= > >= =~ in exists absent is schema");
    made.op = known->second;
    take();
    made.text += " " + op.text + " ";
    right_side(made);
  }
  return made;
}

void Parser::schema(Predicate& made) {
  made.op = Operator::schema;
  take();
  const Token reference = peek();
  if (reference.kind != Token::Kind::string) expected("a schema as \"file.json#/definition\"");
  made.literal = reference.text;
  made.text += (made.text.empty() ? "schema " : " schema ") + dump_json(reference.text);
  if (!schemas_) fail("chain_schema", "schemas cannot be checked here", reference.span);
  auto loaded = schemas_(reference.text);
  if (!loaded) fail("chain_schema", loaded.error().message, reference.span, loaded.error().hint);
  made.schema = std::move(*loaded);
  take();
}

void Parser::right_side(Predicate& made) {
  const Token token = peek();
  if (token.kind == Token::Kind::word && token.text.front() == '$') {
    const std::size_t slash = token.text.find('/');
    made.label = token.text.substr(1, slash == std::string::npos ? slash : slash - 1);
    if (made.label.empty() || slash == std::string::npos)
      expected("$label/pointer", "a label is given to an earlier event by `as`");
    auto parsed = events::Pointer::parse(std::string_view(token.text).substr(slash));
    if (!parsed) fail("chain_pointer", parsed.error().message, token.span, parsed.error().hint);
    made.label_pointer = std::move(*parsed);
    if (made.op == Operator::matches)
      fail("chain_value", "`=~` takes a string in quotes, not another event's field", token.span);
    made.text += token.text;
    take();
    return;
  }
  const bool list = is_symbol("[");
  made.literal = literal();
  made.text += dump_json(made.literal);
  if (made.op == Operator::in && !list)
    fail("chain_value", "`in` takes a list", token.span, "write in [\"a\", \"b\"]");
  if (made.op != Operator::matches) return;
  if (!made.literal.is_string()) fail("chain_value", "`=~` takes a string in quotes", token.span);
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_max_mem(8 << 20);
  auto regex = std::make_shared<re2::RE2>(made.literal.get<std::string>(), options);
  if (!regex->ok())
    fail("chain_regex", "this is no regular expression: " + regex->error(), token.span,
         "RE2 syntax, without backreferences and look-around");
  made.regex = std::move(regex);
}

Json Parser::literal() {
  const Token token = peek();
  if (token.kind == Token::Kind::string) {
    take();
    return token.text;
  }
  if (take_symbol("[")) {
    if (++depth_ > kDepth) fail("chain_nesting", "lists stand in each other too deep", token.span);
    Json list = Json::array();
    skip_line_ends();
    while (!is_symbol("]")) {
      list.push_back(literal());
      skip_line_ends();
      if (!take_symbol(",") && !is_symbol("]")) expected("`,` or `]`");
      skip_line_ends();
    }
    take();
    --depth_;
    return list;
  }
  if (token.kind == Token::Kind::word) {
    auto parsed = parse_json(token.text);
    if (parsed && (parsed->is_primitive())) {
      take();
      return std::move(*parsed);
    }
  }
  expected("a value", "a string stands in quotes: \"ready\"");
}

std::vector<Predicate> Parser::predicates_only() {
  std::vector<Predicate> made = predicates();
  skip_separators();
  if (peek().kind != Token::Kind::end) expected("`,` or the end");
  return made;
}

}  // namespace muster::chain
