#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "messages/messages.hpp"
#include "run/case_telling.hpp"

namespace muster::run {

/// Releases the messages of cases in plan order, whatever the order in which they run: those of the
/// first unfinished case at once, those of later ones when their turn comes.
class InOrder {
 public:
  explicit InOrder(Emit emit) : emit_(std::move(emit)) {}

  void add(std::size_t index, const messages::Envelope& envelope);
  /// No more messages of case `index` will come.
  void done(std::size_t index);

 private:
  struct Waiting {
    std::vector<messages::Envelope> messages;
    bool done = false;
  };

  Emit emit_;
  std::size_t head_ = 0;
  std::map<std::size_t, Waiting> waiting_;
};

}  // namespace muster::run
