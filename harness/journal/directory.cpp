#include "journal/directory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <utility>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "journal/io_error.hpp"

namespace muster::journal {
namespace {

constexpr std::size_t kMaxName = 120;

int openat2_beneath(int directory, const char* name, int flags, unsigned mode) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(::syscall(SYS_openat2, directory, name, &how, sizeof how));
}

/// Names are single components, so that O_NOFOLLOW says all that openat2 would.
int open_component(int directory, const char* name, int flags, unsigned mode) {
  const int fd = openat2_beneath(directory, name, flags, mode);
  // EPERM is what seccomp filters older than the call answer
  if (fd >= 0 || (errno != ENOSYS && errno != EPERM)) return fd;
  return ::openat(directory, name, flags | O_NOFOLLOW, mode);
}

Result<void> check_name(std::string_view name) {
  if (name.empty() || name == "." || name == ".." || name.size() > 255 ||
      name.find('/') != name.npos || name.find('\0') != name.npos)
    return error("path_name", fmt::format("'{}' is not a single path component",
                                          std::string(name.substr(0, 64))));
  return {};
}

Result<void> check_owned(int fd, const std::string& path) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return io_error("examine", path, errno);
  if (!S_ISDIR(status.st_mode)) return error("directory_irregular", path + " is not a directory");
  if (status.st_uid != ::geteuid())
    return error("directory_foreign",
                 fmt::format("{} belongs to user {}, not to {}", path, status.st_uid, ::geteuid()),
                 "set MUSTER_RUNTIME_DIR to a directory of your own");
  if ((status.st_mode & 022) != 0)
    return error(
        "directory_open_to_others",
        fmt::format("{} is writable by others (mode {:04o})", path, status.st_mode & 07777u),
        "chmod go-w " + path);
  return {};
}

