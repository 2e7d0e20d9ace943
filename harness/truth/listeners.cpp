#include "truth/listeners.hpp"

#include <arpa/inet.h>
#include <dirent.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <string_view>

#include "base/unique_fd.hpp"

namespace muster::truth {
namespace {

constexpr std::uint32_t kListening = 1U << 10;  // TCP_LISTEN, which netinet/tcp.h has as an enum

Error diag_error(std::string_view doing) {
  const int why = errno;
  return error("diag_failed", "can not " + std::string(doing) +
                                  " the kernel's list of sockets: " + std::strerror(why));
}

bool is_loopback(const inet_diag_msg& message) {
  if (message.idiag_family == AF_INET) return (ntohl(message.id.idiag_src[0]) >> 24) == 127;
  return message.id.idiag_src[0] == 0 && message.id.idiag_src[1] == 0 &&
         message.id.idiag_src[2] == 0 && ntohl(message.id.idiag_src[3]) == 1;
}

Result<void> request(int netlink, std::uint8_t family) {
  struct {
    nlmsghdr header;
    inet_diag_req_v2 body;
  } asked{};
  asked.header.nlmsg_len = sizeof asked;
  asked.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  asked.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  asked.body.sdiag_family = family;
  asked.body.sdiag_protocol = IPPROTO_TCP;
  asked.body.idiag_states = kListening;
  if (::send(netlink, &asked, sizeof asked, 0) < 0) return diag_error("ask for");
  return {};
}

/// Reads one dump to its end.
Result<void> receive(int netlink, std::vector<Listener>& found) {
  alignas(nlmsghdr) std::array<char, 32 * 1024> buffer;
  for (;;) {
    const ssize_t got = ::recv(netlink, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return diag_error("read");
    auto left = static_cast<std::size_t>(got);
    for (auto* header = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(header, left);
         header = NLMSG_NEXT(header, left)) {
      if (header->nlmsg_type == NLMSG_DONE) return {};
      if (header->nlmsg_type == NLMSG_ERROR) {
        const auto* refused = static_cast<const nlmsgerr*>(NLMSG_DATA(header));
        errno = -refused->error;
        // a kernel without IPv6 has none of its sockets
        if (errno == ENOENT) return {};
        return diag_error("read");
      }
      const auto* message = static_cast<const inet_diag_msg*>(NLMSG_DATA(header));
      found.push_back({ntohs(message->id.idiag_sport), message->idiag_inode, message->idiag_uid,
                       is_loopback(*message)});
    }
  }
}

}  // namespace

Result<std::vector<Listener>> listeners() {
  const UniqueFd netlink(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!netlink) return diag_error("open");
  std::vector<Listener> found;
  for (const int family : {AF_INET, AF_INET6}) {
    if (auto asked = request(netlink.get(), static_cast<std::uint8_t>(family)); !asked)
      return asked.error();
    if (auto read = receive(netlink.get(), found); !read) return read.error();
  }
  std::sort(found.begin(), found.end(), [](const Listener& a, const Listener& b) {
    return a.port != b.port ? a.port < b.port : a.inode < b.inode;
  });
  return found;
}

std::set<std::uint64_t> sockets_of(pid_t pid) {
  std::set<std::uint64_t> inodes;
  const std::string folder = "/proc/" + std::to_string(pid) + "/fd";
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::opendir(folder.c_str()), &::closedir);
  if (!listing) return inodes;
  while (const dirent* entry = ::readdir(listing.get())) {
    std::array<char, 64> target;
    const ssize_t length =
        ::readlinkat(::dirfd(listing.get()), entry->d_name, target.data(), target.size());
    if (length <= 0) continue;
    std::string_view text(target.data(), static_cast<std::size_t>(length));
    if (!text.starts_with("socket:[")) continue;
    text.remove_prefix(8);
    std::uint64_t inode = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), inode).ec == std::errc())
      inodes.insert(inode);
  }
  return inodes;
}

}  // namespace muster::truth
