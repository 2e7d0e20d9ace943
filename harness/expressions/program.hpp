#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/pattern.hpp"

namespace muster::expressions {

/// Sets of characters that the built-in parameter types are made of.
enum class CharClass : std::uint8_t {
  digit,
  sign,                       ///< `+` or `-`
  not_space,                  ///< anything but the white space of ECMAScript's `\s`
  any,                        ///< anything but a line end, ECMAScript's `.`
  not_double_quoted_special,  ///< anything but `"` and `\`
  not_single_quoted_special,  ///< anything but `'` and `\`
};

/// A hand-made matcher for expressions of literal text, optionals, alternations and built-in types:
/// a small program that is run with backtracking in the preference order of the regular expression
/// it stands for. A branch is never tried twice at one place of the text, so that time is linear in
/// the text times the length of the program.
class Program {
 public:
  /// Appends; each returns the address of what it appended.
  std::size_t literal(std::string_view text);
  std::size_t one_of(CharClass char_class);
  std::size_t save(std::size_t slot);
  std::size_t jump();
  std::size_t split();

  /// Where a jump leads, or the preferred way of a split; and a split's other way.
  void prefer(std::size_t at, std::size_t target) { code_[at].preferred = target; }
  void otherwise(std::size_t at, std::size_t target) { code_[at].other = target; }
  std::size_t here() const { return code_.size(); }

  /// Repeats what `body` appends: `*`, or `+` when `at_least_once`.
  template <class Body>
  void repeat(Body body, bool at_least_once = false) {
    const std::size_t start = here();
    std::size_t fork = 0;
    if (!at_least_once) fork = split();
    const std::size_t inner = here();
    body();
    if (at_least_once) {
      fork = split();
      prefer(fork, start);
    } else {
      prefer(jump(), start);
      prefer(fork, inner);
    }
    otherwise(fork, here());
  }

  /// Takes what `body` appends, or goes on without it: `?`.
  template <class Body>
  void maybe(Body body) {
    const std::size_t fork = split();
    prefer(fork, here());
    body();
    otherwise(fork, here());
  }

  /// The spans 0 … groups() of a match of the whole text.
  std::optional<std::vector<std::optional<Span>>> run(std::string_view text) const;
  std::size_t groups() const { return slots_ / 2; }

 private:
  enum class Op : std::uint8_t { literal, one_of, save, jump, split };
  struct Instruction {
    Op op = Op::jump;
    CharClass char_class = CharClass::any;
    std::size_t preferred = 0;  // target; slot of a save; ordinal of a literal
    std::size_t other = 0;      // second target of a split
    std::size_t ordinal = 0;    // of a split, among all splits
  };
  std::size_t append(Instruction instruction);

  std::vector<Instruction> code_;
  std::vector<std::string> literals_;
  std::size_t splits_ = 0;
  std::size_t slots_ = 0;
};

}  // namespace muster::expressions
