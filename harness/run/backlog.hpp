#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"

namespace muster::run {

/// Bytes that wait for their turn, by case: in memory as long as they are few, then in a file
/// without a name, so that one slow case at the head does not make the coordinator grow.
class Backlog {
 public:
  /// `folder`: where the file is made when it is needed; `in_memory`: bytes kept before that.
  explicit Backlog(std::string folder, std::size_t in_memory = std::size_t{8} << 20)
      : folder_(std::move(folder)), limit_(in_memory) {}

  /// Appends to what waits for `index`. Throws std::system_error when the file cannot be written.
  void add(std::size_t index, std::string_view bytes);
  /// Hands out what waits for `index`, in order and in pieces of any size, and forgets it.
  void release(std::size_t index, const std::function<void(std::string_view)>& take);

  std::size_t bytes_in_memory() const { return held_; }

 private:
  struct Piece {
    std::int64_t offset = 0;
    std::size_t size = 0;
  };
  struct Waiting {
    std::vector<Piece> in_file;  ///< before what is in memory
    std::string in_memory;
  };
  void spill();

  std::string folder_;
  std::size_t limit_;
  std::size_t held_ = 0;
  std::map<std::size_t, Waiting> waiting_;
  UniqueFd file_;
  std::int64_t end_ = 0;
};

}  // namespace muster::run
