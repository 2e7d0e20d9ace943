#include "shard/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/ids.hpp"
#include "base/unique_fd.hpp"
#include "journal/append_file.hpp"
#include "journal/io_error.hpp"

namespace muster::shard {

Result<void> sync_directory(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return journal::io_error("open the directory", path, errno);
  // some network file systems know no fsync of directories
  if (::fsync(fd.get()) != 0 && errno != EINVAL) return journal::io_error("write", path, errno);
  return {};
}

Result<void> write_whole(const std::string& path, const std::string& text) {
  const std::filesystem::path whole(path);
  const std::string folder = whole.has_parent_path() ? whole.parent_path().string() : ".";
  const std::string temporary =
      folder + "/." + whole.filename().string().substr(0, 200) + "." + random_hex(6);
  UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!fd) return journal::io_error("write", path, errno);
  journal::AppendFile file(std::move(fd), temporary);
  (void)file.append(text);
  if (const auto closed = file.close(); !closed) {
    ::unlink(temporary.c_str());
    return closed;
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int why = errno;
    ::unlink(temporary.c_str());
    return journal::io_error("replace", path, why);
  }
  return sync_directory(folder);
}

}  // namespace muster::shard
