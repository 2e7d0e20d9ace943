#include "base/secret_assignment.hpp"

#include <re2/re2.h>

#include "base/secret_names.hpp"
#include "base/text.hpp"

namespace muster {
namespace {

bool in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// A quotation mark with the backslashes before it: those of JSON within a string of JSON.
struct Quote {
  std::size_t slashes = 0;
  char mark = '\0';
  std::size_t size() const { return mark == '\0' ? 0 : slashes + 1; }
};

Quote quote_at(std::string_view text, std::size_t at) {
  std::size_t slashes = 0;
  while (at + slashes < text.size() && text[at + slashes] == '\\') ++slashes;
  const char mark = at + slashes < text.size() ? text[at + slashes] : '\0';
  if (mark != '"' && mark != '\'') return {};
  return {slashes, mark};
}

/// Position of the quotation mark that ends what `quote` began, its backslashes included; the end
/// of the text when there is none. A mark with more backslashes stands within.
std::size_t closing(std::string_view text, std::size_t from, const Quote& quote) {
  std::size_t slashes = 0;
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++slashes;
      continue;
    }
    if (text[at] == quote.mark && slashes % (2 * quote.slashes + 2) == quote.slashes)
      return at - quote.slashes;
    slashes = 0;
  }
  return text.size();
}

/// Behind the object or array that begins at `at`; the end of the text when it is not closed.
std::size_t behind_nested(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    if (const Quote quote = quote_at(text, at); quote.mark == '"') {
      at = closing(text, at + quote.size(), quote);
      at = std::min(text.size(), at + quote.size());
      continue;
    }
    const char c = text[at++];
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return at;
  }
  return at;
}

std::size_t line_start(std::string_view text, std::size_t at) {
  const std::size_t end = at == 0 ? text.npos : text.rfind('\n', at - 1);
  return end == text.npos ? 0 : end + 1;
}

std::size_t indentation(std::string_view text, std::size_t line) {
  std::size_t at = line;
  while (at < text.size() && is_blank(text[at])) ++at;
  return at - line;
}

/// Behind the lines after `at` that are indented deeper than the line of `name`: a block of YAML.
std::size_t behind_block(std::string_view text, std::size_t name, std::size_t at) {
  const std::size_t own = indentation(text, line_start(text, name));
  for (;;) {
    const std::size_t end = text.find('\n', at);
    if (end == text.npos) return text.size();
    const std::size_t next = end + 1;
    const std::size_t deep = indentation(text, next);
    const bool empty = next + deep >= text.size() || text[next + deep] == '\n';
    if (next >= text.size() || (!empty && deep <= own)) return end;
    at = next + deep;
  }
}

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool nested = false;  // an object or array
};

/// A value without quotes: a word, continued over lines that end in a backslash.
std::size_t behind_word(std::string_view text, std::size_t at) {
  constexpr std::string_view ends = " \t\r\n\"',;&)}]<>";
  for (;;) {
    const std::size_t end = text.find_first_of(ends, at);
    if (end == text.npos) return text.size();
    if (text[end] != '\n' || end == at || text[end - 1] != '\\') {
      // the backslashes of a quotation mark are not of the value
      std::size_t last = end;
      while (last > at && (text[end] == '"' || text[end] == '\'') && text[last - 1] == '\\') --last;
      return last;
    }
    at = end + 1;
    while (at < text.size() && is_blank(text[at])) ++at;
  }
}

/// Whether nothing but blanks, a dash of a list or `export` stands before the name in its line.
bool begins_line(std::string_view text, std::size_t name) {
  const std::size_t line = line_start(text, name);
  std::string_view before = trim(text.substr(line, name - line));
  if (before.starts_with('-')) before.remove_prefix(1);
  return trim(before).empty() || before == "export";
}

