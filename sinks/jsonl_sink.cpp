#include "sinks/jsonl_sink.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace muster::sinks {
namespace {

Error io_error(const std::string& what, const std::string& path, int failed) {
  return error("sink_io", "cannot " + what + " " + path + ": " + std::strerror(failed));
}

// 0, or the errno that stopped it.
int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return 0;
}

}  // namespace

Result<std::unique_ptr<JsonlSink>> JsonlSink::open(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return io_error("open", path, errno);
  return std::unique_ptr<JsonlSink>(new JsonlSink(std::move(file), path));
}

Result<events::Event> JsonlSink::accept(events::Event event) {
  const std::string line = events::to_line(event);
  const off_t before = ::lseek(file_.get(), 0, SEEK_END);
  if (const int failed = write_all(file_.get(), line + "\n"); failed != 0) {
    // best effort: the error that matters is the write's
    if (before >= 0 && ::ftruncate(file_.get(), before) != 0) return io_error("mend", path_, errno);
    return io_error("write", path_, failed);
  }
  chain_.take(line);
  return event;
}

Result<void> JsonlSink::sync() {
  if (::fdatasync(file_.get()) != 0) return io_error("sync", path_, errno);
  return {};
}

}  // namespace muster::sinks
