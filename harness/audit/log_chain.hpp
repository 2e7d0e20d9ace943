#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "audit/log_file.hpp"
#include "base/result.hpp"

namespace muster::audit {

/// The hash chain over a log as it is now.
struct LogChain {
  std::string head;  ///< over its whole lines
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;  ///< of whole lines
  std::uint64_t torn = 0;   ///< bytes after the last line end
  /// The line after which the head was the wanted one, when it was at any: what stands behind it
  /// was appended since.
  std::optional<std::uint64_t> wanted_at;
};

/// Reads the log once. `wanted` is the head it should have, or empty.
Result<LogChain> chain_of(const LogFile& log, const std::string& wanted);

}  // namespace muster::audit
