#include "app/data_output.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace muster::app {

void DataOutput::flush() {
  std::string_view rest = pending_;
  while (!rest.empty() && failed_ == 0) {
    const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      failed_ = errno;
    }
  }
  pending_.clear();
}

Result<void> DataOutput::finish() {
  flush();
  if (failed_ == 0) return {};
  return error("output_failed",
               std::string("cannot write to standard output: ") + std::strerror(failed_));
}

}  // namespace muster::app
