#include "run/board.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <new>
#include <system_error>

namespace muster::run {

struct Board::Shared {
  alignas(64) std::atomic<std::uint64_t> next{0};
  alignas(64) std::atomic<bool> stopped{false};
  std::atomic<std::int64_t> paused_ns{0};
};

Board::Board(std::vector<std::uint32_t> queue) : queue_(std::move(queue)) {
  void* const mapped =
      mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(), "memory that workers share");
  }
  shared_ = new (mapped) Shared;
}

Board::~Board() {
  munmap(shared_, sizeof(Shared));
}

std::optional<std::uint32_t> Board::take() {
  if (stopped()) return std::nullopt;
  // looked at first, so that idle workers do not count it up
  if (shared_->next.load() >= queue_.size()) return std::nullopt;
  const std::uint64_t mine = shared_->next.fetch_add(1);
  if (mine >= queue_.size()) return std::nullopt;
  return queue_[mine];
}

void Board::stop() {
  shared_->stopped = true;
}

bool Board::stopped() const {
  return shared_->stopped;
}

bool Board::empty() const {
  return stopped() || shared_->next.load() >= queue_.size();
}

void Board::add_pause(std::chrono::nanoseconds pause) {
  shared_->paused_ns += pause.count();
}

const std::atomic<std::int64_t>& Board::paused_ns() const {
  return shared_->paused_ns;
}

}  // namespace muster::run
