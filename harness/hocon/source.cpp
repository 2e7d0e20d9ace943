#include "hocon/source.hpp"

#include "base/text.hpp"

namespace muster::hocon {
namespace {

constexpr char32_t replacement = 0xFFFD;

bool continues(std::string_view bytes, std::size_t at) {
  return at < bytes.size() && (static_cast<unsigned char>(bytes[at]) & 0xC0) == 0x80;
}

// Length of the sequence at `at` if it is well formed, else 0 and in `bad` how many bytes the JDK's
// decoder replaces at once.
std::size_t well_formed(std::string_view bytes, std::size_t at, std::size_t& bad) {
  const auto byte = [&](std::size_t offset) {
    return at + offset < bytes.size() ? static_cast<unsigned char>(bytes[at + offset]) : 0;
  };
  const unsigned first = byte(0);
  const std::size_t left = bytes.size() - at;
  bad = 1;
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(bytes, at + 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (left > 1 && (!continues(bytes, at + 1) || (first == 0xE0 && byte(1) < 0xA0))) return 0;
    if (!continues(bytes, at + 2)) {
      bad = left < 2 ? left : 2;
      return 0;
    }
    if (first == 0xED && byte(1) >= 0xA0) {  // a surrogate
      bad = 3;
      return 0;
    }
    return 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (left > 1 && (!continues(bytes, at + 1) || (first == 0xF0 && byte(1) < 0x90) ||
                     (first == 0xF4 && byte(1) > 0x8F)))
      return 0;
    if (!continues(bytes, at + 2)) {
      bad = left < 2 ? left : 2;
      return 0;
    }
    if (!continues(bytes, at + 3)) {
      bad = left < 3 ? left : 3;
      return 0;
    }
    return 4;
  }
  return 0;
}

}  // namespace

Place place_of(const Spot& spot) {
  return {spot.source ? spot.source->name : std::string(), spot.line, spot.column};
}

Error located(std::string code, std::string message, const Spot& spot, std::string hint) {
  Error made = error(std::move(code), std::move(message), std::move(hint));
  made.place = place_of(spot);
  if (spot.source && spot.line > 0) {
    made.excerpt = std::string(line_of(spot.source->text, spot.line));
    if (made.excerpt.size() > 400) made.excerpt.clear();  // a caret far right shows nothing
  }
  return made;
}

void refuse(std::string code, std::string message, const Spot& spot, std::string hint) {
  throw Failure{located(std::move(code), std::move(message), spot, std::move(hint))};
}

Syntax syntax_of(std::string_view name) {
  if (name.ends_with(".json")) return Syntax::json;
  if (name.ends_with(".properties")) return Syntax::properties;
  return Syntax::hocon;
}

Source make_source(std::string name, std::string_view bytes, Syntax syntax) {
  Source source{std::move(name), {}, syntax, false};
  source.text.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    std::size_t bad = 1;
    if (const std::size_t length = well_formed(bytes, at, bad)) {
      source.text.append(bytes.substr(at, length));
      at += length;
    } else {
      append_utf8(source.text, replacement);
      source.malformed = true;
      at += bad;
    }
  }
  return source;
}

CodePoint code_point_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t offset) -> char32_t {
    return static_cast<unsigned char>(text[at + offset]);
  };
  const char32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  if (first < 0xE0) return {(first & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  if (first < 0xF0) return {(first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F), 3};
  return {(first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F),
          4};
}

void append_utf8(std::string& text, char32_t c) {
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = replacement;
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += static_cast<char>(0xC0 | c >> 6);
    text += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    text += static_cast<char>(0xE0 | c >> 12);
    text += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    text += static_cast<char>(0xF0 | c >> 18);
    text += static_cast<char>(0x80 | (c >> 12 & 0x3F));
    text += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (c & 0x3F));
  }
}

bool is_space(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
  return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

std::string_view trim_space(std::string_view text) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const CodePoint c = code_point_at(text, begin);
    if (!is_space(c.value)) break;
    begin += c.bytes;
  }
  std::size_t end = begin;
  for (std::size_t at = begin; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    at += c.bytes;
    if (!is_space(c.value)) end = at;
  }
  return text.substr(begin, end - begin);
}

}  // namespace muster::hocon
