#include "gherkin/blank.hpp"

namespace muster::gherkin {
namespace {

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

std::size_t detail::leading_wide_blank(std::string_view text) {
  if (text.size() >= 2 && is_two_byte_blank(text.substr(0, 2))) return 2;
  return text.size() >= 3 && is_three_byte_blank(text.substr(0, 3)) ? 3 : 0;
}

std::size_t detail::trailing_wide_blank(std::string_view text) {
  if (text.size() >= 2 && is_two_byte_blank(text.substr(text.size() - 2))) return 2;
  return text.size() >= 3 && is_three_byte_blank(text.substr(text.size() - 3)) ? 3 : 0;
}

int count_code_points(std::string_view text) {
  int count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

}  // namespace muster::gherkin
