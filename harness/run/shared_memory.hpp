#pragma once

#include <cstddef>

#include "base/unique_fd.hpp"

namespace muster::run {

/// Memory that two processes map, all zero at first. Throws std::system_error.
UniqueFd make_shared_memory(std::size_t size);

/// One mapping of it.
class SharedMemory {
 public:
  SharedMemory(int memory, std::size_t size);
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  void* at(std::size_t offset) const { return static_cast<char*>(begin_) + offset; }

 private:
  void* begin_;
  std::size_t size_;
};

}  // namespace muster::run
