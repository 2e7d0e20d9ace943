#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster::app {

/// What a command prints as data: standard output, in large writes. What cannot be written (a full
/// disk, a closed pipe) is an error at the end, never silence.
class DataOutput {
 public:
  /// The text that is not yet written; append to it.
  std::string& pending() { return pending_; }

  /// Writes what is pending once it is large.
  void maybe_flush() {
    if (pending_.size() >= kLarge) flush();
  }

  /// Writes everything. Error `output_failed`; exit with failure then.
  Result<void> finish();

 private:
  static constexpr std::size_t kLarge = 256 << 10;
  void flush();

  std::string pending_;
  int failed_ = 0;  // errno of the first write that failed
};

}  // namespace muster::app
