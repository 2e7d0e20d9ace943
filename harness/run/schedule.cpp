#include "run/schedule.hpp"

#include <algorithm>

namespace muster::run {
namespace {

std::vector<std::uint32_t> free_cases(const Plan& plan, bool all) {
  std::vector<std::uint32_t> free;
  for (std::uint32_t i = 0; i < plan.cases.size(); ++i) {
    const PlannedCase& planned = plan.cases[i];
    if (planned.closed) continue;
    if (all || (!planned.alone && planned.locks.empty())) free.push_back(i);
  }
  return free;
}

}  // namespace

Schedule::Schedule(const Plan& plan, unsigned workers)
    : plan_(plan),
      one_by_one_(workers <= 1),
      board_(free_cases(plan, one_by_one_)),
      started_(plan.cases.size(), false) {
  if (one_by_one_) return;
  for (std::uint32_t i = 0; i < plan.cases.size(); ++i) {
    const PlannedCase& planned = plan.cases[i];
    if (planned.closed) continue;
    if (planned.alone) {
      alone_.push_back({i, 0});
    } else if (!planned.locks.empty()) {
      waiting_.push_back({i, 0});
    }
  }
}

Schedule::Order Schedule::next() {
  using Kind = Order::Kind;
  if (look_for_lost_ && running_ == 0 && board_.empty()) find_lost();
  if (one_runs_alone_) return {Kind::wait, {}};
  Order order;
  if (!alone_.empty()) {
    if (running_ > 0) return {Kind::wait, {}};
    order = {Kind::one, alone_.front()};
    alone_.pop_front();
    one_runs_alone_ = true;
  } else if (const auto one = take_waiting()) {
    order = {Kind::one, *one};
  } else if (!board_.empty()) {
    order = {Kind::free, {}};
  } else {
    const bool later = !waiting_.empty() || (look_for_lost_ && running_ > 0);
    return {later ? Kind::wait : Kind::leave, {}};
  }
  ++running_;
  return order;
}

void Schedule::done(const Order& order) {
  --running_;
  if (order.kind != Order::Kind::one) return;
  const PlannedCase& planned = plan_.cases[order.one.index];
  one_runs_alone_ = false;
  if (planned.alone || one_by_one_) return;
  for (const std::string& lock : planned.locks) held_.erase(lock);
}

void Schedule::again(Attempt attempt) {
  if (board_.stopped()) return;
  if (plan_.cases[attempt.index].alone && !one_by_one_) {
    alone_.push_front(attempt);
  } else {
    waiting_.push_front(attempt);
  }
}

void Schedule::stop() {
  board_.stop();
  alone_.clear();
  waiting_.clear();
}

bool Schedule::more() {
  if (look_for_lost_ && running_ == 0 && board_.empty()) find_lost();
  return !alone_.empty() || !waiting_.empty() || !board_.empty();
}

bool Schedule::blocked(const PlannedCase& planned) const {
  return !one_by_one_ &&
         std::any_of(planned.locks.begin(), planned.locks.end(),
                     [&](const std::string& lock) { return held_.count(lock) > 0; });
}

std::optional<Attempt> Schedule::take_waiting() {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(), [&](const Attempt& it) {
    return !blocked(plan_.cases[it.index]);
  });
  if (found == waiting_.end()) return std::nullopt;
  const Attempt taken = *found;
  waiting_.erase(found);
  if (!one_by_one_) {
    const auto& locks = plan_.cases[taken.index].locks;
    held_.insert(locks.begin(), locks.end());
  }
  return taken;
}

void Schedule::find_lost() {
  look_for_lost_ = false;
  if (board_.stopped()) return;
  for (const std::uint32_t index : board_.queue()) {
    if (!started_[index]) waiting_.push_back({index, 0});
  }
}

}  // namespace muster::run
