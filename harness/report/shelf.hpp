#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace muster::report {

/// Bytes that wait long, side by side in memory of their own. Processes forked meanwhile do not get
/// it, so that they neither may read it nor hold pages of it that are given back here.
class Shelf {
  struct Board;

 public:
  /// Keeps its bytes where they are; those of a board are given back with the last of them.
  class Item {
   public:
    Item() = default;
    std::string_view bytes() const { return bytes_; }

   private:
    friend class Shelf;
    std::shared_ptr<Board> board_;
    std::string_view bytes_;
  };

  /// A copy of `bytes`. Throws std::bad_alloc.
  Item put(std::string_view bytes);

 private:
  std::shared_ptr<Board> open_;  ///< the board that is not full yet
};

}  // namespace muster::report