Result<void> write_all(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return io_error("write", path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// Makes what is missing of `whole`; what can not be made is told by the open that follows.
Result<void> make_parents(const std::filesystem::path& whole) {
  std::filesystem::path made;
  for (const std::filesystem::path& part : whole) {
    made /= part;
    if (::mkdir(made.c_str(), 0700) == 0 || errno == EEXIST) continue;
    struct stat status {};
    const int why = errno;
    if (::stat(made.c_str(), &status) != 0)
      return io_error("make the directory", made.string(), why);
  }
  return {};
}

}  // namespace

Result<Directory> Directory::root(const std::string& path, bool make) {
  std::error_code failure;
  std::filesystem::path whole = std::filesystem::absolute(path, failure).lexically_normal();
  // a slash at the end would follow a link, whatever the flags say
  if (!whole.has_filename()) whole = whole.parent_path();
  if (make)
    if (Result<void> parents = make_parents(whole); !parents) return parents.error();
  UniqueFd fd(::open(whole.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) {
    struct stat status {};
    const int why = errno;
    const bool link = ::lstat(whole.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
    return io_error("open the directory", whole.string(), link ? ELOOP : why);
  }
  if (Result<void> owned = check_owned(fd.get(), whole.string()); !owned) return owned.error();
  return Directory(std::move(fd), whole.string());
}

Result<UniqueFd> Directory::open_beneath(std::string_view name, int flags, unsigned mode) const {
  if (Result<void> fits = check_name(name); !fits) return fits.error();
  UniqueFd fd(open_component(fd_.get(), std::string(name).c_str(), flags | O_CLOEXEC, mode));
  if (fd) return fd;
  const int why = errno;
  struct stat status {};
  const bool there =
      ::fstatat(fd_.get(), std::string(name).c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
  // without openat2 a link to a directory is told as ENOTDIR
  const bool link = there && S_ISLNK(status.st_mode) && why != EEXIST;
  return io_error("open", path_of(name), link ? ELOOP : why);
}

Result<Directory> Directory::sub(std::string_view name, bool make) const {
  if (Result<void> fits = check_name(name); !fits) return fits.error();
  if (make && ::mkdirat(fd_.get(), std::string(name).c_str(), 0700) != 0 && errno != EEXIST)
    return io_error("make the directory", path_of(name), errno);
  Result<UniqueFd> fd = open_beneath(name, O_RDONLY | O_DIRECTORY);
  if (!fd) return std::move(fd).error();
  if (Result<void> owned = check_owned(fd->get(), path_of(name)); !owned) return owned.error();
  return Directory(std::move(*fd), path_of(name));
}

Result<Directory> Directory::make_new(std::string_view name) const {
  if (Result<void> fits = check_name(name); !fits) return fits.error();
  if (::mkdirat(fd_.get(), std::string(name).c_str(), 0700) != 0)
    return io_error("make the directory", path_of(name), errno);
  return sub(name);
}

Result<UniqueFd> Directory::create(std::string_view name) const {
  return open_beneath(name, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0600);
}

Result<UniqueFd> Directory::open(std::string_view name) const {
  return open_regular(name, O_RDONLY);
}

Result<UniqueFd> Directory::open_to_append(std::string_view name) const {
  return open_regular(name, O_WRONLY | O_CREAT | O_APPEND, 0600);
}

Result<UniqueFd> Directory::open_regular(std::string_view name, int flags, unsigned mode) const {
  // O_NONBLOCK: opening a planted FIFO must not wait for its other end
  Result<UniqueFd> fd = open_beneath(name, flags | O_NONBLOCK, mode);
  if (!fd) return fd;
  struct stat status {};
  if (::fstat(fd->get(), &status) != 0) return io_error("examine", path_of(name), errno);
  if (!S_ISREG(status.st_mode))
    return error("file_irregular", path_of(name) + " is not a regular file");
  return fd;
}

Result<std::string> Directory::read(std::string_view name, std::size_t limit) const {
  Result<UniqueFd> fd = open(name);
  if (!fd) return std::move(fd).error();
  std::string content;
  std::string piece(64 * 1024, '\0');
  while (true) {
    const ssize_t got = ::read(fd->get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_error("read", path_of(name), errno);
    if (got == 0) return content;
    content.append(piece, 0, static_cast<std::size_t>(got));
    if (content.size() > limit)
      return error("file_too_large",
                   fmt::format("{} is larger than {} bytes", path_of(name), limit));
  }
}

Result<void> Directory::write_atomically(std::string_view name, std::string_view content) const {
  return write_atomically({{std::string(name), std::string(content)}});
}

Result<void> Directory::write_atomically(
    const std::vector<std::pair<std::string, std::string>>& files) const {
  std::vector<std::string> temporaries;
  std::vector<UniqueFd> fds;
  const auto give_up = [&](Error why) {
    for (const std::string& temporary : temporaries) ::unlinkat(fd_.get(), temporary.c_str(), 0);
    return why;
  };
  for (const auto& [name, content] : files) {
    if (Result<void> fits = check_name(name); !fits) return give_up(fits.error());
    const std::string temporary = "." + name.substr(0, 200) + "." + random_hex(6);
    Result<UniqueFd> fd = write_temporary(temporary, content);
    if (!fd) return give_up(std::move(fd).error());
    temporaries.push_back(temporary);
    // begins the writing of all, so that the first fsync takes the others with it
    ::sync_file_range(fd->get(), 0, 0, SYNC_FILE_RANGE_WRITE);
    fds.push_back(std::move(*fd));
  }
  for (std::size_t i = 0; i < fds.size(); ++i) {
    if (::fsync(fds[i].get()) != 0)
      return give_up(io_error("write", path_of(files[i].first), errno));
  }
  for (std::size_t i = 0; i < fds.size(); ++i) {
    if (::renameat(fd_.get(), temporaries[i].c_str(), fd_.get(), files[i].first.c_str()) != 0)
      return give_up(io_error("replace", path_of(files[i].first), errno));
  }
  if (::fsync(fd_.get()) != 0) return io_error("write", path_, errno);
  return {};
}

Result<UniqueFd> Directory::write_temporary(const std::string& temporary,
                                            std::string_view content) const {
  Result<UniqueFd> fd = create(temporary);
  if (!fd) return fd;
  if (Result<void> written = write_all(fd->get(), content, path_of(temporary)); !written) {
    ::unlinkat(fd_.get(), temporary.c_str(), 0);
    return written.error();
  }
  return fd;
}

Result<void> Directory::share(std::string_view name, const Directory& other) const {
  if (Result<void> fits = check_name(name); !fits) return fits;
  const std::string own(name);
  const std::string temporary = "." + own.substr(0, 200) + "." + random_hex(6);
  if (::linkat(fd_.get(), own.c_str(), other.fd_.get(), temporary.c_str(), 0) != 0)
    return io_error("link", path_of(name), errno);
  const bool renamed =
      ::renameat(other.fd_.get(), temporary.c_str(), other.fd_.get(), own.c_str()) == 0;
  const int why = errno;
  // where both names were the same file already, rename leaves the temporary one
  ::unlinkat(other.fd_.get(), temporary.c_str(), 0);
  if (!renamed) return io_error("replace", other.path_of(name), why);
  return {};
}

Result<void> Directory::remove(std::string_view name) const {
  if (Result<void> fits = check_name(name); !fits) return fits;
  if (::unlinkat(fd_.get(), std::string(name).c_str(), 0) != 0 && errno != ENOENT)
    return io_error("remove", path_of(name), errno);
  return {};
}

Result<std::vector<std::string>> Directory::names() const {
  const int again = ::openat(fd_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (again < 0) return io_error("list", path_, errno);
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::fdopendir(again), &::closedir);
  if (!listing) {
    ::close(again);
    return io_error("list", path_, errno);
  }
  std::vector<std::string> found;
  while (const dirent* entry = ::readdir(listing.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") found.emplace_back(name);
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string safe_file_name(std::string_view name) {
  std::string safe;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-' || (c == '.' && !safe.empty());
    safe += plain ? c : '_';
  }
  if (safe == name && !safe.empty() && safe.size() <= kMaxName) return safe;
  return safe.substr(0, kMaxName - 13) + "-" + sha256_hex(name).substr(0, 12);
}

}  // namespace muster::journal
