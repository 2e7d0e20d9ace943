#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>

#include "base/observe.hpp"
#include "muster/attachment.hpp"
#include "muster/fixture_store.hpp"

namespace muster::config {
class Config;
}

namespace muster::steps {

class Extension;

/// The run that a scenario belongs to.
struct RunInfo {
  std::string run_id;
  std::string logs;         ///< directory of the programs' output; empty without a journal
  std::string scratch;      ///< short path for sockets and state, removed when the run ends
  std::string program;      ///< this executable, for the "run it again" line
  std::string project;      ///< folder of the project under test
  bool taps = true;         ///< false: connect directly
  bool last_output = true;  ///< a step that fails shows the programs and what they printed last
  std::shared_ptr<const config::Config> settings;  ///< its muster.toml; may be null
  std::shared_ptr<const config::Config> of_run;    ///< what holds for this run itself; may be null
};

/// What a scenario stands on: the service thread, the run's directories, the way to the reports.
/// The worker implements it.
class Host {
 public:
  virtual ~Host() = default;

  virtual const RunInfo& run() const = 0;

  /// The service thread's executor: sinks, taps, programs and waits live there.
  virtual boost::asio::any_io_executor service() = 0;

  /// Stores observations beside the messages; any thread.
  virtual Observer& observer() = 0;

  /// Adds an attachment to the current step's result; any thread.
  virtual void attach(const Attachment& attachment) = 0;

  /// When the current step or hook must have ended.
  virtual std::chrono::steady_clock::time_point deadline() const = 0;

  /// Tells the coordinator a group of programs before its first spawn, so that it can sweep it
  /// whatever happens here.
  virtual void announce_group(const Json& record) = 0;

  /// Tells the coordinator that programs make containers in this engine, labelled with the run
  /// (process::kRunLabel), so that its watchdog removes what is left should it be killed.
  virtual void announce_engine(const std::string& address) = 0;

  /// Where the fixtures of the run are kept; body thread only.
  virtual detail::FixtureStore& run_fixtures() = 0;

  /// How many observations there were so far.
  virtual std::uint64_t observed() const = 0;
  /// Blocks the body thread until there were more than `seen`, or `until`.
  virtual void wait_observed(std::uint64_t seen, std::chrono::steady_clock::time_point until) = 0;

  /// The scenario's extension of this type, or null.
  virtual Extension* extension(std::type_index type) = 0;

  /// Runs a coroutine on the service thread and waits for it on the body thread. At the step's
  /// deadline the coroutine is cancelled and DeadlinePassed thrown; what the coroutine throws is
  /// thrown here.
  virtual void wait_on_service(std::function<boost::asio::awaitable<void>()> work) = 0;

  /// The same with a value.
  template <class T>
  T on_service(std::function<boost::asio::awaitable<T>()> work) {
    std::optional<T> value;
    wait_on_service([&value, work = std::move(work)]() -> boost::asio::awaitable<void> {
      value.emplace(co_await work());
    });
    return std::move(*value);
  }
};

/// Thrown on the body thread when a wait reaches the step's deadline.
class DeadlinePassed : public std::exception {
 public:
  const char* what() const noexcept override { return "the step's deadline passed"; }
};

}  // namespace muster::steps
