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
#include "environment/runner.hpp"
#include "journal/directory.hpp"
#include "process/group.hpp"
#include "process/latch.hpp"
#include "requirements/requirement_spec.hpp"
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
  /// It is known whether it is reached.
  bool known() const { return decided_.is_set(); }
  /// Returns once it is known whether it is reached.
  boost::asio::awaitable<void> decided() const { return decided_.wait(); }

 private:
  process::Latch decided_;
  bool reached_ = false;
};

/// What a unit is that is kept for a requirement.
struct RequirementPart {
  requirements::RequirementSpec spec;
  std::map<std::string, std::string> variables;  ///< for services once it is ready; {port}
  std::string container_name;                    ///< empty: a native server
  std::optional<artifacts::Failure> soft;        ///< what failed after it was ready
};

/// A service or requirement that is kept: what it is to be, what it is, and what others wait for.
struct Unit {
  Unit(services::ServiceSpec what, boost::asio::any_io_executor executor)
      : spec(std::move(what)),
        left(executor),
        started(executor),
        ready(executor),
        completed(executor) {}

  Milestone& milestone(services::Condition condition) {
    return condition == services::Condition::started ? started
           : condition == services::Condition::ready ? ready
                                                     : completed;
  }

  services::ServiceSpec spec;
  std::optional<RequirementPart> requirement;
  artifacts::Service record;
  std::optional<HeldPort> port;
  std::unique_ptr<Runner> runner;  ///< once it was to start
  std::optional<artifacts::Failure> failure;
  int restarts = 0;
  bool stopping = false;  ///< somebody asked for its end
  process::Latch left;    ///< nobody supervises it any more

  /// Its life is over: only a new unit can be started in its place.
  bool over() const { return left.is_set(); }
  /// It has ended well and is not to be started again by a resume.
  bool finished() const { return completed.reached(); }

  Milestone started;
  Milestone ready;      ///< or completed, for what others may build on
  Milestone completed;  ///< ended with 0, for good
};

/// What supervision needs of its keeper.
struct Surroundings {
  process::Group* group = nullptr;
  std::map<std::string, std::shared_ptr<Unit>>* units = nullptr;
  std::map<std::string, std::shared_ptr<Unit>>* requirements = nullptr;  ///< all services need them
  boost::asio::any_io_executor executor;
  const journal::Directory* scope = nullptr;  ///< data directories lie in it
  std::string scope_name;
  std::string run_id;
  /// Containers will be there: whoever sweeps after us has to know of their engine.
  std::function<void(const std::string& address)> announce_engine;
  std::vector<std::string> base_environment;  ///< `NAME=value`
  std::string project;
  /// Something happened: it is written down, and what is published is brought up to date.
  std::function<void(const std::string& event, const Unit& unit, Json data)> tell;
};

/// The ports of all units, by name.
std::map<std::string, int> ports_of(const Surroundings& around);

/// What ready requirements give to services: their variables with ports filled in, and `<ID>_PORT`.
std::map<std::string, std::string> requirement_variables(const Surroundings& around);

/// Keeps a service: waits for what it depends on, starts it, sees it ready, tries again where its
/// failure class allows it, restarts it as it asks for, until it is stopped or has failed for good.
boost::asio::awaitable<void> supervise(std::shared_ptr<Unit> unit, const Surroundings& around);

/// Ends a service by its own signal and grace.
boost::asio::awaitable<void> stop(std::shared_ptr<Unit> unit, const Surroundings& around);

}  // namespace muster::environment
