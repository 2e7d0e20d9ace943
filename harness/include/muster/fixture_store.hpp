#pragma once

#include <memory>
#include <typeindex>
#include <unordered_map>
#include <vector>

namespace muster {

/// How long a fixture lives. A fixture says it by `static constexpr Lifetime lifetime =
/// Lifetime::run;`, otherwise it is `scenario`.
enum class Lifetime {
  scenario,  ///< made on first use in a scenario, destroyed at its end
  run        ///< made on first use in a worker, one per worker, destroyed when the worker leaves
};

namespace detail {

template <class F>
constexpr Lifetime lifetime_of() {
  if constexpr (requires { F::lifetime; }) {
    return F::lifetime;
  } else {
    return Lifetime::scenario;
  }
}

/// Fixtures of one lifetime by type; destroyed in the reverse order of their making.
class FixtureStore {
 public:
  FixtureStore() = default;
  ~FixtureStore() { destroy(); }
  FixtureStore(const FixtureStore&) = delete;
  FixtureStore& operator=(const FixtureStore&) = delete;

  void* find(std::type_index type) const;
  void* add(std::type_index type, std::shared_ptr<void> made);
  void destroy();
  bool empty() const { return order_.empty(); }

 private:
  std::unordered_map<std::type_index, std::shared_ptr<void>> fixtures_;
  std::vector<std::type_index> order_;
};

}  // namespace detail
}  // namespace muster
