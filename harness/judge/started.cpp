#include "judge/started.hpp"

#include <signal.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "net/io_thread.hpp"
#include "process/group.hpp"
#include "process/log_capture.hpp"
#include "process/process.hpp"

namespace muster::judge {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kStopWithin{6'000};
constexpr std::size_t kLines = 10'000;  ///< kept of each stream

}  // namespace

struct Started::Impl {
  Impl(net::IoThread& its_io, std::shared_ptr<process::Process> its_process)
      : io(its_io), process(std::move(its_process)) {
    subscription = io.on([this] {
      return process->log().subscribe([this](const process::LogLine& line) { keep(line); }, true);
    });
    io.on(
        [this] { asio::co_spawn(io.executor(), watch(this, process), [](std::exception_ptr) {}); });
  }

  ~Impl() {
    io.on([this] {
      process->log().unsubscribe(subscription);
      *alive = false;
    });
  }

  static asio::awaitable<void> watch(Impl* self, std::shared_ptr<process::Process> process) {
    const auto alive = self->alive;
    const process::ExitStatus status = co_await process->wait();
    if (!*alive) co_return;
    const std::lock_guard lock(self->mutex);
    self->exit = status;
    self->changed.notify_all();
  }

  void keep(const process::LogLine& line) {
    const std::lock_guard lock(mutex);
    auto& lines = line.stream == process::Stream::out ? out : err;
    if (lines.size() < kLines) lines.emplace_back(line.text);
    changed.notify_all();
  }

  net::IoThread& io;
  std::shared_ptr<process::Process> process;
  int subscription = 0;
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);  ///< io thread only
  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  std::vector<std::string> out, err;
  std::optional<process::ExitStatus> exit;
};

Started::Started(net::IoThread& io, std::shared_ptr<process::Process> process)
    : impl_(std::make_unique<Impl>(io, std::move(process))) {}
Started::Started() = default;
Started::~Started() = default;

Result<void> Started::until_ready(process::Ready ready, milliseconds within) {
  if (!impl_) return {};
  const auto up = impl_->io.await(process::until_ready(*impl_->process, std::move(ready), within));
  if (!up) return up.error();
  return {};
}

void Started::signal(int number) {
  if (impl_) impl_->io.on([&] { impl_->process->signal(number, /*group=*/false); });
}

std::optional<process::ExitStatus> Started::wait(milliseconds within) {
  if (!impl_) return std::nullopt;
  std::unique_lock lock(impl_->mutex);
  impl_->changed.wait_for(lock, within, [this] { return impl_->exit.has_value(); });
  return impl_->exit;
}

std::optional<process::ExitStatus> Started::stop() {
  signal(SIGTERM);
  auto exit = wait(kStopWithin);
  if (!exit) kill();
  return exit;
}

void Started::kill() {
  signal(SIGKILL);
  wait(kStopWithin);
}

std::vector<std::string> Started::out() const {
  if (!impl_) return {};
  const std::lock_guard lock(impl_->mutex);
  return impl_->out;
}

std::vector<std::string> Started::err() const {
  if (!impl_) return {};
  const std::lock_guard lock(impl_->mutex);
  return impl_->err;
}

Json Started::line(const std::string& event, milliseconds within) const {
  if (!impl_) return nullptr;
  Json found;
  std::size_t seen = 0;
  std::unique_lock lock(impl_->mutex);
  impl_->changed.wait_for(lock, within, [&] {
    for (; seen < impl_->out.size() && found.is_null(); ++seen) {
      const auto json = parse_json(impl_->out[seen]);
      if (json && json->is_object() && string_at(*json, "event") == event) found = *json;
    }
    return !found.is_null() || impl_->exit.has_value();
  });
  return found;
}

std::string Started::last_words() const {
  std::vector<std::string> lines = out();
  for (const std::string& line : err()) lines.push_back(line);
  if (lines.size() > 4) lines.erase(lines.begin(), lines.end() - 4);
  for (std::string& line : lines) line = shorten(line, 300);
  return lines.empty() ? "it said nothing" : "it said: " + join(lines, " | ");
}

struct Crew::Impl {
  explicit Impl(net::IoThread& its_io) : io(its_io) {}
  net::IoThread& io;
  std::unique_ptr<process::Group> group;
};

Crew::Crew(net::IoThread& io, std::string folder) : impl_(std::make_unique<Impl>(io)) {
  process::GroupOptions options;
  options.run_id = "judge-" + random_hex(6);
  options.id = "g" + random_hex(6);
  options.socket_dir = std::move(folder);
  impl_->group = io.on([&] {
                     return process::Group::create(io.executor(), std::move(options));
                   }).value_or_throw();
}

Crew::~Crew() {
  // what is still there has been judged: no grace
  impl_->io.await(impl_->group->end(milliseconds(0)));
  impl_->io.on([this] { impl_->group.reset(); });
}

Result<std::unique_ptr<Started>> Crew::spawn(process::LaunchSpec spec, bool notify) {
  auto spawned = impl_->io.on([&] { return impl_->group->spawn(std::move(spec), notify); });
  if (!spawned) return spawned.error();
  return std::make_unique<Started>(impl_->io, std::move(*spawned));
}

}  // namespace muster::judge
