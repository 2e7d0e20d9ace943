#include "muster/fixture_store.hpp"

#include <utility>

namespace muster::detail {

void* FixtureStore::find(std::type_index type) const {
  const auto found = fixtures_.find(type);
  return found == fixtures_.end() ? nullptr : found->second.get();
}

void* FixtureStore::add(std::type_index type, std::shared_ptr<void> made) {
  order_.push_back(type);
  return fixtures_.emplace(type, std::move(made)).first->second.get();
}

void FixtureStore::destroy() {
  while (!order_.empty()) {
    const auto found = fixtures_.find(order_.back());
    order_.pop_back();
    const std::shared_ptr<void> doomed = std::move(found->second);
    fixtures_.erase(found);
  }
}

}  // namespace muster::detail
