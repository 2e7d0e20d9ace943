#include "muster/own_network.hpp"

#include <optional>
#include <utility>

#include "process/network.hpp"
#include "steps/host.hpp"

namespace muster {
namespace asio = boost::asio;

struct OwnNetwork::Impl {
  explicit Impl(steps::Host& its_host) : host(its_host) {}

  asio::awaitable<bool> enter_on_service() {
    auto visit = process::NetworkVisit::begin(*network);
    if (visit) service.emplace(std::move(*visit));
    co_return service.has_value();
  }
  asio::awaitable<bool> leave_on_service() {
    service.reset();
    co_return true;
  }

  steps::Host& host;
  std::optional<process::Network> network;
  std::optional<process::NetworkVisit> body;
  std::optional<process::NetworkVisit> service;  ///< of the service thread, which starts programs
};

OwnNetwork::OwnNetwork(Scenario& scenario) : impl_(std::make_unique<Impl>(scenario.host())) {
  auto made = process::Network::make();
  if (!made) skip(made.error().message);
  impl_->network.emplace(std::move(*made));
  if (!impl_->host.on_service<bool>([this] { return impl_->enter_on_service(); }))
    skip("the service thread can not enter a network namespace");
  auto visit = process::NetworkVisit::begin(*impl_->network);
  if (!visit) {
    // each thread goes home by itself
    impl_->host.on_service<bool>([this] { return impl_->leave_on_service(); });
    skip(visit.error().message);
  }
  impl_->body.emplace(std::move(*visit));
}

OwnNetwork::~OwnNetwork() {
  if (!impl_->service) return;
  try {
    impl_->host.on_service<bool>([this] { return impl_->leave_on_service(); });
  } catch (...) {
    // the worker is ending: its threads need no way back
  }
}

}  // namespace muster
