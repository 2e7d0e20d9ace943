#include "report/line_writer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

namespace muster::report {
namespace {

constexpr std::size_t kBuffer = 64 * 1024;

}  // namespace

LineWriter::LineWriter(UniqueFd owned, int fd, std::string name)
    : owned_(std::move(owned)), fd_(fd), name_(std::move(name)) {
  struct stat status {};
  live_ = ::fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode);
}

LineWriter LineWriter::to(int fd, std::string name) {
  return LineWriter(UniqueFd(), fd, std::move(name));
}

Result<LineWriter> LineWriter::file(const std::string& path) {
  const std::filesystem::path above = std::filesystem::path(path).parent_path();
  std::error_code ignored;  // the open tells what is wrong
  if (!above.empty()) std::filesystem::create_directories(above, ignored);
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  if (!fd) return write_error(path, errno);
  const int number = fd.get();
  return LineWriter(std::move(fd), number, path);
}

Result<LineWriter> LineWriter::document(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
    return file(path);
  Result<PendingFile> pending = PendingFile::open(path);
  if (!pending) return std::move(pending).error();
  LineWriter made(UniqueFd(), pending->fd(), path);
  made.pending_ = std::make_unique<PendingFile>(std::move(*pending));
  return made;
}

std::function<void()> LineWriter::clearing() const {
  if (pending_) return [path = pending_->path()] { ::unlink(path.c_str()); };
  if (!owned_ || live_) return [] {};
  return [fd = fd_] { static_cast<void>(::ftruncate(fd, 0) == 0); };
}

void LineWriter::write(std::string_view text) {
  if (failure_) return;
  waiting_ += text;
  if (waiting_.size() >= kBuffer) flush();
}

void LineWriter::flush() {
  const std::size_t end = waiting_.rfind('\n');
  if (end != waiting_.npos) send(end + 1);
}

void LineWriter::flush_piece() {
  if (!live_) return flush();
  send(waiting_.size());
}

void LineWriter::send(std::size_t count) {
  if (failure_ || count == 0) return;
  std::string_view left = std::string_view(waiting_).substr(0, count);
  while (!left.empty() && !failure_) {
    const ssize_t written = ::write(fd_, left.data(), left.size());
    if (written >= 0) {
      left.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      // a terminal that another program left non-blocking
      pollfd ready{fd_, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      failure_ = write_error(name_, errno);
    }
  }
  if (failure_) {
    take_back_torn_line(count - left.size());
    waiting_.clear();
  } else if (count == waiting_.size()) {
    waiting_.clear();
  } else {
    waiting_.erase(0, count);
  }
}

/// What left of a line that could not leave as a whole is taken back where that is possible.
void LineWriter::take_back_torn_line(std::size_t sent) {
  const std::size_t line = waiting_.substr(0, sent).rfind('\n');
  const std::size_t torn = sent - (line == std::string::npos ? 0 : line + 1);
  struct stat status {};
  if (owned_ && torn > 0 && ::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode))
    static_cast<void>(::ftruncate(fd_, status.st_size - static_cast<off_t>(torn)) == 0);
}

Result<void> LineWriter::finish() {
  send(waiting_.size());
  if (pending_ && !failure_)
    if (Result<void> committed = pending_->commit(); !committed) failure_ = committed.error();
  pending_.reset();
  if (owned_) {
    const int fd = owned_.release();
    fd_ = -1;
    if (::close(fd) != 0 && errno != EINTR && !failure_) failure_ = write_error(name_, errno);
  }
  return failure_ ? Result<void>(*failure_) : Result<void>();
}

}  // namespace muster::report
