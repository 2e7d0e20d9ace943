#include "run/shared_memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace muster::run {

UniqueFd make_shared_memory(std::size_t size) {
  UniqueFd memory(memfd_create("muster-worker", MFD_CLOEXEC));
  if (!memory || ftruncate(memory.get(), static_cast<off_t>(size)) != 0) {
    throw std::system_error(errno, std::generic_category(), "memory for a worker");
  }
  return memory;
}

SharedMemory::SharedMemory(int memory, std::size_t size)
    : begin_(mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0)), size_(size) {
  if (begin_ == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(), "cannot map a worker's memory");
  }
}

SharedMemory::~SharedMemory() {
  munmap(begin_, size_);
}

}  // namespace muster::run
