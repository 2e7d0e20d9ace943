#pragma once

#include <string>

#include "environment/runner.hpp"
#include "environment/unit.hpp"
#include "process/engine.hpp"
#include "requirements/container_plan.hpp"

namespace muster::environment {

/// Runs a requirement as a container. One of the same name that is ours is taken over while it runs
/// and made anew otherwise; one that is not ours is left alone, and is a failure.
class ContainerRunner final : public Runner {
 public:
  ContainerRunner(Unit& unit, const Surroundings& around);

  boost::asio::awaitable<std::optional<StartFailure>> try_once(
      std::function<void()> launched) override;
  boost::asio::awaitable<Ending> until_ended() override;
  boost::asio::awaitable<Json> stop() override;

 private:
  using Failure = std::optional<StartFailure>;

  boost::asio::awaitable<Failure> provide_image();
  boost::asio::awaitable<Failure> clear_name();
  boost::asio::awaitable<Failure> create_and_start();
  boost::asio::awaitable<Failure> until_ready();
  boost::asio::awaitable<bool> answers(services::ReadySpec wanted, std::string health);
  boost::asio::awaitable<void> discard();
  void tell_waiting(const std::string& what) const;
  void tell_left(const Error& why) const;
  Failure failed(Error why) const;
  int port() const { return unit_.port ? unit_.port->plan.final_port : 0; }

  Unit& unit_;
  const Surroundings& around_;
  Result<process::Engine> engine_;
  requirements::ContainerPlan plan_;
  std::string id_;
};

}  // namespace muster::environment
