#include "parity/recorder.hpp"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>

#include "base/text.hpp"

namespace muster::parity {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_AARCH64;
#endif
constexpr std::size_t kDnsHead = 12;

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Where a call leads. Nothing for this machine itself and for what is no internet address.
bool leaves(const sockaddr_storage& to, Attempt& attempt) {
  char text[INET6_ADDRSTRLEN] = {};
  if (to.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &to, sizeof v4);
    const std::uint32_t host = ntohl(v4.sin_addr.s_addr);
    if (host >> 24 == 127 || host == 0) return false;
    attempt.address = ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    attempt.port = ntohs(v4.sin_port);
    return true;
  }
  if (to.ss_family != AF_INET6) return false;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &to, sizeof v6);
  const bool mapped = IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) && v6.sin6_addr.s6_addr[12] == 127;
  if (IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) || IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr) || mapped)
    return false;
  attempt.address = ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
  attempt.port = ntohs(v6.sin6_port);
  return true;
}

/// Reads what another process has there; false when it has less.
bool read_from(pid_t pid, std::uint64_t where, void* into, std::size_t size) {
  iovec here{into, size};
  iovec there{reinterpret_cast<void*>(where), size};
  if (::process_vm_readv(pid, &here, 1, &there, 1, 0) == static_cast<ssize_t>(size)) return true;
  // an engine's own filter may refuse that call to what runs in a container
  const UniqueFd memory(
      ::open(("/proc/" + std::to_string(pid) + "/mem").c_str(), O_RDONLY | O_CLOEXEC));
  return memory &&
         ::pread(memory.get(), into, size, static_cast<off_t>(where)) == static_cast<ssize_t>(size);
}

/// The same of an address in the memory of the caller. One that can not be read is one that was not
/// shown to be harmless.
bool leaves_for(pid_t pid, std::uint64_t where, std::uint64_t size, Attempt& attempt) {
  sockaddr_storage to{};
  const std::size_t length = std::min<std::size_t>(size, sizeof to);
  if (length >= sizeof to.ss_family && read_from(pid, where, &to, length))
    return leaves(to, attempt);
  attempt.address = "unreadable";
  return true;
}

/// Of one message: one without an address goes where its socket is connected to.
bool leaves_with(pid_t pid, const msghdr& message, Attempt& attempt) {
  if (message.msg_name == nullptr || message.msg_namelen == 0) return false;
  return leaves_for(pid, reinterpret_cast<std::uint64_t>(message.msg_name), message.msg_namelen,
                    attempt);
}

constexpr std::uint64_t kMostMessages = 1'024;  ///< the kernel takes no more in one call

bool leaves(pid_t pid, const seccomp_data& call, Attempt& attempt) {
  if (call.nr == __NR_connect) return leaves_for(pid, call.args[1], call.args[2], attempt);
  if (call.nr == __NR_sendto) return leaves_for(pid, call.args[4], call.args[5], attempt);
  const bool many = call.nr == __NR_sendmmsg;
  const std::uint64_t count =
      many ? std::min<std::uint64_t>(call.args[2] & 0xffffffffU, kMostMessages) : 1;
  for (std::uint64_t i = 0; i < count; ++i) {
    msghdr message{};
    const std::uint64_t where = call.args[1] + i * (many ? sizeof(mmsghdr) : 0);
    if (!read_from(pid, where, &message, sizeof message)) {
      attempt.address = "unreadable";
      return true;
    }
    if (leaves_with(pid, message, attempt)) return true;
  }
  return false;
}

std::string name_of(int call) {
  if (call == __NR_connect) return "connect";
  if (call == __NR_sendto) return "sendto";
  return call == __NR_sendmsg ? "sendmsg" : "sendmmsg";
}

}  // namespace

