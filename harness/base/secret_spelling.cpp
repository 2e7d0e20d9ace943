#include "base/secret_spelling.hpp"

#include <algorithm>
#include <array>

#include "base/digest.hpp"

namespace muster {
namespace {

constexpr char32_t kByte = 0x110000;  // added to a byte that is no part of UTF-8

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The code points of `text`, and its malformed bytes as such.
std::vector<char32_t> characters_of(std::string_view text) {
  std::vector<char32_t> out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    char32_t point = size == 1 ? lead : lead & (0xffU >> (size + 1));
    bool whole = lead < 0x80 || (lead >= 0xc2 && lead < 0xf5 && i + size <= text.size());
    for (std::size_t k = 1; whole && k < size; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      whole = (next & 0xc0U) == 0x80U;
      point = point << 6 | (next & 0x3fU);
    }
    out.push_back(whole ? point : kByte + lead);
    i += whole ? size : 1;
  }
  return out;
}

std::string bytes_of(char32_t character) {
  const auto byte = [](char32_t value) { return static_cast<char>(value); };
  if (character >= kByte) return {byte(character - kByte)};
  if (character < 0x80) return {byte(character)};
  if (character < 0x800) return {byte(0xc0 | character >> 6), byte(0x80 | (character & 0x3f))};
  if (character < 0x10000)
    return {byte(0xe0 | character >> 12), byte(0x80 | (character >> 6 & 0x3f)),
            byte(0x80 | (character & 0x3f))};
  return {byte(0xf0 | character >> 18), byte(0x80 | (character >> 12 & 0x3f)),
          byte(0x80 | (character >> 6 & 0x3f)), byte(0x80 | (character & 0x3f))};
}

/// A place in a text that is read forward. What is asked for beyond its end is remembered.
struct Cursor {
  std::string_view text;
  std::size_t at = 0;
  bool cut = false;

  bool has(char c) {
    if (at >= text.size()) {
      cut = true;
      return false;
    }
    return text[at] == c;
  }
  bool take(char c) {
    if (!has(c)) return false;
    ++at;
    return true;
  }
  bool take(std::string_view word) {
    for (char c : word)
      if (!take(c)) return false;
    return true;
  }
  /// `digits` hex digits of `value`.
  bool take_hex(char32_t value, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      if (at >= text.size()) {
        cut = true;
        return false;
      }
      if (hex_digit(text[at]) != static_cast<int>(value >> shift & 0xf)) return false;
      ++at;
    }
    return true;
  }
};

bool percent(Cursor& in, char byte) {
  if (!in.take('%')) return false;
  // a percent sign that was encoded itself, however often
  while (in.text.substr(in.at, 2) == "25") in.at += 2;
  if (in.text.substr(in.at) == "2") in.cut = true;  // the beginning of one more
  return in.take_hex(static_cast<unsigned char>(byte), 2);
}

bool each_percent(Cursor& in, std::string_view bytes) {
  for (char byte : bytes)
    if (!percent(in, byte)) return false;
  return true;
}

/// A backslash, or several that stand for one: escaped more than once, or as `\\u005c`.
bool backslash(Cursor& in) {
  const std::size_t begin = in.at;
  while (in.take('\\')) {
  }
  if (in.at == begin) return false;
  in.cut = false;
  for (const std::string_view code : {"u005c", "u005C", "x5c", "x5C"}) {
    if (in.text.substr(in.at, code.size()) != code) continue;
    in.at += code.size();
    break;
  }
  return true;
}

bool escaped(Cursor& in, char32_t character) {
  if (!in.take('\\')) return false;
  while (in.has('\\')) ++in.at;  // escaped more than once
  if (in.cut) return false;
  if (in.take('u')) {
    if (character < 0x10000) return in.take_hex(character, 4);
    const char32_t rest = character - 0x10000;
    return in.take_hex(0xd800 + (rest >> 10), 4) && in.take("\\u") &&
           in.take_hex(0xdc00 + (rest & 0x3ff), 4);
  }
  if (in.take('x')) return character < 0x100 && in.take_hex(character, 2);
  switch (character) {
    case '\n':
      return in.take('n');
    case '\r':
      return in.take('r');
    case '\t':
      return in.take('t');
    case '\b':
      return in.take('b');
    case '\f':
      return in.take('f');
    case '"':
    case '\'':
    case '/':
    case '$':
    case '`':
    case '!':
    case ' ':
      return in.take(static_cast<char>(character));
    default:
      return false;
  }
}

