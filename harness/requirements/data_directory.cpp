#include "requirements/data_directory.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "base/ids.hpp"

namespace muster::requirements {
namespace fs = std::filesystem;
namespace {

constexpr const char* kData = "data";
constexpr const char* kPassword = "password";

Error failed(const std::string& what, const std::string& path) {
  return error("data_directory", "can not " + what + " " + path + ": " + ::strerror(errno));
}

struct Owner {
  uid_t uid;
  gid_t gid;
};

Owner owner_of(const std::string& account) {
  const passwd* user = account.empty() ? nullptr : ::getpwnam(account.c_str());
  return user != nullptr ? Owner{user->pw_uid, user->pw_gid} : Owner{::geteuid(), ::getegid()};
}

Result<UniqueFd> open_folder(const journal::Directory& above, const std::string& name,
                             const std::string& path, const Owner& owner) {
  if (::mkdirat(above.fd(), name.c_str(), 0700) != 0 && errno != EEXIST)
    return failed("make", path);
  UniqueFd fd(::openat(above.fd(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) return failed("open", path);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return failed("examine", path);
  if (status.st_uid == owner.uid) return fd;
  // of another account before: what is in it belongs to that one
  std::error_code bad;
  if (!fs::is_empty(path, bad) || bad)
    return error("data_directory", path + " belongs to user " + std::to_string(status.st_uid),
                 "give it to the account that the requirement runs as, or remove it");
  if (::fchown(fd.get(), owner.uid, owner.gid) != 0) return failed("give away", path);
  return fd;
}

Result<void> write_at(int folder, const std::string& name, const std::string& content,
                      const Owner& owner, const std::string& path) {
  const std::string temporary = name + ".new";
  ::unlinkat(folder, temporary.c_str(), 0);
  UniqueFd fd(::openat(folder, temporary.c_str(),
                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd || ::fchown(fd.get(), owner.uid, owner.gid) != 0) return failed("write", path);
  if (::write(fd.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size()) ||
      ::fsync(fd.get()) != 0 || ::renameat(folder, temporary.c_str(), folder, name.c_str()) != 0)
    return failed("write", path);
  return {};
}

std::string read_at(int folder, const std::string& name) {
  const UniqueFd fd(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  char text[128];
  const ssize_t got = fd ? ::read(fd.get(), text, sizeof text) : -1;
  std::string content(text, got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!content.empty() && content.back() == '\n') content.pop_back();
  return content;
}

}  // namespace

Result<DataDirectory> DataDirectory::open(const journal::Directory& scope, const std::string& name,
                                          const std::string& account) {
  auto data = scope.sub(kData, true);
  if (!data) return data.error();
  DataDirectory made;
  made.account_ = account;
  const std::string safe = journal::safe_file_name(name);
  made.folder_ = data->path() + "/" + safe;
  const Owner owner = owner_of(account);
  auto fd = open_folder(*data, safe, made.folder_, owner);
  if (!fd) return fd.error();
  made.fd_ = std::move(*fd);
  made.password_ = read_at(made.fd_.get(), kPassword);
  if (made.password_.empty()) {
    made.password_ = random_hex(16);
    auto written = write_at(made.fd_.get(), kPassword, made.password_ + "\n", owner,
                            made.folder_ + "/" + kPassword);
    if (!written) return written.error();
  }
  return made;
}

Ground DataDirectory::ground(const std::string& path) const {
  const std::string seen = passed() ? "/proc/self/fd/" + std::to_string(passed_fd) : folder_;
  return {folder_, seen, account_, password_, "muster-" + random_hex(8), path};
}

Result<std::size_t> remove_data(const journal::Directory& scope) {
  auto data = scope.sub(kData);
  if (!data) return std::size_t{0};
  auto names = data->names();
  if (!names) return names.error();
  for (const std::string& name : *names) {
    std::error_code bad;
    fs::remove_all(data->path() + "/" + name, bad);
    if (bad)
      return error("data_directory",
                   "can not remove " + data->path() + "/" + name + ": " + bad.message());
  }
  return names->size();
}

Result<void> write_private(const Ground& ground, const std::string& name,
                           const std::string& content) {
  const UniqueFd folder(
      ::open(ground.folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder) return failed("open", ground.folder);
  return write_at(folder.get(), name, content, owner_of(ground.account),
                  ground.folder + "/" + name);
}

}  // namespace muster::requirements
