#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "process/readiness.hpp"

namespace muster::process {

/// What a probe sees while it waits; shown when the time is over.
struct ProbeHistory {
  int tries = 0;
  std::string last;  ///< of the last try

  void tried(std::string what) {
    ++tries;
    last = std::move(what);
  }
};

/// Waits, as long as it takes, until `probe` says that `process` is ready. It ends by cancellation.
/// An error says that it can never say so.
boost::asio::awaitable<Result<void>> await_probe(std::shared_ptr<Process> process, Probe probe,
                                                 std::shared_ptr<ProbeHistory> history);

}  // namespace muster::process
