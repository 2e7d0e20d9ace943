#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

#include "muster/attachment.hpp"
#include "muster/fixture_store.hpp"

namespace muster {

namespace steps {
class Host;
}

/// What a scenario is called and where it stands.
struct ScenarioInfo {
  std::string name;
  std::string uri;
  int line = 0;  ///< of the scenario, or of the row of its Examples
  std::vector<std::string> tags;
  int attempt = 0;  ///< 0 at first, 1 when it is tried again, …
};

/// The scenario that a step body, hook or fixture works for. Fixtures are made on first use and
/// destroyed in reverse order at the scenario's end. Used on the body thread only.
class Scenario {
 public:
  Scenario(ScenarioInfo info, steps::Host& host);
  ~Scenario();
  Scenario(const Scenario&) = delete;
  Scenario& operator=(const Scenario&) = delete;

  const std::string& name() const { return info_.name; }
  const std::string& uri() const { return info_.uri; }
  int line() const { return info_.line; }
  const std::vector<std::string>& tags() const { return info_.tags; }
  bool has_tag(std::string_view tag) const;
  /// 0 at first, 1 when a failed scenario is tried again (`--retry`), …
  int attempt() const { return info_.attempt; }

  /// The one fixture of type F, of the scenario or of the run as F::lifetime says, made by
  /// `F(Scenario&)` on first use (one of the run may have no parameter, and must not keep the
  /// scenario). Throws std::logic_error: a fixture that needs itself; one of the run that asks for
  /// one of the scenario, which would not live as long.
  template <class F>
  F& get() {
    constexpr Lifetime lifetime = detail::lifetime_of<F>();
    const std::type_index type(typeid(F));
    if (void* found = find(type, lifetime)) return *static_cast<F*>(found);
    begin_making(type, lifetime, typeid(F).name());
    std::shared_ptr<void> made;
    try {
      if constexpr (std::is_constructible_v<F, Scenario&>) {
        made = std::make_shared<F>(*this);
      } else {
        static_assert(lifetime == Lifetime::run && std::is_default_constructible_v<F>,
                      "muster: a fixture has a constructor (muster::Scenario&)");
        made = std::make_shared<F>();
      }
    } catch (...) {
      end_making(type, lifetime, nullptr);
      throw;
    }
    return *static_cast<F*>(end_making(type, lifetime, std::move(made)));
  }

  /// Destroys the fixtures, the last made first; the destructor does it otherwise.
  void destroy_fixtures();

  /// Attach to the current step's or hook's result: text, bytes, a file; `file_name` is what a
  /// reader may call it. See muster/attachment.hpp.
  void attach(std::string_view text, std::string_view media_type, std::string_view file_name = {});
  void attach(std::span<const std::byte> bytes, std::string_view media_type,
              std::string_view file_name = {});
  void attach_file(const std::string& path, std::string_view media_type,
                   std::string_view file_name = {});
  /// Attaches a line of text, shown in every report.
  void log(std::string_view text);
  /// Attaches a link (`text/uri-list`).
  void link(std::string_view url);

  /// Time left of the current step's deadline.
  std::chrono::milliseconds time_left() const;

  /// What stands behind: the service thread, the run's directories, the observer.
  steps::Host& host() { return host_; }

 private:
  void* find(std::type_index type, Lifetime lifetime) const;
  void begin_making(std::type_index type, Lifetime lifetime, const char* name);
  void* end_making(std::type_index type, Lifetime lifetime, std::shared_ptr<void> made);

  ScenarioInfo info_;
  steps::Host& host_;
  detail::FixtureStore fixtures_;
  std::vector<std::pair<std::type_index, Lifetime>> making_;
};

/// Ends the step as pending: the scenario is not green and the rest is skipped.
[[noreturn]] void pending(std::string_view reason = {});

/// Ends the step as skipped, and with it the scenario.
[[noreturn]] void skip(std::string_view reason = {});

/// Waits until `condition` is true, at most `within` and never longer than the step has left. It
/// is asked again whenever an observation of the scenario is recorded (a program's output or end,
/// an exchange, an event), and every 10 ms for what nobody announces. Throws std::runtime_error
/// with `what` and the last value seen, by `last`, when the time is over.
void eventually(Scenario& scenario, std::string_view what, const std::function<bool()>& condition,
                std::chrono::milliseconds within, const std::function<std::string()>& last = {});

}  // namespace muster
