#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace muster::net {

/// Takes the chunked transfer coding (RFC 9112 section 7.1) off a body that comes in any pieces.
/// Strict: CRLF only, sizes of 1 to 15 hex digits, extensions without control characters, a size
/// line of at most 256 bytes, well-formed trailer fields (which are dropped) of at most 8 KiB.
class Dechunker {
 public:
  enum class State { more, done, malformed, too_large };

  explicit Dechunker(std::uint64_t max_body = std::numeric_limits<std::uint64_t>::max())
      : max_body_(max_body) {}

  /// Takes what it can off the front of `input` and appends the body to `out`. After `done` the
  /// rest of `input` is not the body's.
  State feed(std::string_view& input, std::string& out);

 private:
  enum class Step { size, data, data_end, trailer, done, malformed, too_large };

  void take_line_byte(char c);
  void end_size_line();
  void end_trailer_line();

  std::uint64_t max_body_;
  std::uint64_t total_ = 0, left_ = 0;
  std::size_t trailer_bytes_ = 0;
  Step step_ = Step::size;
  bool after_cr_ = false;
  std::string line_;
};

}  // namespace muster::net
