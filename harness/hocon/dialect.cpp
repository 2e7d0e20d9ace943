#include "hocon/dialect.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace muster::hocon {
namespace {

constexpr std::array<std::string_view, 36> periods = {
    "ns",     "nano",   "nanos",   "nanosecond",  "nanoseconds",  "us",   "micro",  "micros",
    "ms",     "milli",  "millis",  "microsecond", "microseconds", "s",    "second", "seconds",
    "m",      "minute", "minutes", "millisecond", "milliseconds", "h",    "hour",   "hours",
    "w",      "week",   "weeks",   "d",           "day",          "days", "mo",     "month",
    "months", "y",      "year",    "years"};

bool is_period(std::string_view unit) {
  return std::find(periods.begin(), periods.end(), unit) != periods.end();
}

// Unquoted keys of pyhocon: ASCII letters and digits, Latin-1 letters, "._- /".
bool is_key_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    at += c.bytes;
    const bool ascii = (c.value >= 'a' && c.value <= 'z') || (c.value >= 'A' && c.value <= 'Z') ||
                       (c.value >= '0' && c.value <= '9') || c.value == '.' || c.value == '_' ||
                       c.value == '-' || c.value == ' ' || c.value == '/';
    const bool latin = c.value >= 0xC0 && c.value <= 0xFF && c.value != 0xD7 && c.value != 0xF7;
    if (!ascii && !latin) return false;
  }
  return true;
}

bool is_structure(const ValueSyntax& syntax) {
  return syntax.kind == ValueSyntax::Kind::object || syntax.kind == ValueSyntax::Kind::array;
}

}  // namespace

Dialect::Dialect(Notes& notes, const Source& source) : notes_(notes) {
  if (source.malformed)
    notes_.add("pyhocon_utf8", "pyhocon refuses a file that is not UTF-8", {&source, 1, 1});
  if (source.syntax != Syntax::properties && source.text.starts_with("\xEF\xBB\xBF"))
    notes_.add("pyhocon_byte_order_mark", "pyhocon refuses a byte order mark", {&source, 1, 1},
               "save the file without it");
}

void Dialect::text(const Token& token) {
  if (token.odd_escape)
    notes_.add("pyhocon_escape", "pyhocon leaves the escapes \\uXXXX, \\/, \\b and \\f as they are",
               token.spot, "write the character itself");
  if (token.kind != TokenKind::text) return;
  const std::string lower = to_lower(token.text);
  if (lower == "true" || lower == "false" || lower == "null")
    notes_.add("pyhocon_word_case",
               "this is text, but pyhocon reads " + lower + " in any case of letters", token.spot,
               "put it in double quotes, or write it in small letters");
  if (token.before_slashes)
    notes_.add("pyhocon_slashes", "a comment begins at '//', but pyhocon takes it into the text",
               token.spot, "put a space before the comment, or the text in double quotes");
}

void Dialect::concatenation(const ValueSyntax& syntax) {
  const std::vector<ValueSyntax>& items = syntax.items;
  const Token& unit = items.back().token;
  const bool spaced = items.size() == 3 && items[1].token.is_blank_text();
  if (items.front().token.kind == TokenKind::number && (items.size() == 2 || spaced) &&
      unit.kind == TokenKind::text && is_period(unit.text) &&
      items.front().token.text.find_first_not_of("0123456789") == std::string::npos)
    notes_.add("pyhocon_period", "pyhocon makes a time span of this, not text", syntax.spot,
               "put it in double quotes");
  for (std::size_t i = 1; i < items.size(); ++i) {
    if (is_structure(items[i - 1]) && items[i].token.kind == TokenKind::text &&
        items[i].kind == ValueSyntax::Kind::simple)
      notes_.add("pyhocon_text_after_list",
                 "text after a list or an object is dropped without a word; pyhocon refuses it",
                 items[i].spot);
  }
}

void Dialect::key(const FieldSyntax& field) {
  if (field.adds)
    notes_.add("pyhocon_plus_equals",
               "'+=' appends one element, but pyhocon replaces the value, or extends a list with "
               "a list",
               field.spot, "write path = ${?path} [element]");
  const bool quoted = std::any_of(field.key.begin(), field.key.end(), [](const Token& token) {
    return token.kind == TokenKind::string;
  });
  if (quoted && field.key.size() > 1)
    notes_.add("pyhocon_quoted_key", "pyhocon refuses a key of quoted and unquoted parts",
               field.spot, "nest the objects instead");
  for (const Token& token : field.key)
    if (token.kind == TokenKind::text && !is_key_text(token.text))
      notes_.add("pyhocon_key_characters", "pyhocon refuses this key without quotes", field.spot,
                 "put it in double quotes");
}

void Dialect::include(const FieldSyntax& field) {
  if (field.include_kind == IncludeKind::classpath)
    notes_.add("pyhocon_classpath", "pyhocon refuses classpath(…)", field.spot);
  const bool known = field.name.ends_with(".conf") || field.name.ends_with(".json");
  if (field.name.ends_with(".properties"))
    notes_.add("included_properties",
               field.include_kind == IncludeKind::file
                   ? "all values of this file are strings here, but pyhocon reads it as HOCON"
                   : "the reference and pyhocon read this file as HOCON, so that its escapes fail",
               field.spot);
  else if (!known)
    notes_.add("pyhocon_include_ending",
               "the endings .conf, .json and .properties are tried, but pyhocon reads this name as "
               "it is",
               field.spot, "write the ending");
}

void Dialect::reference(const Path* path, const Token& token) {
  if (open_.empty() || open_.back().path != path) return;
  if (self_references_.count(path))
    notes_.add(
        "pyhocon_self_reference",
        "pyhocon refuses a second reference of " + render_path(elements_of(path)) + " to itself",
        token.spot);
  open_.back().refers_to_itself = true;
}

void Dialect::begin_field(const Path* self) {
  open_.push_back({self, false});
}

void Dialect::end_field(const Path* self, const FieldSyntax& field, const Node* existing,
                        const Node& made) {
  if (open_.back().refers_to_itself) self_references_.insert(self);
  open_.pop_back();
  const bool scalar =
      existing && !existing->is_pending() && !existing->is_object() && !existing->as<NullValue>();
  if (scalar && field.path.size() == 1 && made.is_object())
    notes_.add("pyhocon_object_over_value",
               "pyhocon refuses an object where " + describe(*existing) + " was set before",
               field.spot, "set it to null first");
}

}  // namespace muster::hocon