/// The value that stands at `at`; empty when it tells nothing.
Span value_at(std::string_view text, std::size_t name, std::string_view called, std::size_t at,
              bool line_of_its_own) {
  if (const Quote quote = quote_at(text, at); quote.mark != '\0') {
    const std::size_t begin = at + quote.size();
    return {begin, closing(text, begin, quote)};
  }
  if (at >= text.size() || text.substr(at).starts_with(kRedacted)) return {};
  if (text[at] == '{' || text[at] == '[') {
    const std::size_t end = behind_nested(text, at);
    if (end - at > 2) return {at, end, true};
    return {};
  }
  const std::size_t line_end = std::min(text.find('\n', at), text.size());
  const auto line = trim(text.substr(at, line_end - at));
  if (line == "|" || line == ">" || line == "|-" || line == ">-" || line == "|+" || line == ">+")
    return {std::min(line_end + 1, text.size()), behind_block(text, name, line_end)};
  std::size_t end = behind_word(text, at);
  if (line_of_its_own && line.find_first_of("\"'{") == line.npos) end = at + line.size();
  if (tells_nothing(called, text.substr(at, end - at))) return {};
  return {at, end};
}

/// Behind the sign that gives a value to a name; `at` itself when there is none.
std::size_t behind_sign(std::string_view text, std::size_t at) {
  for (const std::string_view sign : {":=", "=>", "=", ":", "%3D", "%3d", "%3A", "%3a"})
    if (text.substr(at).starts_with(sign)) return at + sign.size();
  return at;
}

/// What the name at `name` (up to `end`) is given; empty when it is nothing.
Span given_to(std::string_view text, std::size_t name, std::size_t end) {
  const std::string_view called = text.substr(name, end - name);
  const Quote quote = quote_at(text, end);
  std::size_t at = end + quote.size();
  if (text.substr(at, 1) == "]") ++at;  // x["name"] = value
  const std::size_t behind_name = at;
  const auto blanks = [&](std::string_view which) {
    const std::size_t next = text.find_first_not_of(which, at);
    at = next == text.npos ? text.size() : next;
  };
  blanks(" \t");
  const std::size_t sign = at;
  at = behind_sign(text, sign);
  if (at != sign) {
    const bool colon = text[sign] == ':';
    const bool own = colon && quote.mark == '\0' && begins_line(text, name);
    blanks(quote.mark == '\0' ? " \t" : " \t\r\n");
    return value_at(text, name, called, at, own);
  }
  // an option and its value are two words
  if (quote.mark != '\0' || !called.starts_with("--") || at == behind_name || at >= text.size() ||
      text[at] == '-' || text[at] == '\n' || text[at] == '\r')
    return {};
  return value_at(text, name, called, at, false);
}

/// Calls `each(end of the name, value)` for every value that a name which says secret is given.
template <class Each>
void for_each_assignment(std::string_view text, Each&& each) {
  static const RE2 telling(
      "(?i)token|secret|passw|passphrase|credential|(?:api|access|auth|private|signing|encryption|"
      "session)[_-]?key|[_-]pwd|authorization|cookie");
  std::size_t from = 0;
  re2::StringPiece found;
  const re2::StringPiece whole(text.data(), text.size());
  std::size_t behind = 0;  // of the last value
  while (from < text.size() &&
         telling.Match(whole, from, text.size(), RE2::UNANCHORED, &found, 1)) {
    auto name = static_cast<std::size_t>(found.data() - text.data());
    std::size_t end = name + found.size();
    while (name > behind && in_name(text[name - 1])) --name;
    while (end < text.size() && in_name(text[end])) ++end;
    from = end;
    if (!names_secret(text.substr(name, end - name))) continue;
    const Span value = given_to(text, name, end);
    if (value.end <= value.begin) continue;
    each(end, value);
    behind = from = value.end;
  }
}

}  // namespace

std::string redact_assignments(std::string_view text) {
  std::string out;
  std::size_t copied = 0;
  for_each_assignment(text, [&](std::size_t name_end, const Span& value) {
    // a document stays one: what was an object is a string now, with the quotes of its name
    const std::string mark =
        value.nested ? std::string(quote_at(text, name_end).slashes, '\\') + "\"" : "";
    out += text.substr(copied, value.begin - copied);
    out.append(mark).append(kRedacted).append(mark);
    copied = value.end;
  });
  if (copied == 0) return std::string(text);
  return out += text.substr(copied);
}

std::vector<std::string> assigned_secrets(std::string_view text) {
  std::vector<std::string> secrets;
  for_each_assignment(text, [&](std::size_t, const Span& value) {
    const std::string_view secret = text.substr(value.begin, value.end - value.begin);
    // `$NAME` and `{name}` stand for what is known by other ways
    if (!value.nested && !secret.starts_with('$') && !secret.starts_with('{'))
      secrets.emplace_back(secret);
  });
  return secrets;
}

}  // namespace muster
