#include "preflight/script_file.hpp"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/diff.hpp"
#include "base/text.hpp"

namespace muster::preflight {
namespace fs = std::filesystem;
namespace {

/// The nearest name beside a file that is not there.
std::string similar(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code failed;
  for (fs::directory_iterator it(path.parent_path(), failed), end; !failed && it != end;
       it.increment(failed)) {
    if (names.size() < 1'000) names.push_back(it->path().filename().string());
  }
  const auto near = nearest(path.filename().string(), names);
  return near ? "did you mean " + *near : "";
}

std::string kind_of(mode_t mode) {
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISBLK(mode) || S_ISCHR(mode)) return "a device";
  return "no regular file";
}

bool below(const std::string& path, const std::string& folder) {
  return path.starts_with(folder == "/" ? folder : folder + "/");
}

std::string without(const std::string& path, const std::string& folder) {
  return path.substr(folder == "/" ? 1 : folder.size() + 1);
}

Error why_not_there(const fs::path& asked, int why) {
  struct stat info {};
  const bool link = ::lstat(asked.c_str(), &info) == 0 && S_ISLNK(info.st_mode);
  if (why == ELOOP)
    return error("link_loop", "symbolic links that lead in a circle", "point the link at the file");
  if (why == ENOENT && link) {
    std::error_code ignored;
    return error("dangling",
                 "a symbolic link to " + printable(fs::read_symlink(asked, ignored).string()) +
                     ", which does not exist",
                 "the link is there, its target is not");
  }
  if (why == ENOENT) return error("missing", "no such file", similar(asked));
  if (why == ENOTDIR) return error("missing", "a file where its path needs a folder");
  return error("unreadable", ::strerror(why));
}

}  // namespace

Result<ScriptFile> find_script(const std::string& project, const std::string& path) {
  const fs::path asked = (fs::path(project) / path).lexically_normal();
  char buffer[PATH_MAX];
  if (::realpath(asked.c_str(), buffer) == nullptr) return why_not_there(asked, errno);
  ScriptFile file;
  file.path = buffer;
  struct stat info {};
  if (!below(file.path, project) && file.path != project) {
    return error("outside", "a file outside the project: " + printable(file.path),
                 "what is not in the project is not deployed with it");
  }
  if (::stat(file.path.c_str(), &info) != 0) return why_not_there(asked, errno);
  if (S_ISDIR(info.st_mode))
    return error("directory", "a directory", "the exec bit of a directory only lets one enter it");
  if (!S_ISREG(info.st_mode)) return error("not_regular", kind_of(info.st_mode));
  file.relative = without(file.path, project);
  file.mode = info.st_mode & 07777;
  if (::lstat(asked.c_str(), &info) == 0 && S_ISLNK(info.st_mode)) {
    // git takes no path that leads through a link, so the folder of the link is resolved.
    if (::realpath(asked.parent_path().c_str(), buffer) != nullptr &&
        (below(buffer, project) || buffer == project)) {
      file.link = without((fs::path(buffer) / asked.filename()).string(), project);
    }
  }
  return file;
}

bool on_noexec_mount(const std::string& path) {
  struct statvfs info {};
  return ::statvfs(path.c_str(), &info) == 0 && (info.f_flag & ST_NOEXEC) != 0;
}

}  // namespace muster::preflight
