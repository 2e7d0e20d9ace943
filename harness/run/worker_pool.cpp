#include "run/worker_pool.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace muster::run {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

/// How often the rings are looked into while workers speak.
constexpr std::chrono::milliseconds kLookAgain{5};

std::pair<UniqueFd, UniqueFd> pipe_pair() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe");
  }
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

}  // namespace

WorkerPool::WorkerPool(asio::io_context& context, Listener& listener)
    : context_(context), listener_(listener), poll_(context) {}

WorkerLink& WorkerPool::add(std::vector<UniqueFd>& descriptors) {
  auto [ours, theirs] = stream_pair();
  UniqueFd memory = WorkerMemory::make();
  auto [output_end, output] = pipe_pair();
  UniqueFd same_end(fcntl(output_end.get(), F_DUPFD_CLOEXEC, 0));
  WorkerLink& made = workers_.emplace_back(context_, next_++, std::move(ours), memory.get(),
                                           std::move(output_end));
  for (UniqueFd* each : {&theirs, &memory, &output, &same_end}) {
    descriptors.push_back(std::move(*each));
  }
  return made;
}

WorkerLink* WorkerPool::find(std::uint32_t id) {
  const auto found = std::find_if(workers_.begin(), workers_.end(),
                                  [&](const WorkerLink& worker) { return worker.id == id; });
  return found == workers_.end() ? nullptr : &*found;
}

void WorkerPool::remove(std::uint32_t id) {
  workers_.remove_if([&](const WorkerLink& worker) { return worker.id == id; });
}

void WorkerPool::listen(WorkerLink& worker) {
  if (worker.memory.ring.fall_asleep()) {
    wait_for_bell(worker);
    return;
  }
  wait_for_bell(worker);
  worker.awake = true;
  poll();
}

void WorkerPool::wait_for_bell(WorkerLink& worker) {
  worker.socket.async_wait(
      asio::socket_base::wait_read, [this, id = worker.id](error_code failure) {
        WorkerLink* link = find(id);
        if (failure || link == nullptr) return;
        char bells[64];
        const ssize_t n = recv(link->socket.native_handle(), bells, sizeof bells, MSG_DONTWAIT);
        link->awake = true;
        drain(*link);
        poll();
        // at its end the socket says nothing more: the worker's death is the zygote's to tell
        if (WorkerLink* still = n == 0 ? nullptr : find(id)) wait_for_bell(*still);
      });
}

void WorkerPool::poll() {
  if (polling_) return;
  polling_ = true;
  poll_.expires_after(kLookAgain);
  poll_.async_wait([this](error_code failure) {
    polling_ = false;
    if (failure) return;
    bool any = false;
    for (auto it = workers_.begin(); it != workers_.end();) {
      WorkerLink& worker = *it++;  // what it says may be its last
      if (!worker.awake) continue;
      const std::uint32_t id = worker.id;
      const std::size_t before = worker.splitter.fed();
      drain(worker);
      WorkerLink* link = find(id);
      if (link == nullptr) continue;
      // nothing came for a while: let it ring
      if (link->splitter.fed() == before && link->memory.ring.fall_asleep()) {
        link->awake = false;
      } else {
        any = true;
      }
    }
    if (any) {
      poll();
    } else {
      listener_.quiet();
    }
  });
}

void WorkerPool::drain(WorkerLink& worker) {
  try {
    worker.splitter.take_from(worker.memory.ring);
    while (auto encoded = worker.splitter.next()) {
      const std::string_view bytes = std::move(*encoded).value_or_throw();
      listener_.frame(worker, decode(bytes).value_or_throw(), bytes);
    }
  } catch (const std::exception& failure) {
    listener_.broken(worker, failure.what());
  }
}

void WorkerPool::expect(WorkerLink& worker, std::chrono::milliseconds within) {
  worker.expected = steps::Deadline(Clock::now() + within);
  if (!worker.overdue_armed || worker.overdue.expiry() > worker.expected.at()) watch(worker);
}

void WorkerPool::expect_nothing(WorkerLink& worker) {
  worker.expected = steps::Deadline(Clock::time_point::max());
}

void WorkerPool::watch(WorkerLink& worker) {
  worker.overdue_armed = true;
  worker.overdue.expires_at(worker.expected.at());
  worker.overdue.async_wait([this, id = worker.id](error_code failure) {
    WorkerLink* link = find(id);
    if (failure || link == nullptr) return;
    link->overdue_armed = false;
    if (link->expected.at() == Clock::time_point::max()) return;
    drain(*link);  // what it said and nobody has read yet
    link = find(id);
    if (link == nullptr || link->overdue_armed) return;
    if (link->expected.passed()) {
      listener_.overdue(*link);
    } else if (link->expected.at() != Clock::time_point::max()) {
      watch(*link);
    }
  });
}

}  // namespace muster::run
