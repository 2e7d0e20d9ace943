#pragma once

#include <array>
#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret_spelling.hpp"

namespace muster {

/// Secrets whose values are known. They are found in a text wherever they stand, plain, in hex,
/// base64, percent-encoded or escaped, and split over lines.
class SecretValues {
 public:
  /// Adds a value; false for one that is known or too simple to be told from words: shorter than 6
  /// bytes, or than 12 where all its characters are of one kind (lower case, upper case, digits).
  bool add(std::string_view value);
  bool empty() const { return values_.empty(); }

  /// `text` with each of them replaced by `[redacted]`.
  std::string mask(std::string_view text) const;

  /// Where the beginning of one stands at the end of a text that may go on.
  struct OpenEnd {
    std::size_t position = 0;    ///< the size of the text when there is none
    std::size_t characters = 0;  ///< of the secret
    bool most = false;           ///< at least half of it
  };
  OpenEnd open_end(std::string_view text) const;

 private:
  std::vector<std::string> values_;
  std::vector<SecretSpelling> spellings_;
  bool may_begin(std::string_view text, std::size_t at) const;

  std::array<std::vector<std::size_t>, 256> by_beginning_;  // numbers of spellings
  std::array<std::bitset<256>, 256> next_;  // bytes that may follow one at a beginning
};

/// Makes `value` a secret of this process and of what it forks from now on: `redact` hides it.
/// May be called from several threads.
void keep_secret(std::string_view value);

/// Makes secrets of an environment (`NAME=value` each): the values whose names say so (not those
/// that name a file, folder, time or size of one), and passwords within URLs.
void keep_secrets_of(const std::vector<std::string>& environment);

/// `text` without the secrets of this process. Cheap while there are none.
std::string mask_known_secrets(std::string_view text);
/// SecretValues::open_end of the secrets of this process.
SecretValues::OpenEnd open_end_of_known_secrets(std::string_view text);

}  // namespace muster
