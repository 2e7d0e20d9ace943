#include "process/credentials.hpp"

#include <grp.h>
#include <pwd.h>

#include <array>

namespace muster::process {

Result<Credentials> credentials_of(const std::string& user) {
  std::array<char, 16 * 1024> buffer;
  passwd entry{};
  passwd* found = nullptr;
  ::getpwnam_r(user.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) return error("user_unknown", "there is no user " + user);
  Credentials credentials{entry.pw_uid, entry.pw_gid, {}, entry.pw_dir};
  int count = 64;
  credentials.groups.resize(static_cast<std::size_t>(count));
  if (::getgrouplist(user.c_str(), entry.pw_gid, credentials.groups.data(), &count) < 0) {
    credentials.groups.resize(static_cast<std::size_t>(count));
    ::getgrouplist(user.c_str(), entry.pw_gid, credentials.groups.data(), &count);
  }
  credentials.groups.resize(static_cast<std::size_t>(count));
  return credentials;
}

}  // namespace muster::process
