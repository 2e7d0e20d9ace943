#include "run/worker_link.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace muster::run {

WorkerLink::WorkerLink(boost::asio::io_context& context, std::uint32_t number, UniqueFd channel,
                       int shared, UniqueFd printed)
    : id(number),
      socket(context, boost::asio::local::stream_protocol(), channel.release()),
      memory(shared),
      output_end(std::move(printed)),
      overdue(context) {}

std::string WorkerLink::last_output() {
  drain_into(memory.printed, output_end.get());
  return memory.printed.text();
}

void WorkerLink::signal(int number) const {
  if (handle) syscall(SYS_pidfd_send_signal, handle.get(), number, nullptr, 0);
}

void WorkerLink::order(const Frame& frame) {
  std::string bytes;
  append_framed(bytes, frame);
  // a few bytes into a socket that is empty: the worker waits for them
  ssize_t sent = 0;
  do {
    sent = ::send(socket.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
}

std::string describe_end(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    const int number = WTERMSIG(wait_status);
    return fmt::format("died of signal {} ({})", number, strsignal(number));
  }
  return fmt::format("ended with exit status {}", WEXITSTATUS(wait_status));
}

}  // namespace muster::run
