#include "report/pending_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "journal/io_error.hpp"

namespace muster::report {
namespace {

/// As many links as the kernel follows.
constexpr int kMostLinks = 40;

std::string temporary_beside(const std::string& path) {
  return fmt::format("{}.{}.part", path, ::getpid());
}

}  // namespace

Error write_error(const std::string& place, int errno_value) {
  Error made = journal::io_error("write the report to", place, errno_value);
  // its hint speaks of the run directory
  if (made.code == "disk_full") made.hint = "free some space, or write it to another disk";
  return made;
}

std::string resolved(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code failed;
  fs::path place = fs::absolute(path, failed);
  for (int i = 0; i < kMostLinks && fs::is_symlink(place, failed); ++i)
    place = place.parent_path() / fs::read_symlink(place, failed);
  const fs::path real = fs::weakly_canonical(place, failed);
  return failed ? path : real.string();
}

Result<PendingFile> PendingFile::open(const std::string& path) {
  std::error_code ignored;  // the open tells what is wrong
  // a name that ends with a slash is a folder's, whether there is one or not
  if (path.ends_with('/')) return write_error(path, EISDIR);
  const std::string place = resolved(path);
  const std::string above = std::filesystem::path(place).parent_path().string();
  if (!above.empty()) std::filesystem::create_directories(above, ignored);

  struct stat status {};
  if (::stat(place.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return write_error(path, EISDIR);
    if (::access(place.c_str(), W_OK) != 0) return write_error(path, errno);
  }
  UniqueFd fd(::open(above.empty() ? "." : above.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666));
  if (fd) return PendingFile(std::move(fd), place, "");
  // file systems without nameless files
  const std::string temporary = temporary_beside(place);
  fd.reset(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!fd) return write_error(path, errno);
  return PendingFile(std::move(fd), place, temporary);
}

PendingFile::PendingFile(PendingFile&& other) noexcept
    : fd_(std::move(other.fd_)),
      path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})) {}

PendingFile::~PendingFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<void> PendingFile::commit() {
  if (temporary_.empty()) {
    // a link can not replace a file, a rename can
    const std::string name = temporary_beside(path_);
    const std::string handle = fmt::format("/proc/self/fd/{}", fd_.get());
    if (::linkat(AT_FDCWD, handle.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0)
      return write_error(path_, errno);
    temporary_ = name;
  }
  // file systems over a network tell only now that a disk was full
  if (::close(fd_.release()) != 0 && errno != EINTR) return write_error(path_, errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return write_error(path_, errno);
  temporary_.clear();
  return {};
}

}  // namespace muster::report
