#include "process/path_watch.hpp"

#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/query.hpp>
#include <cerrno>
#include <map>
#include <optional>

namespace muster::process {
namespace asio = boost::asio;

struct PathWatch::Entry {
  std::weak_ptr<int> alive;  ///< expires with the service, that is with the io_context
  Service* service = nullptr;
  int watch = -1;
  int number = 0;
  ~Entry();
};

struct PathWatch::Service : asio::execution_context::service {
  using key_type = Service;
  static asio::execution_context::id id;

  explicit Service(asio::execution_context& context) : service(context) {}

  void shutdown() override {
    alive.reset();
    descriptor.reset();
  }

  /// 0 or errno.
  int open(const asio::any_io_executor& executor) {
    if (descriptor) return 0;
    const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0) return errno;
    descriptor.emplace(executor, fd);
    arm();
    return 0;
  }

  void arm() {
    descriptor->async_wait(asio::posix::stream_descriptor::wait_read,
                           [this](boost::system::error_code failed) {
                             if (failed) return;
                             receive();
                             arm();
                           });
  }

  void receive() {
    alignas(inotify_event) char buffer[16 * 1024];
    std::map<int, bool> touched;
    for (;;) {
      const ssize_t got = ::read(descriptor->native_handle(), buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      for (ssize_t at = 0; at < got;) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
        touched[event->wd] = true;
        at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      }
    }
    const bool overflow = touched.contains(-1);
    // A callback may add and remove entries.
    const auto current = listeners;
    for (const auto& [at, changed] : current) {
      if ((overflow || touched.contains(at.first)) && listeners.contains(at)) (*changed)();
    }
  }

  void remove(int watch, int number) {
    listeners.erase({watch, number});
    const auto next = listeners.lower_bound({watch, 0});
    if (next != listeners.end() && next->first.first == watch) return;
    ::inotify_rm_watch(descriptor->native_handle(), watch);
  }

  std::shared_ptr<int> alive = std::make_shared<int>(0);
  std::optional<asio::posix::stream_descriptor> descriptor;
  std::map<std::pair<int, int>, std::shared_ptr<std::function<void()>>> listeners;
  int next_number = 1;
};

asio::execution_context::id PathWatch::Service::id;

PathWatch::Entry::~Entry() {
  if (!alive.expired()) service->remove(watch, number);
}

Result<PathWatch> PathWatch::make(asio::any_io_executor executor, const std::string& directory,
                                  std::function<void()> changed) {
  auto& context = asio::query(executor, asio::execution::context);
  Service& service = asio::use_service<Service>(context);
  const auto failed = [&directory](int os_error) {
    return error("watch_failed", "cannot watch " + directory + ": " + ::strerror(os_error));
  };
  if (const int os_error = service.open(executor)) return failed(os_error);
  const int watch = ::inotify_add_watch(service.descriptor->native_handle(), directory.c_str(),
                                        IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
  if (watch < 0) return failed(errno);
  auto entry = std::make_unique<Entry>();
  entry->alive = service.alive;
  entry->service = &service;
  entry->watch = watch;
  entry->number = service.next_number++;
  service.listeners[{watch, entry->number}] =
      std::make_shared<std::function<void()>>(std::move(changed));
  return PathWatch(std::move(entry));
}

PathWatch::PathWatch(std::unique_ptr<Entry> entry) : entry_(std::move(entry)) {}
PathWatch::PathWatch(PathWatch&&) noexcept = default;
PathWatch& PathWatch::operator=(PathWatch&&) noexcept = default;
PathWatch::~PathWatch() = default;

}  // namespace muster::process
