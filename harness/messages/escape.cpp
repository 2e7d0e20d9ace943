#include "messages/escape.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace muster::messages {
namespace {

/// Bytes that cannot be copied as they are: controls, quote, backslash, everything beyond ASCII.
constexpr std::array<bool, 256> kSpecial = [] {
  std::array<bool, 256> special{};
  for (int c = 0; c < 0x20; ++c) special[c] = true;
  for (int c = 0x80; c < 0x100; ++c) special[c] = true;
  special['"'] = special['\\'] = true;
  return special;
}();

/// Texts up to this size, most of which are plain ids and keywords, are appended in one piece.
constexpr std::size_t kShort = 62;

unsigned byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

bool continues(unsigned byte) {
  return (byte & 0xC0) == 0x80;
}

/// Bytes of the well-formed sequence at `at`, 0 when it is malformed.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const unsigned first = byte_at(text, at);
  const unsigned second = byte_at(text, at + 1);
  if (first < 0xC2 || first > 0xF4 || !continues(second)) return 0;
  if (first < 0xE0) return 2;
  if (!continues(byte_at(text, at + 2))) return 0;
  if (first < 0xF0) {
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
    return 3;
  }
  if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
  return continues(byte_at(text, at + 3)) ? 4 : 0;
}

void append_control(std::string& out, unsigned char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  if (text.size() <= kShort && std::none_of(text.begin(), text.end(), [](char c) {
        return kSpecial[static_cast<unsigned char>(c)];
      })) {
    char piece[kShort + 2];
    piece[0] = '"';
    text.copy(piece + 1, text.size());
    piece[text.size() + 1] = '"';
    out.append(piece, text.size() + 2);
    return;
  }
  out += '"';
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (!kSpecial[c]) {
      ++at;
      continue;
    }
    const std::size_t length = c >= 0x80 ? sequence_length(text, at) : 0;
    if (length > 0) {
      at += length;
      continue;
    }
    out.append(text.substr(copied, at - copied));
    if (c >= 0x80) {
      out += "\xEF\xBF\xBD";
    } else {
      append_control(out, c);
    }
    copied = ++at;
  }
  out.append(text.substr(copied));
  out += '"';
}

}  // namespace muster::messages