std::string NameSink::answer(std::string_view query) {
  if (query.size() < kDnsHead + 5 || (query[2] & 0x80) != 0) return {};
  std::string name;
  std::size_t at = kDnsHead;
  while (at < query.size() && query[at] != 0) {
    const auto length = static_cast<unsigned char>(query[at]);
    if (length > 63 || at + 1 + length >= query.size()) return {};
    name += (name.empty() ? "" : ".") + std::string(query.substr(at + 1, length));
    at += 1 + length;
  }
  if (at + 5 > query.size()) return {};
  const std::size_t end = at + 5;  // the root label, type and class
  const int type =
      static_cast<unsigned char>(query[at + 1]) * 256 + static_cast<unsigned char>(query[at + 2]);
  name = to_lower(valid_utf8(name));
  std::size_t index = 0;
  while (index < names_.size() && names_[index] != name) ++index;
  if (index == names_.size()) names_.push_back(name);
  const unsigned char bytes[] = {198, 18, static_cast<unsigned char>(index / 250),
                                 static_cast<unsigned char>(index % 250 + 1)};
  by_address_["198.18." + std::to_string(bytes[2]) + "." + std::to_string(bytes[3])] = name;

  const bool address = type == 1;
  std::string reply(query.substr(0, end));
  reply[2] = static_cast<char>(0x84 | (query[2] & 1));  // an answer, by authority
  reply[3] = static_cast<char>(0x80);
  reply[6] = reply[8] = reply[9] = reply[10] = reply[11] = 0;
  reply[7] = address ? 1 : 0;
  if (address) {
    reply += std::string("\xc0\x0c\0\1\0\1\0\0\0\0\0\4", 12);
    reply.append(reinterpret_cast<const char*>(bytes), 4);
  }
  return reply;
}

std::string NameSink::name_of(const std::string& address) const {
  const auto found = by_address_.find(address);
  return found == by_address_.end() ? std::string() : found->second;
}

Result<UniqueFd> install_filter() {
  const auto at = [](std::size_t offset) { return static_cast<std::uint32_t>(offset); };
  const std::uint32_t high = at(offsetof(seccomp_data, args[4])) + 4;
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at(offsetof(seccomp_data, arch))),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kMachine, 1, 0),
      // another machine's numbers, which mean other calls
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at(offsetof(seccomp_data, nr))),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      // what a ring submits is seen by no filter
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_io_uring_setup, 10, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_connect, 8, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_sendmsg, 7, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_sendmmsg, 6, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_sendto, 0, 4),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at(offsetof(seccomp_data, args[4]))),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, high),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
  };
  sock_fprog program{static_cast<unsigned short>(std::size(code)), code};
  const auto install = [&] {
    return static_cast<int>(::syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER,
                                      SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
  };
  int fd = install();
  if (fd < 0 && errno == EACCES && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) fd = install();
  if (fd >= 0) return UniqueFd(fd);
  return error("recorder_refused",
               "the kernel refuses to report calls: " + std::string(std::strerror(errno)));
}

bool Recorder::serve(const NameSink& sink) {
  seccomp_notif call{};
  if (::ioctl(notifications_.get(), SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) return false;
  const auto pid = static_cast<pid_t>(call.pid);
  Attempt attempt;
  attempt.pid = pid;
  attempt.call = name_of(call.data.nr);
  const bool outside = leaves(pid, call.data, attempt);
  seccomp_notif_resp answer{};
  answer.id = call.id;
  if (outside) {
    const std::string folder = "/proc/" + std::to_string(pid);
    attempt.program = std::string(trim(read_text(folder + "/comm")));
    std::string command = read_text(folder + "/cmdline");
    for (char& byte : command)
      if (byte == '\0') byte = ' ';
    attempt.command = shorten(std::string(trim(command)), 500);
    attempt.host = sink.name_of(attempt.address);
    const std::string key = std::to_string(pid) + " " + attempt.address + " " +
                            std::to_string(attempt.port) + " " + attempt.call;
    const bool there_still =
        ::ioctl(notifications_.get(), SECCOMP_IOCTL_NOTIF_ID_VALID, &call.id) == 0;
    if (there_still && known_.insert(key).second) attempts_.push_back(std::move(attempt));
    answer.error = -ENETUNREACH;
  } else {
    answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  }
  static_cast<void>(::ioctl(notifications_.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer));
  return true;
}

}  // namespace muster::parity
