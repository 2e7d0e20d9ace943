#include "muster/scenario.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "steps/attaching.hpp"
#include "steps/host.hpp"
#include "steps/outcome.hpp"

namespace muster {

Scenario::Scenario(ScenarioInfo info, steps::Host& host) : info_(std::move(info)), host_(host) {}

Scenario::~Scenario() {
  destroy_fixtures();
}

bool Scenario::has_tag(std::string_view tag) const {
  return std::find(info_.tags.begin(), info_.tags.end(), tag) != info_.tags.end();
}

void* Scenario::find(std::type_index type) const {
  const auto found = fixtures_.find(type);
  return found == fixtures_.end() ? nullptr : found->second.get();
}

void Scenario::begin_making(std::type_index type, const char* name) {
  if (std::find(making_.begin(), making_.end(), type) != making_.end()) {
    throw std::logic_error(std::string("fixture needs itself while it is made: ") + name);
  }
  making_.push_back(type);
}

void* Scenario::end_making(std::type_index type, std::shared_ptr<void> made) {
  making_.pop_back();
  if (made == nullptr) return nullptr;
  order_.push_back(type);
  return fixtures_.emplace(type, std::move(made)).first->second.get();
}

void Scenario::destroy_fixtures() {
  while (!order_.empty()) {
    const std::type_index last = order_.back();
    order_.pop_back();
    const auto found = fixtures_.find(last);
    const std::shared_ptr<void> doomed = std::move(found->second);
    fixtures_.erase(found);
  }
}

void Scenario::attach(std::string_view text, std::string_view media_type,
                      std::string_view file_name) {
  host_.attach({text, media_type, file_name, true});
}

void Scenario::attach(std::span<const std::byte> bytes, std::string_view media_type,
                      std::string_view file_name) {
  const steps::Attaching here([this](const Attachment& it) { host_.attach(it); });
  muster::attach(bytes, media_type, file_name);
}

void Scenario::attach_file(const std::string& path, std::string_view media_type,
                           std::string_view file_name) {
  const steps::Attaching here([this](const Attachment& it) { host_.attach(it); });
  muster::attach_file(path, media_type, file_name);
}

void Scenario::log(std::string_view text) {
  host_.attach({text, "text/x.cucumber.log+plain", {}, true});
}

void Scenario::link(std::string_view url) {
  host_.attach({url, "text/uri-list", {}, true});
}

std::chrono::milliseconds Scenario::time_left() const {
  return std::max(std::chrono::milliseconds(0),
                  std::chrono::duration_cast<std::chrono::milliseconds>(
                      host_.deadline() - std::chrono::steady_clock::now()));
}

void pending(std::string_view reason) {
  throw steps::Pending(std::string(reason));
}

void skip(std::string_view reason) {
  throw steps::Skipped(std::string(reason));
}

void eventually(Scenario& scenario, std::string_view what, const std::function<bool()>& condition,
                std::chrono::milliseconds within, const std::function<std::string()>& last) {
  const auto give_up = std::chrono::steady_clock::now() + within;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= give_up) {
      std::string text =
          "not within " + std::to_string(within.count()) + " ms: " + std::string(what);
      if (last) text += "\nlast seen: " + last();
      throw std::runtime_error(text);
    }
    scenario.host().wait_on_service([]() -> boost::asio::awaitable<void> {
      boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
      timer.expires_after(std::chrono::milliseconds(10));
      co_await timer.async_wait(boost::asio::use_awaitable);
    });
  }
}

}  // namespace muster