bool entity(Cursor& in, char32_t character) {
  if (!in.take('&')) return false;
  constexpr std::array<std::pair<char32_t, std::string_view>, 5> names{
      {{'&', "amp;"}, {'<', "lt;"}, {'>', "gt;"}, {'"', "quot;"}, {'\'', "apos;"}}};
  if (!in.take('#')) {
    for (const auto& [of, name] : names)
      if (of == character) return in.take(name);
    return false;
  }
  std::string digits = std::to_string(static_cast<std::uint32_t>(character));
  if (in.take('x') || in.take('X')) {
    while (in.take('0')) {
    }
    int count = 1;
    while (character >> (4 * count) != 0) ++count;
    return in.take_hex(character, count) && in.take(';');
  }
  while (in.take('0')) {
  }
  return in.take(digits) && in.take(';');
}

/// Behind one line break at `at`: as it is, escaped, percent-encoded, as quoted-printable has it or
/// the end of a continued line; `at` itself when there is none.
std::size_t behind_break(std::string_view text, std::size_t at) {
  const auto is_break = [&](std::size_t i) {
    return i < text.size() && (text[i] == '\n' || text[i] == '\r');
  };
  if (is_break(at)) return at + 1;
  if (at >= text.size()) return at;
  if ((text[at] == '=' || text[at] == '\\') && is_break(at + 1)) return at + 2;
  if (text[at] == '%') {
    const std::string code = text.size() >= at + 3 ? std::string(text.substr(at, 3)) : "";
    return code == "%0A" || code == "%0D" || code == "%0a" || code == "%0d" ? at + 3 : at;
  }
  std::size_t escape = at;
  while (escape < text.size() && text[escape] == '\\') ++escape;
  const bool escaped =
      escape > at && escape < text.size() && (text[escape] == 'n' || text[escape] == 'r');
  return escaped ? escape + 1 : at;
}

/// Whether the end of a text is the beginning of a break that is not plain.
bool may_become_break(std::string_view end) {
  return end == "%" || end == "%0" || end == "=" ||
         (!end.empty() && end.find_first_not_of('\\') == end.npos);
}

std::size_t behind_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

/// Where what may stand between two characters of a secret that is split may end: line breaks with
/// the blanks around them, and pieces of text side by side, `"abc" "def"`, `"abc",` in lines of
/// their own.
void separators(std::string_view text, std::size_t from, SpellingEnds& ends, bool& cut) {
  std::size_t at = from;
  bool quotes = false;
  for (;;) {
    const std::size_t blank = behind_blanks(text, at);
    const std::size_t next = behind_break(text, blank);
    if (next != blank) {
      at = next;
      ends.add(at);
      ends.add(behind_blanks(text, at));
      continue;
    }
    cut = cut || may_become_break(text.substr(std::min(blank, text.size())));
    // from one piece to the next, once
    const char quote = blank < text.size() ? text[blank] : '\0';
    if (quotes || (quote != '"' && quote != '\'')) {
      cut = cut || blank >= text.size();
      return;
    }
    quotes = true;
    std::size_t inner = behind_blanks(text, blank + 1);
    if (inner < text.size() && (text[inner] == ',' || text[inner] == '+')) ++inner;
    for (std::size_t before = text.npos; inner != before;) {
      before = inner;
      inner = behind_break(text, behind_blanks(text, inner));
    }
    cut = cut || inner >= text.size();
    if (inner >= text.size() || text[inner] != quote) return;
    at = inner + 1;
    ends.add(at);
  }
}

}  // namespace

SecretSpelling SecretSpelling::plain(std::string_view secret) {
  // line breaks within it are among those that may stand anywhere
  auto characters = characters_of(secret);
  std::erase_if(characters, [](char32_t c) { return c == '\n' || c == '\r'; });
  // and any number of backslashes reads as one
  const auto last = std::unique(characters.begin(), characters.end(),
                                [](char32_t a, char32_t b) { return a == '\\' && a == b; });
  characters.erase(last, characters.end());
  return {Kind::plain, std::move(characters)};
}

