#include "process/network.hpp"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <thread>

namespace muster::process {
namespace {

constexpr const char* own_network = "/proc/thread-self/ns/net";

Error unavailable(const std::string& step, int os_error) {
  return error("network_unavailable",
               "no network namespace: " + step + " failed: " + ::strerror(os_error),
               "it takes root, or a user namespace");
}

/// 0 or errno.
int bring_loopback_up() {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return errno;
  ifreq request{};
  ::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  return ::ioctl(socket.get(), SIOCSIFFLAGS, &request) == 0 ? 0 : errno;
}

}  // namespace

Result<Network> Network::make() {
  UniqueFd made;
  std::string step;
  int failed = 0;
  // in a thread of its own, which ends with it
  std::thread maker([&] {
    step = "unshare";
    if (::unshare(CLONE_NEWNET) != 0) {
      failed = errno;
      return;
    }
    step = "bringing loopback up";
    failed = bring_loopback_up();
    if (failed != 0) return;
    made = UniqueFd(::open(own_network, O_RDONLY | O_CLOEXEC));
    if (!made) failed = errno;
  });
  maker.join();
  if (failed != 0) return unavailable(step, failed);
  return Network(std::move(made));
}

Result<void> Network::enter() const {
  if (::setns(fd_.get(), CLONE_NEWNET) != 0) return unavailable("entering it", errno);
  return {};
}

Result<NetworkVisit> NetworkVisit::begin(const Network& network) {
  UniqueFd home(::open(own_network, O_RDONLY | O_CLOEXEC));
  if (!home) return unavailable("looking where we are", errno);
  if (auto entered = network.enter(); !entered) return entered.error();
  return NetworkVisit(Network(std::move(home)));
}

NetworkVisit::~NetworkVisit() {
  // one that was moved from has no home
  if (home_.fd() >= 0) (void)home_.enter();
}

}  // namespace muster::process
