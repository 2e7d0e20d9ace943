#include "run/ring.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace muster::run {
namespace {

/// Some milliseconds of the fastest steps.
constexpr std::uint64_t kSize = 256 * 1024;

}  // namespace

struct Ring::Layout {
  alignas(64) std::atomic<std::uint64_t> written;
  alignas(64) std::atomic<std::uint64_t> taken;
  alignas(64) std::atomic<std::uint32_t> reader_sleeps;
  std::atomic<std::uint32_t> writer_waits;
  alignas(64) char bytes[kSize];
};

std::size_t Ring::size() {
  return sizeof(Layout);
}

Ring::Ring(void* memory) : layout_(static_cast<Layout*>(memory)) {}

std::size_t Ring::write(std::string_view bytes) {
  const std::uint64_t begin = layout_->written.load(std::memory_order_relaxed);
  const std::uint64_t used = begin - layout_->taken.load(std::memory_order_acquire);
  const std::uint64_t room = used > kSize ? 0 : kSize - used;
  const std::size_t count = std::min<std::uint64_t>(room, bytes.size());
  const std::size_t at = begin % kSize;
  const std::size_t first = std::min<std::uint64_t>(count, kSize - at);
  std::memcpy(layout_->bytes + at, bytes.data(), first);
  std::memcpy(layout_->bytes, bytes.data() + first, count - first);
  // seq_cst pairs with fall_asleep: either the reader sees the bytes or we see it sleep
  layout_->written.store(begin + count, std::memory_order_seq_cst);
  return count;
}

void Ring::wait_for_room() {
  layout_->writer_waits.store(1, std::memory_order_seq_cst);
  const std::uint64_t used = layout_->written.load(std::memory_order_relaxed) -
                             layout_->taken.load(std::memory_order_seq_cst);
  if (used < kSize) return;
  const timespec longest{1, 0};
  syscall(SYS_futex, &layout_->writer_waits, FUTEX_WAIT, 1, &longest, nullptr, 0);
}

bool Ring::reader_sleeps() {
  return layout_->reader_sleeps.load(std::memory_order_seq_cst) != 0 &&
         layout_->reader_sleeps.exchange(0) != 0;
}

std::size_t Ring::read(std::string& out) {
  const std::uint64_t begin = layout_->taken.load(std::memory_order_relaxed);
  const std::uint64_t count = layout_->written.load(std::memory_order_seq_cst) - begin;
  if (count > kSize) throw std::range_error("the ring's positions are overwritten");
  if (count == 0) return 0;
  const std::size_t at = begin % kSize;
  const std::size_t first = std::min<std::uint64_t>(count, kSize - at);
  out.append(layout_->bytes + at, first);
  out.append(layout_->bytes, count - first);
  layout_->taken.store(begin + count, std::memory_order_seq_cst);
  if (layout_->writer_waits.exchange(0) != 0) {
    syscall(SYS_futex, &layout_->writer_waits, FUTEX_WAKE, 1, nullptr, nullptr, 0);
  }
  return count;
}

bool Ring::fall_asleep() {
  layout_->reader_sleeps.store(1, std::memory_order_seq_cst);
  if (layout_->written.load(std::memory_order_seq_cst) ==
      layout_->taken.load(std::memory_order_relaxed)) {
    return true;
  }
  layout_->reader_sleeps.store(0);
  return false;
}

}  // namespace muster::run
