#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace muster::run {

/// Appends values to a frame: little-endian integers, strings with a 32-bit length. Both ends are
/// the same program, forked, so the format has no version.
class WireWriter {
 public:
  explicit WireWriter(std::string& out) : bytes_(out) {}
  void u8(std::uint8_t value) { bytes_ += static_cast<char>(value); }
  void u32(std::uint32_t value);
  void i64(std::int64_t value);
  void text(std::string_view value);

 private:
  std::string& bytes_;
};

/// Reads them back. Past the end everything is zero or empty and `ok()` false.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : bytes_(bytes) {}
  std::uint8_t u8();
  std::uint32_t u32();
  std::int64_t i64();
  std::string text();
  /// All was there and nothing is left.
  bool complete() const { return ok_ && bytes_.empty(); }

 private:
  std::string_view take(std::size_t count);
  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace muster::run
