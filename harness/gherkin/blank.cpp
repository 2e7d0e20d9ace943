#include "gherkin/blank.hpp"

namespace muster::gherkin {
namespace {

bool is_ascii_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_two_byte_blank(std::string_view sequence) {
  return sequence == "\u00A0";
}

bool is_three_byte_blank(std::string_view sequence) {
  if (sequence.starts_with("\xE2\x80")) {
    const auto last = static_cast<unsigned char>(sequence[2]);
    return (last >= 0x80 && last <= 0x8A) || last == 0xA8 || last == 0xA9 || last == 0xAF;
  }
  return sequence == "\u1680" || sequence == "\u205F" || sequence == "\u3000" ||
         sequence == "\uFEFF";
}

}  // namespace

std::size_t leading_blank(std::string_view text) {
  if (text.empty()) return 0;
  if (static_cast<unsigned char>(text[0]) < 0x80) return is_ascii_blank(text[0]) ? 1 : 0;
  if (text.size() >= 2 && is_two_byte_blank(text.substr(0, 2))) return 2;
  return text.size() >= 3 && is_three_byte_blank(text.substr(0, 3)) ? 3 : 0;
}

std::size_t trailing_blank(std::string_view text) {
  if (text.empty()) return 0;
  if (static_cast<unsigned char>(text.back()) < 0x80) return is_ascii_blank(text.back()) ? 1 : 0;
  if (text.size() >= 2 && is_two_byte_blank(text.substr(text.size() - 2))) return 2;
  return text.size() >= 3 && is_three_byte_blank(text.substr(text.size() - 3)) ? 3 : 0;
}

std::string_view trim_left(std::string_view text, int& removed) {
  removed = 0;
  while (const std::size_t blank = leading_blank(text)) {
    text.remove_prefix(blank);
    ++removed;
  }
  return text;
}

std::string_view trim_left(std::string_view text) {
  int removed = 0;
  return trim_left(text, removed);
}

std::string_view trim_right(std::string_view text) {
  while (const std::size_t blank = trailing_blank(text)) text.remove_suffix(blank);
  return text;
}

int count_code_points(std::string_view text) {
  int count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

}  // namespace muster::gherkin
