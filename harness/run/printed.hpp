#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace muster::run {

/// What the bodies of a case printed, in memory that worker and coordinator share, so that it
/// outlives the worker. The beginning and the end are kept, what is between is counted.
class Printed {
 public:
  static std::size_t size();
  /// Lies in memory of this size that is mapped and all zero at first, and outlives it.
  explicit Printed(void* memory);

  void add(std::string_view bytes);
  /// Beginning and end, with the number of bytes between them that are left out.
  std::string text() const;
  void clear();

 private:
  struct Layout;
  Layout* layout_;
};

/// Adds what stands in a pipe now, up to 256 KiB, so that one who prints without end does not hold
/// the reader; never blocks. `pipe` is non-blocking.
void drain_into(Printed& printed, int pipe);

}  // namespace muster::run