SecretSpelling SecretSpelling::hex(std::string_view secret) {
  const std::string digits = to_hex(secret);
  return {Kind::hex, {digits.begin(), digits.end()}};
}

SecretSpelling SecretSpelling::base64(std::string_view secret, int shift) {
  const auto before = static_cast<std::size_t>(shift);
  std::string text = to_base64(std::string(before, '\0') + std::string(secret));
  text.erase(text.find_last_not_of('=') + 1);
  const std::size_t whole = (before + secret.size()) / 3 * 4;
  const std::size_t rest = (before + secret.size()) % 3;
  text.resize(whole + rest);  // of 8 or 16 bits only 6 or 12 stand in characters of their own
  text.erase(0, before == 0 ? 0 : before + 1);
  return {Kind::base64, {text.begin(), text.end()}};
}

void SecretSpelling::one(std::string_view text, std::size_t position, char32_t character,
                         SpellingEnds& ends, bool& cut) const {
  const auto tried = [&](auto&& reads) {
    Cursor in{text, position};
    if (reads(in)) ends.add(in.at);
    cut = cut || in.cut;
  };
  if (kind_ == Kind::hex) {
    const char32_t digit = character <= '9' ? character - '0' : character - 'a' + 10;
    return tried([&](Cursor& in) { return in.take_hex(digit, 1); });
  }
  const std::string bytes = bytes_of(character);
  tried([&](Cursor& in) { return in.take(bytes); });
  const char first = position < text.size() ? text[position] : '\0';
  if (first == '%' && character == '%') {
    // encoded once or more often, which may go on as what follows
    for (std::size_t at = position + 1; text.substr(at, 2) == "25"; at += 2) ends.add(at + 2);
  } else if (first == '%') {
    tried([&](Cursor& in) { return each_percent(in, bytes); });
  }
  if (first == '\\') {
    tried([&](Cursor& in) { return character == '\\' ? backslash(in) : escaped(in, character); });
  }
  if (kind_ == Kind::base64) {
    if ((first == '-' && character == '+') || (first == '_' && character == '/'))
      ends.add(position + 1);
    return;
  }
  if (first == '&') tried([&](Cursor& in) { return entity(in, character); });
  if (first == '+' && character == ' ') ends.add(position + 1);
}

SecretSpelling::Match SecretSpelling::match(std::string_view text, std::size_t position) const {
  Match found;
  // several at once, as what stands there may be read in several ways
  SpellingEnds ends;
  ends.add(position);
  for (const char32_t character : characters_) {
    SpellingEnds next;
    bool cut = false;
    for (const std::size_t end : ends) {
      one(text, end, character, next, cut);
      if (found.characters == 0) continue;
      SpellingEnds between;
      separators(text, end, between, cut);
      if (kind_ == Kind::hex && found.characters % 2 == 0) {
        std::size_t at = end;
        if (at < text.size() && (text[at] == ' ' || text[at] == ':' || text[at] == '-')) ++at;
        if (text.substr(at, 2) == "\\x" || text.substr(at, 2) == "0x") at += 2;
        if (at > end) between.add(at);
      }
      for (const std::size_t at : between) {
        one(text, at, character, next, cut);
        // the blank that was looked for is among those around the line break
        if (character == ' ' && text.find(' ', end) < at) next.add(at);
      }
    }
    if (next.empty()) {
      found.cut = cut;
      return found;
    }
    ends = next;
    found.end = *std::max_element(ends.begin(), ends.end());
    ++found.characters;
  }
  found.whole = !characters_.empty();
  return found;
}

std::string SecretSpelling::beginnings(std::size_t number) const {
  if (number >= characters_.size()) return {};
  const char32_t first = characters_[number];
  std::string out = bytes_of(first).substr(0, 1);
  if (kind_ == Kind::hex) {
    if (first >= 'a') out += static_cast<char>(first - 'a' + 'A');
    return out;
  }
  out += "%\\";
  if (kind_ == Kind::base64) {
    if (first == '+') out += '-';
    if (first == '/') out += '_';
    return out;
  }
  out += '&';
  if (first == ' ') out += '+';
  return out;
}

}  // namespace muster
