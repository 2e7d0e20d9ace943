#pragma once

#include <chrono>
#include <functional>

#include "run/frames.hpp"
#include "steps/assertions.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// Runs the BEFORE_ALL or AFTER_ALL hooks on this thread, in their order, and says HookStarted and
/// HookFinished of each. `timeout`: of those that say nothing of it.
void run_hooks(const steps::Library& library, detail::HookKind kind,
               std::chrono::milliseconds timeout, steps::AssertionCollector& assertions,
               const std::function<void(const Frame&)>& say);

}  // namespace muster::run
