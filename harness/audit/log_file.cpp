#include "audit/log_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "audit/text_scan.hpp"

namespace muster::audit {
namespace {

constexpr std::size_t kStep = 256 << 10;

Error io_error(const std::string& what, const std::string& path, int failed) {
  return error("log_io", "cannot " + what + " " + path + ": " + std::strerror(failed));
}

/// A regular file without a name that holds all that `from` gives.
Result<UniqueFd> copied(int from, const std::string& path) {
  UniqueFd copy(::open("/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!copy) copy = UniqueFd(::memfd_create("log", MFD_CLOEXEC));
  if (!copy) return io_error("copy", path, errno);
  std::string block(kStep, '\0');
  while (true) {
    const ssize_t got = ::read(from, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_error("read", path, errno);
    if (got == 0) return copy;
    std::string_view left(block.data(), static_cast<std::size_t>(got));
    while (!left.empty()) {
      const ssize_t wrote = ::write(copy.get(), left.data(), left.size());
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) return io_error("copy", path, errno);
      left.remove_prefix(static_cast<std::size_t>(wrote));
    }
  }
}

}  // namespace

Result<LogFile> LogFile::open(const std::string& path) {
  UniqueFd file(path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                            : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return io_error("open", path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return io_error("read", path, errno);
  if (S_ISDIR(status.st_mode)) return io_error("read", path, EISDIR);
  if (!S_ISREG(status.st_mode)) {
    auto copy = copied(file.get(), path);
    if (!copy) return copy.error();
    file = std::move(*copy);
    if (::fstat(file.get(), &status) != 0) return io_error("read", path, errno);
  }
  return LogFile(std::move(file), path, static_cast<std::uint64_t>(status.st_size));
}

Result<void> LogFile::fill(std::uint64_t at, char* to, std::size_t bytes) const {
  while (bytes > 0) {
    const ssize_t got = ::pread(file_.get(), to, bytes, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_error("read", path_, errno);
    if (got == 0) return error("log_io", path_ + " became shorter while it was read");
    at += static_cast<std::uint64_t>(got);
    to += got;
    bytes -= static_cast<std::size_t>(got);
  }
  return {};
}

Result<void> LogFile::read(std::uint64_t from, std::uint64_t to, Piece& piece) const {
  piece.lines = piece.rest = {};
  to = std::min(to, size_);
  // the byte before tells whether a line begins at `from`
  const std::uint64_t start = from == 0 ? 0 : from - 1;
  std::size_t have = static_cast<std::size_t>(to - start);
  std::string& buffer = piece.buffer;
  const auto room = [&](std::size_t bytes) {
    if (buffer.size() < bytes + kPadding + 1) buffer.resize(bytes + kPadding + 1);
  };
  room(have);
  if (auto filled = fill(start, buffer.data(), have); !filled) return filled;
  const std::string_view first(buffer.data(), have);
  std::size_t begin = 0;
  if (from > 0) {
    const std::size_t line_end = first.find('\n');
    if (line_end == std::string_view::npos || line_end + 1 == have) return {};
    begin = line_end + 1;
  }
  // the last line that begins here ends further on
  std::size_t end = first.rfind('\n') == std::string_view::npos ? begin : first.rfind('\n') + 1;
  end = std::max(begin, end);
  for (std::uint64_t step = 4096; end < have && start + have < size_; step *= 2) {
    const std::size_t more =
        static_cast<std::size_t>(std::min<std::uint64_t>(step, size_ - start - have));
    room(have + more);
    if (auto filled = fill(start + have, buffer.data() + have, more); !filled) return filled;
    const void* const line_end = std::memchr(buffer.data() + have, '\n', more);
    have += more;
    if (line_end != nullptr) {
      end = static_cast<std::size_t>(static_cast<const char*>(line_end) - buffer.data()) + 1;
      have = end;
    } else if (have - end > kLine) {
      return error("line_too_long", path_ + " has a line longer than 64 MiB");
    }
  }
  std::memset(buffer.data() + have, 0, kPadding + 1);
  piece.lines = std::string_view(buffer).substr(begin, end - begin);
  piece.offset = start + begin;
  piece.rest = std::string_view(buffer).substr(end, have - end);
  return {};
}

Result<std::string> LogFile::line_at(std::uint64_t offset) const {
  Piece piece;
  if (auto got = read(offset, offset + 1, piece); !got) return got.error();
  const std::string_view line = piece.lines.empty() ? piece.rest : piece.lines;
  return std::string(line.substr(0, line.find('\n')));
}

Result<int> LogFile::line_number(std::uint64_t offset) const {
  std::string block(kStep, '\0');
  int line = 1;
  for (std::uint64_t at = 0; at < offset; at += kStep) {
    const std::size_t bytes = static_cast<std::size_t>(std::min<std::uint64_t>(kStep, offset - at));
    if (auto filled = fill(at, block.data(), bytes); !filled) return filled.error();
    line += static_cast<int>(std::count(block.data(), block.data() + bytes, '\n'));
  }
  return line;
}

}  // namespace muster::audit
