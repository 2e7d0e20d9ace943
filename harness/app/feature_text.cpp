#include "app/feature_text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.hpp"

namespace muster::app {
namespace {

Error unreadable(const std::string& path, int reason) {
  Error made = error("file_unreadable", std::string("cannot be read: ") + std::strerror(reason));
  made.place.uri = path;
  return made;
}

}  // namespace

Result<std::string> read_feature(const std::string& path, std::size_t at_most) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return unreadable(path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return unreadable(path, errno);
  std::string text(std::min(static_cast<std::size_t>(status.st_size), at_most), '\0');
  std::size_t have = 0;
  while (have < at_most) {
    // a file that grows, or that has no size (a pipe), is read to its end all the same
    if (have == text.size()) text.resize(std::min(text.size() + 4096, at_most));
    const ssize_t got = ::read(file.get(), text.data() + have, text.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(path, errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return text;
}

}  // namespace muster::app
