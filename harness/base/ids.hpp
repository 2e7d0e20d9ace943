#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace muster {

/// Where random bytes come from: the kernel's generator, or what this thread has in its place
/// (InPlace<RandomSource>).
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  /// Overwrites all of `into`.
  virtual void fill(std::span<char> into) = 0;
};

/// `bytes` random bytes.
std::string random_bytes(std::size_t bytes);

/// `bytes` random bytes as lower-case hex.
std::string random_hex(std::size_t bytes);

/// Ids 0, 1, 2, … as Cucumber Messages take them.
class IncrementalIds {
 public:
  /// Ids that no other run has: UUIDs (version 4) of one random beginning, counted in their last 12
  /// digits.
  static IncrementalIds unique();

  std::string next() { return text(next_number()); }

  /// The number of the next id, for who keeps many and writes few of them.
  std::uint64_t next_number() { return next_++; }
  /// The id of a number.
  std::string text(std::uint64_t number) const {
    return beginning_.empty() ? std::to_string(number) : unique_text(number);
  }

 private:
  std::string unique_text(std::uint64_t number) const;

  std::string beginning_;
  std::uint64_t next_ = 0;
};

}  // namespace muster
