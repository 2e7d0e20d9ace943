#include "muster/scenario.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/clock.hpp"
#include "base/observe.hpp"
#include "steps/attaching.hpp"
#include "steps/host.hpp"
#include "steps/outcome.hpp"
#include "steps/pauses.hpp"

namespace muster {
namespace {

/// For conditions whose change nobody announces.
constexpr std::chrono::milliseconds kAskAgain{10};

/// Shorter waits are not told: nobody would see them in a timeline.
constexpr std::int64_t kToldWaitNs = 5'000'000;

}  // namespace

Scenario::Scenario(ScenarioInfo info, steps::Host& host) : info_(std::move(info)), host_(host) {}

Scenario::~Scenario() {
  destroy_fixtures();
}

bool Scenario::has_tag(std::string_view tag) const {
  return std::find(info_.tags.begin(), info_.tags.end(), tag) != info_.tags.end();
}

void* Scenario::find(std::type_index type, Lifetime lifetime) const {
  return lifetime == Lifetime::run ? host_.run_fixtures().find(type) : fixtures_.find(type);
}

void Scenario::begin_making(std::type_index type, Lifetime lifetime, const char* name) {
  for (const auto& [other, its_lifetime] : making_) {
    if (other == type) {
      throw std::logic_error(std::string("fixture needs itself while it is made: ") + name);
    }
    if (its_lifetime == Lifetime::run && lifetime == Lifetime::scenario) {
      throw std::logic_error(std::string("a fixture of the run cannot take one of a scenario: ") +
                             name);
    }
  }
  making_.emplace_back(type, lifetime);
}

void* Scenario::end_making(std::type_index type, Lifetime lifetime, std::shared_ptr<void> made) {
  making_.pop_back();
  if (made == nullptr) return nullptr;
  auto& store = lifetime == Lifetime::run ? host_.run_fixtures() : fixtures_;
  return store.add(type, std::move(made));
}

void Scenario::destroy_fixtures() {
  fixtures_.destroy();
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
  using Steady = std::chrono::steady_clock;
  steps::Host& host = scenario.host();
  const steps::Deadline give_up(std::min(Steady::now() + within, host.deadline()));
  const std::int64_t began_ns = mono_ns();
  const auto told = [&](const char* kind) {
    host.observer().observe(
        observation("wait", kind, std::string(what), {{"begin_ns", began_ns}, {"message", what}}));
  };
  while (true) {
    // counted before the condition looks, so that what happens meanwhile is not missed
    const std::uint64_t seen = host.observed();
    if (condition()) {
      // what held at once was not waited for
      if (mono_ns() - began_ns > kToldWaitNs) told("met");
      return;
    }
    if (give_up.passed()) break;
    host.wait_observed(seen, std::min(give_up.at(), Steady::now() + kAskAgain));
  }
  told("failed");
  std::string text = "not within " + std::to_string(within.count()) + " ms: " + std::string(what);
  if (last) text += "\nlast seen: " + last();
  throw std::runtime_error(text);
}

}  // namespace muster
