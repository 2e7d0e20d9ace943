#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace muster::app {

/// What a command does once its arguments are read; the exit code: 0 success, 1 failure, 2
/// controlled quit or interrupt.
using Execute = std::function<int()>;

/// Declares a command with its options on `app`, and gives back what runs it. `program` is this
/// runner's name, for "run again".
using AddCommand = Execute (*)(CLI::App& app, const std::string& program);

}  // namespace muster::app
