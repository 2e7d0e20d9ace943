#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "run/board.hpp"
#include "run/plan.hpp"

namespace muster::run {

/// One attempt of one case.
struct Attempt {
  std::uint32_t index = 0;
  std::uint32_t number = 0;

  friend bool operator==(const Attempt&, const Attempt&) = default;
};

/// What an idle worker does next. Cases that may run beside any other are taken from the board by
/// the workers themselves; the rest is given out one by one: first what runs alone (`@serial`), in
/// plan order, then what holds locks (`@lock(name)`), each as soon as its locks are free, and what
/// is tried again because its worker is gone. With a single worker all that is needless: it takes
/// everything in plan order.
class Schedule {
 public:
  Schedule(const Plan& plan, unsigned workers);

  Board& board() { return board_; }

  struct Order {
    enum class Kind { free, one, wait, leave };
    Kind kind = Kind::leave;
    Attempt one;
  };
  /// For a worker that is idle, which has that order from now on.
  Order next();
  /// Its order is done, or the worker is gone.
  void done(const Order& order);

  /// A worker has begun this case.
  void started(std::uint32_t index) { started_[index] = true; }
  bool has_started(std::uint32_t index) const { return started_[index]; }
  /// A worker has gone: what it may have taken from the board without beginning it is looked for.
  void worker_lost() { look_for_lost_ = true; }
  /// To be tried once more.
  void again(Attempt attempt);
  /// Nothing that has not begun shall begin.
  void stop();

  /// Whether an idle worker would get something now or later.
  bool more();

 private:
  bool blocked(const PlannedCase& planned) const;
  std::optional<Attempt> take_waiting();
  void find_lost();

  const Plan& plan_;
  const bool one_by_one_;
  Board board_;
  std::vector<bool> started_;
  std::deque<Attempt> alone_;
  std::deque<Attempt> waiting_;
  std::set<std::string> held_;
  std::size_t running_ = 0;
  bool one_runs_alone_ = false;
  bool look_for_lost_ = false;
};

}  // namespace muster::run
