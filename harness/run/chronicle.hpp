#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>

#include "run/backlog.hpp"
#include "run/case_telling.hpp"
#include "run/frames.hpp"
#include "run/plan.hpp"

namespace muster::run {

/// Tells all cases in plan order, whatever the order in which they run: the first unfinished one at
/// once, later ones when their turn comes. Ids are taken as they are told, so that they do not
/// depend on the number of workers.
class Chronicle {
 public:
  /// `folder` is where frames wait that do not fit in memory.
  Chronicle(const Plan& plan, NextId next_id, Emit emit, std::string folder);

  /// A frame of case `index`, and the same encoded, as on the wire.
  void add(std::size_t index, const Frame& frame, std::string_view encoded);
  void add(std::size_t index, const Frame& frame);
  /// No more frames of case `index` will come.
  void done(std::size_t index);

 private:
  void release_head();

  const Plan& plan_;
  NextId next_id_;
  Emit emit_;
  Backlog backlog_;
  std::size_t head_ = 0;
  std::set<std::size_t> done_;  ///< beyond the head
  std::optional<CaseTelling> telling_;
};

}  // namespace muster::run
