#include "expressions/program.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/text.hpp"

namespace muster::expressions {
namespace {

constexpr std::size_t kUnset = std::numeric_limits<std::size_t>::max();

/// Size of the code point at the start of `text`; a malformed byte counts as one.
std::size_t size_at(std::string_view text) {
  return static_cast<unsigned char>(text[0]) < 0x80 ? 1 : code_point_offset(text.substr(0, 4), 1);
}

/// ECMAScript's white space (WhiteSpace and LineTerminator, ECMA-262 sections 12.2 and 12.3).
bool is_space(std::string_view code_point) {
  if (code_point.size() == 1)
    return code_point[0] == ' ' || (code_point[0] >= '\t' && code_point[0] <= '\r');
  if (code_point == "\u00A0" || code_point == "\u1680" || code_point == "\u202F" ||
      code_point == "\u205F" || code_point == "\u3000" || code_point == "\uFEFF" ||
      code_point == "\u2028" || code_point == "\u2029")
    return true;
  return code_point >= "\u2000" && code_point <= "\u200A" && code_point.size() == 3;
}

bool fits(CharClass char_class, std::string_view code_point) {
  const char c = code_point[0];
  switch (char_class) {
    case CharClass::digit:
      return c >= '0' && c <= '9';
    case CharClass::sign:
      return c == '+' || c == '-';
    case CharClass::not_space:
      return !is_space(code_point);
    case CharClass::any:
      return c != '\n' && c != '\r' && code_point != "\u2028" && code_point != "\u2029";
    case CharClass::not_double_quoted_special:
      return c != '"' && c != '\\';
    case CharClass::not_single_quoted_special:
      return c != '\'' && c != '\\';
  }
  return false;
}

/// Which (split, position) pairs were seen; without an allocation for texts of usual length.
class Visited {
 public:
  Visited(std::size_t splits, std::size_t positions) : positions_(positions) {
    const std::size_t words = (splits * positions + 63) / 64;
    if (words > small_.size()) {
      large_.resize(words);
      words_ = large_.data();
    }
  }
  /// True the first time.
  bool enter(std::size_t split, std::size_t position) {
    const std::size_t bit = split * positions_ + position;
    std::uint64_t& word = words_[bit / 64];
    const std::uint64_t mask = std::uint64_t{1} << (bit % 64);
    if ((word & mask) != 0) return false;
    word |= mask;
    return true;
  }

 private:
  std::size_t positions_;
  std::array<std::uint64_t, 32> small_{};
  std::vector<std::uint64_t> large_;
  std::uint64_t* words_ = small_.data();
};

/// What to come back to: another way to try, or a slot to put back as it was.
struct Choice {
  std::size_t at;
  std::size_t position;
  std::size_t slot = kUnset;
};

}  // namespace

std::size_t Program::append(Instruction instruction) {
  code_.push_back(instruction);
  return code_.size() - 1;
}

std::size_t Program::literal(std::string_view text) {
  literals_.emplace_back(text);
  return append({Op::literal, CharClass::any, literals_.size() - 1, 0, 0});
}

std::size_t Program::one_of(CharClass char_class) {
  return append({Op::one_of, char_class, 0, 0, 0});
}

std::size_t Program::save(std::size_t slot) {
  slots_ = std::max(slots_, slot + 1);
  return append({Op::save, CharClass::any, slot, 0, 0});
}

std::size_t Program::jump() {
  return append({Op::jump, CharClass::any, 0, 0, 0});
}

std::size_t Program::split() {
  return append({Op::split, CharClass::any, 0, 0, splits_++});
}

std::optional<std::vector<std::optional<Span>>> Program::run(std::string_view text) const {
  std::vector<std::size_t> slots(slots_, kUnset);
  std::vector<Choice> choices;
  Visited visited(splits_, text.size() + 1);
  std::size_t at = 0;
  std::size_t position = 0;
  while (true) {
    bool failed = false;
    if (at == code_.size()) {
      if (position == text.size()) break;
      failed = true;
    } else {
      const Instruction& now = code_[at];
      switch (now.op) {
        case Op::literal: {
          const std::string& wanted = literals_[now.preferred];
          failed = text.compare(position, wanted.size(), wanted) != 0;
          if (!failed) position += wanted.size(), ++at;
          break;
        }
        case Op::one_of: {
          if (position == text.size()) {
            failed = true;
            break;
          }
          const std::size_t size = size_at(text.substr(position));
          failed = !fits(now.char_class, text.substr(position, size));
          if (!failed) position += size, ++at;
          break;
        }
        case Op::save:
          choices.push_back({0, slots[now.preferred], now.preferred});
          slots[now.preferred] = position;
          ++at;
          break;
        case Op::jump:
          at = now.preferred;
          break;
        case Op::split:
          failed = !visited.enter(now.ordinal, position);
          if (!failed) {
            choices.push_back({now.other, position});
            at = now.preferred;
          }
          break;
      }
    }
    if (!failed) continue;
    while (!choices.empty() && choices.back().slot != kUnset) {
      slots[choices.back().slot] = choices.back().position;
      choices.pop_back();
    }
    if (choices.empty()) return std::nullopt;
    at = choices.back().at;
    position = choices.back().position;
    choices.pop_back();
  }
  std::vector<std::optional<Span>> spans(groups() + 1);
  spans[0] = Span{0, text.size()};
  for (std::size_t group = 0; group < groups(); ++group)
    if (slots[2 * group] != kUnset && slots[2 * group + 1] != kUnset)
      spans[group + 1] = Span{slots[2 * group], slots[2 * group + 1]};
  return spans;
}

}  // namespace muster::expressions
