#pragma once

#include <string>
#include <string_view>

#include "base/digest.hpp"

namespace muster {

/// The hash chain over the lines of a log: `head = SHA-256(head ‖ line)`, from 32 zero bytes, each
/// line without its end. Whoever keeps the head elsewhere can tell that no line was changed, taken
/// out, put in or moved.
class HashChain {
 public:
  void take(std::string_view line) {
    joined_.assign(reinterpret_cast<const char*>(head_.data()), head_.size());
    joined_ += line;
    head_ = sha256(joined_);
  }

  /// 64 lower-case hex digits.
  std::string head() const { return to_hex(head_); }

 private:
  Sha256 head_{};
  std::string joined_;  // kept for its room
};

}  // namespace muster
