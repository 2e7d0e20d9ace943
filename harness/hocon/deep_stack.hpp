#pragma once

#include <functional>

#include "base/result.hpp"

namespace muster::hocon {

/// Runs `work` to its end on a stack of 64 MiB, which costs only what is touched: values may wait
/// for each other 16,384 deep, whatever stack the caller has. Error code `thread`. What `work`
/// throws is thrown here.
Result<void> on_deep_stack(const std::function<void()>& work);

}  // namespace muster::hocon
