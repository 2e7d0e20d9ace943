#include "journal/append_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "journal/io_error.hpp"

namespace muster::journal {
namespace {

constexpr std::size_t kBuffer = 64 * 1024;

void take_lines(HashChain& chain, std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    chain.take(lines.substr(0, end));
    if (end == std::string_view::npos) return;
    lines.remove_prefix(end + 1);
  }
}

}  // namespace

AppendFile::~AppendFile() {
  if (fd_) static_cast<void>(flush());
}

Result<void> AppendFile::append(std::string_view lines) {
  if (failure_) return *failure_;
  if (!fd_) return error("file_closed", path_ + " is closed");
  if (lines.empty()) return {};
  const bool unended = lines.back() != '\n';
  waiting_ += lines;
  if (unended) waiting_ += '\n';
  extent_.bytes += lines.size() + (unended ? 1 : 0);
  extent_.lines +=
      static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n')) + (unended ? 1 : 0);
  if (chain_) take_lines(*chain_, lines);
  if (waiting_.size() >= kBuffer) return flush();
  return {};
}

Result<void> AppendFile::flush() {
  if (failure_) return *failure_;
  std::string_view left = waiting_;
  while (!left.empty()) {
    const ssize_t written = ::write(fd_.get(), left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      failure_ = io_error("write", path_, errno);
      break;
    }
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  const std::string_view done = std::string_view(waiting_).substr(0, waiting_.size() - left.size());
  if (!failure_) {
    written_ += done.size();
    waiting_.clear();
    return {};
  }
  // half a line must not stay: a reader would take it for a line that was cut
  const std::size_t whole = done.rfind('\n') == done.npos ? 0 : done.rfind('\n') + 1;
  written_ += whole;
  if (::ftruncate(fd_.get(), static_cast<off_t>(written_)) != 0)
    failure_->hint += " (and the last line is cut)";
  waiting_.clear();
  return *failure_;
}

Result<void> AppendFile::close() {
  if (!fd_) return failure_ ? Result<void>(*failure_) : Result<void>();
  Result<void> flushed = flush();
  if (flushed && ::fsync(fd_.get()) != 0 && errno != EINVAL && errno != EROFS) {
    failure_ = io_error("write", path_, errno);
    flushed = *failure_;
  }
  const int fd = fd_.release();
  if (::close(fd) != 0 && errno != EINTR && flushed) {
    failure_ = io_error("write", path_, errno);
    flushed = *failure_;
  }
  return flushed;
}

}  // namespace muster::journal
