#pragma once

#include <chrono>

namespace muster::run {

/// How long things may take (engine.md). What a step or hook says of itself goes first.
struct Timeouts {
  std::chrono::milliseconds step{5'000};
  std::chrono::milliseconds hook{10'000};
  std::chrono::milliseconds scenario{120'000};
  std::chrono::milliseconds run{0};  ///< 0: no limit
};

/// What stands for no deadline.
constexpr std::chrono::milliseconds kNoLimit{std::chrono::hours(24 * 365)};

/// From a deadline on: how long a body may still need to see that its waits were cancelled, before
/// the service thread takes over.
constexpr std::chrono::milliseconds kTakeOverAfter{250};

/// How long the explanation of a failure may take, settling included.
constexpr std::chrono::milliseconds kExplainTimeout{1'500};

/// From a step's deadline on: how long the coordinator waits for the worker's own verdict before it
/// ends the worker.
constexpr std::chrono::milliseconds kWorkerGrace{2'000};

}  // namespace muster::run
