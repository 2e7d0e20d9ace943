#include "artifacts/lock.hpp"

#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "base/json.hpp"
#include "journal/io_error.hpp"

namespace muster::artifacts {
namespace {

/// What the file says; it is written by its holder after it took the lock, so it may be empty.
LockOwner owner_in(const journal::Directory& locks, const std::string& name) {
  LockOwner owner;
  const auto text = locks.read(name, 4'096);
  if (!text) return owner;
  const auto json = parse_json(*text);
  if (!json || !json->is_object()) return owner;
  if (const auto pid = json->find("pid"); pid != json->end() && pid->is_number_integer())
    owner.pid = pid->get<std::int64_t>();
  owner.command = string_at(*json, "command");
  owner.since = string_at(*json, "since");
  return owner;
}

std::string described(const LockOwner& owner) {
  if (owner.pid == 0) return "another muster, which has just taken it";
  return fmt::format("muster {} (pid {}) since {}", owner.command, owner.pid, owner.since);
}

}  // namespace

Result<Lock> Lock::take(const journal::Directory& locks, const std::string& name,
                        const LockOwner& owner) {
  auto fd = locks.open_to_append(name);
  if (!fd) return std::move(fd).error();
  if (::flock(fd->get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return journal::io_error("lock", locks.path() + "/" + name, errno);
    return error(
        "locked",
        fmt::format("{}/{} is held by {}", locks.path(), name, described(owner_in(locks, name))),
        "wait for it to end, or use another environment");
  }
  const std::string text =
      dump_json({{"pid", owner.pid}, {"command", owner.command}, {"since", owner.since}});
  if (::ftruncate(fd->get(), 0) != 0 ||
      ::write(fd->get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return journal::io_error("write", locks.path() + "/" + name, errno);
  return Lock(std::move(*fd));
}

Result<std::optional<LockOwner>> Lock::holder(const journal::Directory& locks,
                                              const std::string& name) {
  auto fd = locks.open(name);
  if (!fd) {
    if (fd.error().code == "path_missing") return std::optional<LockOwner>();
    return std::move(fd).error();
  }
  if (::flock(fd->get(), LOCK_SH | LOCK_NB) == 0) return std::optional<LockOwner>();
  if (errno != EWOULDBLOCK) return journal::io_error("lock", locks.path() + "/" + name, errno);
  return std::optional(owner_in(locks, name));
}

}  // namespace muster::artifacts
