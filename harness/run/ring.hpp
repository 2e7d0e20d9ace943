// One worker's frames on their way to the coordinator: a ring of bytes in memory that both map.
//
// A frame costs no system call while the coordinator looks anyhow, and what stands in the ring
// outlives a worker that dies in the next instruction. Each frame becomes visible whole, unless it
// is larger than what is free. One thread writes at a time, one reads.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace muster::run {

class Ring {
 public:
  /// How much memory it takes.
  static std::size_t size();
  /// Lies in memory of this size that is mapped and all zero at first, and outlives it.
  explicit Ring(void* memory);
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  // ---- the writer

  /// Appends what fits; answers how many bytes that were. Less than all only when the ring is full
  /// then.
  std::size_t write(std::string_view bytes);
  /// Waits until the reader has read something, at most a second.
  void wait_for_room();
  /// Whether the reader sleeps and has to be woken, by means of the caller; said once per sleep.
  bool reader_sleeps();

  // ---- the reader

  /// Appends all that is there to `out`; answers how many bytes that were. Throws std::range_error
  /// when the positions make no sense: a body wrote over them.
  std::size_t read(std::string& out);
  /// From now on the writer has to wake the reader. False when something is there already: read it
  /// instead.
  bool fall_asleep();

 private:
  struct Layout;
  Layout* layout_;
};

}  // namespace muster::run
