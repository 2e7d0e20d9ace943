#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "environment/failure_class.hpp"

namespace muster::environment {

struct Unit;
struct Surroundings;

/// How something that ran has ended.
struct Ending {
  bool good = false;
  std::string words;  ///< `exited 3`
  Json exit;          ///< for events
};

/// How a unit comes to run and ends: as a program of the group, or as a container.
class Runner {
 public:
  virtual ~Runner() = default;

  /// One try. `launched` is called once something runs; it returns when that is ready, or with why
  /// it never will be, and then nothing of it is left.
  virtual boost::asio::awaitable<std::optional<StartFailure>> try_once(
      std::function<void()> launched) = 0;

  /// Returns once what `try_once` made ready has ended, however it did.
  virtual boost::asio::awaitable<Ending> until_ended() = 0;

  /// Ends it by its own signal and grace: what is told of it, null when nothing ran.
  virtual boost::asio::awaitable<Json> stop() = 0;
};

/// The runner of a unit: of a service's program, or of what a requirement is backed by.
std::unique_ptr<Runner> make_runner(Unit& unit, const Surroundings& around);

}  // namespace muster::environment
