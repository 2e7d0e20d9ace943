#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// Positions at which what was read so far may end.
class SpellingEnds {
 public:
  void add(std::size_t end) {
    if (count_ < all_.size() && std::find(begin(), this->end(), end) == this->end())
      all_[count_++] = end;
  }
  const std::size_t* begin() const { return all_.data(); }
  const std::size_t* end() const { return all_.data() + count_; }
  bool empty() const { return count_ == 0; }

 private:
  std::array<std::size_t, 8> all_{};
  std::size_t count_ = 0;
};

/// One form in which a secret may stand in a text, as the characters it is made of. Each may be
/// spelled in several ways, and line breaks may stand between any two of them.
class SecretSpelling {
 public:
  /// As it is: each character itself, percent-encoded, as an escape of JSON or C, or as an entity
  /// of HTML.
  static SecretSpelling plain(std::string_view secret);
  /// Its bytes in hex of either case, with blanks, colons, hyphens or `\x` between them if wanted.
  static SecretSpelling hex(std::string_view secret);
  /// Its bytes in base64 of either alphabet, as they stand in a longer text `shift` (0 to 2) bytes
  /// behind a multiple of three: without the characters that its neighbours have a part in.
  static SecretSpelling base64(std::string_view secret, int shift);

  struct Match {
    std::size_t characters = 0;  ///< of the spelling, found in a row
    std::size_t end = 0;         ///< position behind the last of them
    bool whole = false;
    bool cut = false;  ///< not whole because the text ends there
  };
  /// What stands in `text` from `position` on.
  Match match(std::string_view text, std::size_t position) const;

  /// The bytes that the character of that number can begin with; none beyond the last.
  std::string beginnings(std::size_t number = 0) const;
  std::size_t size() const { return characters_.size(); }
  bool is_base64() const { return kind_ == Kind::base64; }

 private:
  enum class Kind { plain, hex, base64 };
  SecretSpelling(Kind kind, std::vector<char32_t> characters)
      : kind_(kind), characters_(std::move(characters)) {}
  void one(std::string_view text, std::size_t position, char32_t character, SpellingEnds& ends,
           bool& cut) const;

  Kind kind_;
  std::vector<char32_t> characters_;  // code points, or bytes + 0x110000 where it is no UTF-8
};

}  // namespace muster
