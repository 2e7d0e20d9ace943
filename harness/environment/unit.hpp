#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "artifacts/reports.hpp"
#include "artifacts/run_state.hpp"
#include "environment/plan_ports.hpp"
#include "process/group.hpp"
#include "process/latch.hpp"
#include "services/service_spec.hpp"

namespace muster::environment {

/// Something that a service reaches, or never will.
class Milestone {
 public:
  explicit Milestone(boost::asio::any_io_executor executor) : decided_(std::move(executor)) {}
  void reach() {
    reached_ = true;
    decided_.set();
  }
  /// It will not be reached, unless it was before.
  void miss() { decided_.set(); }
  bool reached() const { return reached_; }
  /// Returns once it is known whether it is reached.
  boost::asio::awaitable<void> decided() const { return decided_.wait(); }

 private:
  process::Latch decided_;
  bool reached_ = false;
};

/// A service that is kept: what it is to be, what it is, and what others wait for.
struct Unit {
  Unit(services::ServiceSpec what, boost::asio::any_io_executor executor)
      : spec(std::move(what)), started(executor), ready(executor), completed(executor) {}

  Milestone& milestone(services::Condition condition) {
    return condition == services::Condition::started ? started
           : condition == services::Condition::ready ? ready
                                                     : completed;
  }

  services::ServiceSpec spec;
  artifacts::Service record;
  std::optional<HeldPort> port;
  std::shared_ptr<process::Process> program;  ///< of the last start
  std::optional<artifacts::Failure> failure;
  int restarts = 0;
  bool stopping = false;  ///< somebody asked for its end

  Milestone started;
  Milestone ready;      ///< or completed, for what others may build on
  Milestone completed;  ///< ended with 0, for good
};

/// What supervision needs of its keeper.
struct Surroundings {
  process::Group* group = nullptr;
  std::map<std::string, std::shared_ptr<Unit>>* units = nullptr;
  std::vector<std::string> base_environment;  ///< `NAME=value`
  std::string project;
  /// Something happened: it is written down, and what is published is brought up to date.
  std::function<void(const std::string& event, const Unit& unit, Json data)> tell;
};

/// Keeps a service: waits for what it depends on, starts it, sees it ready, tries again where its
/// failure class allows it, restarts it as it asks for, until it is stopped or has failed for good.
boost::asio::awaitable<void> supervise(std::shared_ptr<Unit> unit, const Surroundings& around);

/// Ends a service by its own signal and grace.
boost::asio::awaitable<void> stop(std::shared_ptr<Unit> unit, const Surroundings& around);

}  // namespace muster::environment
