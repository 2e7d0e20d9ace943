#pragma once

#include <cstdint>
#include <string>

namespace muster {

/// `bytes` bytes from the kernel's random generator, as lower-case hex.
std::string random_hex(std::size_t bytes);

/// `bytes` bytes from the kernel's random generator.
std::string random_bytes(std::size_t bytes);

/// Ids 0, 1, 2, … as Cucumber Messages take them.
class IncrementalIds {
 public:
  std::string next() { return std::to_string(next_++); }

 private:
  std::uint64_t next_ = 0;
};

}  // namespace muster
