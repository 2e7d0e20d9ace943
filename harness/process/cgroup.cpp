#include "process/cgroup.hpp"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

namespace muster::process {
namespace fs = std::filesystem;
namespace {

constexpr const char* prefix = "muster-";

Error unavailable(const std::string& why) {
  return error("backend_unavailable", "no cgroup: " + why);
}

/// Where the hierarchy of version 2 is mounted: field 5 of the line whose type is cgroup2.
std::optional<std::string> hierarchy() {
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string::npos || line.compare(dash + 3, 8, "cgroup2 ") != 0) continue;
    std::istringstream fields(line);
    std::string field;
    for (int i = 0; i < 5; ++i) fields >> field;
    return field;
  }
  return std::nullopt;
}

/// This process's own, relative to the hierarchy: the line `0::/path`.
std::optional<std::string> own_path() {
  std::ifstream file("/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("0::/")) return line.substr(3);
  }
  return std::nullopt;
}

bool write_to(const std::string& path, const char* text) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return fd && ::write(fd.get(), text, ::strlen(text)) > 0;
}

void add_members(const fs::path& path, std::vector<pid_t>& into) {
  std::ifstream procs(path / "cgroup.procs");
  for (pid_t pid = 0; procs >> pid;) into.push_back(pid);
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator(path, gone)) {
    if (entry.is_directory(gone)) add_members(entry.path(), into);
  }
}

}  // namespace

Result<std::string> make_cgroup(const std::string& name) {
  const auto mount = hierarchy();
  if (!mount) return unavailable("no hierarchy of version 2 is mounted");
  const auto own = own_path();
  if (!own) return unavailable("this process is in none of version 2");
  const std::string path = (fs::path(*mount) / own->substr(1) / (prefix + name)).string();
  if (::mkdir(path.c_str(), 0700) != 0)
    return unavailable("making " + path + " failed: " + ::strerror(errno));
  const int os_error = ::access((path + "/cgroup.kill").c_str(), W_OK) == 0 ? 0 : errno;
  if (os_error == 0) return path;
  ::rmdir(path.c_str());
  return unavailable(std::string("cgroup.kill (Linux 5.14): ") + ::strerror(os_error));
}

Result<UniqueFd> open_cgroup_procs(const std::string& path) {
  UniqueFd fd(::open((path + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return unavailable("joining " + path + " failed: " + ::strerror(errno));
  return fd;
}

std::vector<pid_t> cgroup_members(const std::string& path) {
  std::vector<pid_t> members;
  add_members(path, members);
  return members;
}

bool kill_cgroup(const std::string& path) {
  return write_to(path + "/cgroup.kill", "1");
}

bool remove_cgroup(const std::string& path) {
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator(path, gone)) {
    if (entry.is_directory(gone)) remove_cgroup(entry.path().string());
  }
  return ::rmdir(path.c_str()) == 0 || errno == ENOENT;
}

bool is_our_cgroup(const std::string& path) {
  const auto mount = hierarchy();
  const fs::path given(path);
  return mount && given.lexically_normal() == given && path.starts_with(*mount + "/") &&
         given.filename().string().starts_with(prefix);
}

}  // namespace muster::process
