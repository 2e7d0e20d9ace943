#include "parity/sandbox.hpp"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "base/text.hpp"
#include "parity/recorder.hpp"

namespace muster::parity {
namespace {

/// Said over the channel when a step fails: its name and errno.
[[noreturn]] void give_up(int channel, const std::string& step) {
  const std::string text = step + ": " + std::strerror(errno);
  static_cast<void>(::write(channel, text.data(), text.size()));
  ::_exit(1);
}

bool write_file(const std::string& path, const std::string& text) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

void enter_user_namespace(int channel) {
  const std::string uid = std::to_string(::geteuid()), gid = std::to_string(::getegid());
  if (::unshare(CLONE_NEWUSER) != 0) give_up(channel, "a user namespace");
  static_cast<void>(write_file("/proc/self/setgroups", "deny"));
  if (!write_file("/proc/self/uid_map", uid + " " + uid + " 1") ||
      !write_file("/proc/self/gid_map", gid + " " + gid + " 1"))
    give_up(channel, "mapping users");
}

bool raise_loopback() {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  return socket && ::ioctl(socket.get(), SIOCSIFFLAGS, &request) == 0;
}

/// Names are looked up in files and at our name server, at nobody's beside the namespace.
void cover_name_lookup(int channel, const std::string& folder) {
  for (const char* name : {"resolv.conf", "nsswitch.conf"}) {
    const std::string over = std::string("/etc/") + name;
    if (::access(over.c_str(), F_OK) != 0) continue;
    if (::mount((folder + "/" + name).c_str(), over.c_str(), nullptr, MS_BIND, nullptr) != 0)
      give_up(channel, "covering " + over);
  }
  for (const char* daemon : {"/run/nscd", "/run/systemd/resolve"}) {
    if (::access(daemon, F_OK) == 0) ::mount("tmpfs", daemon, "tmpfs", 0, nullptr);
  }
}

int open_name_server() {
  const int server = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(53);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (server >= 0 && ::bind(server, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0)
    return -1;
  return server;
}

/// Of the namespace that this process is in, as the kernel lists them: `  lo: …` after two lines.
std::string interface_names() {
  std::ifstream table("/proc/self/net/dev");
  std::string names;
  for (std::string line; std::getline(table, line);) {
    const std::size_t colon = line.find(':');
    if (colon == line.npos || line.find('|') != line.npos) continue;
    names += (names.empty() ? "" : " ") + std::string(trim(line.substr(0, colon)));
  }
  return names;
}

void send_descriptors(int channel, const std::string& text, int first, int second) {
  iovec data{const_cast<char*>(text.data()), text.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(2 * sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(2 * sizeof(int));
  const int both[] = {first, second};
  std::memcpy(CMSG_DATA(head), both, sizeof both);
  if (::sendmsg(channel, &message, 0) < 0) ::_exit(1);
}

/// Asks for a name that nobody has and calls it.
[[noreturn]] void canary() {
  ::prctl(PR_SET_NAME, kCanaryProgram);
  addrinfo hints{}, *found = nullptr;
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  const std::string port = std::to_string(kCanaryPort);
  if (::getaddrinfo(kCanaryName, port.c_str(), &hints, &found) != 0) ::_exit(1);
  const int out = ::socket(AF_INET, SOCK_STREAM, 0);
  ::_exit(::connect(out, found->ai_addr, found->ai_addrlen) == 0 ? 2 : 0);
}

/// Sends the notifications of a filter that this process gets, with the name server's descriptor.
/// What this process sends itself would wait for who gets the descriptor by it: so one that shares
/// the descriptors and not the filter does.
void install_and_send(int channel, int server) {
  const std::string interfaces = "interfaces " + interface_names();
  int order[2];
  if (::pipe2(order, O_CLOEXEC) != 0) give_up(channel, "a pipe");
  const long messenger = ::syscall(SYS_clone, CLONE_FILES | SIGCHLD, nullptr, nullptr, nullptr, 0);
  if (messenger < 0) give_up(channel, "clone");
  if (messenger == 0) {
    int notifications = -1;
    if (::read(order[0], &notifications, sizeof notifications) == sizeof notifications &&
        notifications >= 0)
      send_descriptors(channel, interfaces, notifications, server);
    ::_exit(0);
  }
  auto filter = install_filter();
  const int notifications = filter ? filter->get() : -1;
  static_cast<void>(::write(order[1], &notifications, sizeof notifications));
  ::waitpid(static_cast<pid_t>(messenger), nullptr, 0);
  if (!filter) give_up(channel, filter.error().message);
  ::close(order[0]);
  ::close(order[1]);
}

/// Ends what descends from this process, which its orphans come to.
void kill_children() {
  const std::string path = "/proc/self/task/" + std::to_string(::getpid()) + "/children";
  for (bool found = true; found;) {
    found = false;
    std::ifstream children(path);
    for (pid_t child; children >> child;) {
      found = true;
      ::kill(child, SIGKILL);
    }
    if (found) ::waitpid(-1, nullptr, 0);
  }
}

/// Records, sends the canary out and then the command.
[[noreturn]] void play(int channel, const SandboxOptions& options) {
  const int server = open_name_server();
  if (server < 0) give_up(channel, "listening for names");
  install_and_send(channel, server);
  ::close(server);
  ::close(channel);

  const pid_t bird = ::fork();
  if (bird == 0) canary();
  ::waitpid(bird, nullptr, 0);
  const pid_t command = ::fork();
  if (command == 0) {
    std::vector<char*> argv, envp;
    for (const auto& each : options.command) argv.push_back(const_cast<char*>(each.c_str()));
    for (const auto& each : options.environment) envp.push_back(const_cast<char*>(each.c_str()));
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  for (int status = 0;;) {
    const pid_t ended = ::waitpid(-1, &status, 0);
    if (ended == command) {
      kill_children();
      ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    }
    if (ended < 0 && errno != EINTR) ::_exit(1);
  }
}

/// The first process of the pid namespace.
[[noreturn]] void first_process(int channel, const SandboxOptions& options) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::mount("none", "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
    give_up(channel, "making mounts private");
  if (::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0)
    give_up(channel, "mounting /proc");
  if (!raise_loopback()) give_up(channel, "raising the loopback interface");
  cover_name_lookup(channel, options.folder);
  play(channel, options);
}

/// Without namespaces: what is started is found below this process.
[[noreturn]] void plain_process(int channel, const SandboxOptions& options) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  play(channel, options);
}

[[noreturn]] void outer_process(int channel, const SandboxOptions& options) {
  if (::geteuid() != 0) enter_user_namespace(channel);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID) != 0)
    give_up(channel, "network, mount and pid namespaces");
  const pid_t inner = ::fork();
  if (inner < 0) give_up(channel, "fork");
  if (inner == 0) first_process(channel, options);
  ::close(channel);
  int status = 0;
  while (::waitpid(inner, &status, 0) < 0 && errno == EINTR) {
  }
  ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/// What the first process has sent: its descriptors and interfaces, or why it gave up.
Result<std::string> receive(int channel, UniqueFd& notifications, UniqueFd& server) {
  char text[4096];
  iovec data{text, sizeof text};
  alignas(cmsghdr) char control[CMSG_SPACE(2 * sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t got = ::recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
  const std::string said(text, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  const cmsghdr* head = CMSG_FIRSTHDR(&message);
  if (head == nullptr)
    return error("namespaces_refused",
                 "the sandbox can not be made: " + (said.empty() ? std::string("it ended") : said));
  int both[2];
  std::memcpy(both, CMSG_DATA(head), sizeof both);
  notifications.reset(both[0]);
  server.reset(both[1]);
  return said;
}

Result<void> write_lookup_files(const std::string& folder) {
  std::ifstream before("/etc/nsswitch.conf");
  std::string text;
  for (std::string line; std::getline(before, line);)
    if (!line.starts_with("hosts:")) text += line + "\n";
  std::ofstream(folder + "/nsswitch.conf") << text << "hosts: files dns\n";
  std::ofstream resolver(folder + "/resolv.conf");
  resolver << "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n" << std::flush;
  if (!resolver) return error("file_failed", "cannot write below " + folder);
  return {};
}

void serve_names(int server, NameSink& sink) {
  char query[1500];
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  const ssize_t got = ::recvfrom(server, query, sizeof query, MSG_DONTWAIT,
                                 reinterpret_cast<sockaddr*>(&from), &size);
  if (got <= 0) return;
  const std::string reply = sink.answer({query, static_cast<std::size_t>(got)});
  if (!reply.empty())
    ::sendto(server, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
}

using Playing = void (*)(int channel, const SandboxOptions& options);

/// Runs `playing` in a process of its own, and answers for the calls and names that come of it.
Result<SandboxEnd> record(Playing playing, const SandboxOptions& options) {
  int channel[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) != 0)
    return error("namespaces_refused", std::strerror(errno));
  UniqueFd ours(channel[0]), theirs(channel[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    ours.reset();
    playing(theirs.get(), options);
  }
  theirs.reset();
  const UniqueFd ended(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  UniqueFd notifications, server;
  const auto said = receive(ours.get(), notifications, server);
  if (!said) {
    ::waitpid(child, nullptr, 0);
    return said.error();
  }
  SandboxEnd end;
  for (const std::string& word : split(*said, ' '))
    if (word != "interfaces" && !word.empty()) end.proof.interfaces.push_back(word);

  Recorder recorder(std::move(notifications));
  NameSink sink;
  // an interrupt is the command's to answer; this process waits for what it comes to
  struct sigaction ignore {
  }, before{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGINT, &ignore, &before);
  pollfd all[] = {{recorder.fd(), POLLIN, 0}, {server.get(), POLLIN, 0}, {ended.get(), POLLIN, 0}};
  while (true) {
    if (::poll(all, 3, -1) < 0 && errno != EINTR) break;
    if (all[1].revents & POLLIN) serve_names(server.get(), sink);
    if (all[0].revents & POLLIN) recorder.serve(sink);
    if (all[0].revents & (POLLHUP | POLLERR)) all[0].fd = -1;
    if (all[2].revents != 0) break;
  }
  ::sigaction(SIGINT, &before, nullptr);
  int status = 0;
  ::waitpid(child, &status, 0);
  end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  end.proof.attempts = recorder.attempts();
  end.proof.names = sink.names();
  return end;
}

/// Whether the first name server is the one that will listen here.
bool asks_us_for_names() {
  std::ifstream file("/etc/resolv.conf");
  for (std::string word; file >> word;) {
    if (word == "nameserver") return file >> word && word == "127.0.0.1";
  }
  return true;  // the resolver's default is this machine
}

}  // namespace

Result<SandboxEnd> run_in_sandbox(const SandboxOptions& options) {
  if (auto written = write_lookup_files(options.folder); !written) return written.error();
  auto end = record(outer_process, options);
  if (end) end->proof.method = ::geteuid() == 0 ? "namespaces" : "namespaces of a user";
  return end;
}

Result<SandboxEnd> run_without_network(const SandboxOptions& options) {
  const std::string interfaces = interface_names();
  if (interfaces != "lo")
    return error("network_present", "the network here has the interfaces " + interfaces,
                 "run it in a container with --network none --dns 127.0.0.1");
  if (!asks_us_for_names())
    return error("network_present", "/etc/resolv.conf leads to another name server",
                 "run it in a container with --network none --dns 127.0.0.1");
  auto end = record(plain_process, options);
  if (end) end->proof.method = "no network";
  return end;
}

}  // namespace muster::parity
