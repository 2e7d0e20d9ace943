#include "process/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/clock.hpp"
#include "process/proc_fs.hpp"
#include "process/process_impl.hpp"

namespace muster::process {
namespace asio = boost::asio;
namespace {

/// How long a leaked child may hold the output of an ended program before we stop reading.
constexpr std::chrono::milliseconds drain_time{100};

/// How long the kernel may take to end what was sent KILL (it waits for uninterruptible I/O).
constexpr int kill_milliseconds = 2'000;

}  // namespace

std::shared_ptr<Process> Process::make(Setting setting, std::string name, Launched launched,
                                       std::shared_ptr<LogCapture> log,
                                       std::unique_ptr<NotifySocket> notify) {
  auto impl = std::make_unique<Impl>(std::move(setting), std::move(name), std::move(launched));
  impl->started_mono_ns = mono_ns();
  impl->log = std::move(log);
  impl->notify = std::move(notify);
  impl->watch.emplace(impl->setting.executor, impl->launched.pidfd.get());
  std::shared_ptr<Process> process(new Process(std::move(impl)));
  process->watch_exit();
  return process;
}

Process::Process(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Process::~Process() {
  // The descriptor is closed by its owner, once.
  if (impl_->watch) impl_->watch->release();
}

const std::string& Process::name() const {
  return impl_->name;
}
pid_t Process::pid() const {
  return impl_->launched.pid;
}
std::uint64_t Process::start_time() const {
  return impl_->launched.start_time;
}
std::int64_t Process::started_mono_ns() const {
  return impl_->started_mono_ns;
}
const std::optional<ExitStatus>& Process::exit_status() const {
  return impl_->status;
}
LogCapture& Process::log() {
  return *impl_->log;
}
const std::string& Process::mark() const {
  return impl_->setting.mark;
}
NotifySocket* Process::notify_socket() {
  return impl_->notify.get();
}
asio::any_io_executor Process::executor() const {
  return impl_->setting.executor;
}

State Process::state() const {
  if (!impl_->status) return State::running;
  return impl_->drained.is_set() ? State::drained : State::exited;
}

void Process::watch_exit() {
  impl_->watch->async_wait(asio::posix::stream_descriptor::wait_read,
                           [self = shared_from_this()](boost::system::error_code failed) {
                             if (failed) return;
                             if (!self->reap()) self->watch_exit();
                           });
}

bool Process::reap() {
  if (impl_->status) return true;
  impl_->status = impl_->setting.launcher->reap(impl_->launched.pidfd.get());
  if (!impl_->status) return false;
  impl_->watch->release();
  impl_->watch.reset();
  observe(impl_->status->signalled ? "signalled" : "exited", to_json(*impl_->status));
  impl_->exited.set();
  if (impl_->setting.on_exit) impl_->setting.on_exit();
  if (impl_->log->ended()) {
    impl_->drained.set();
  } else {
    asio::co_spawn(impl_->setting.executor, drain(shared_from_this()), asio::detached);
  }
  return true;
}

asio::awaitable<void> Process::drain(std::shared_ptr<Process> self) {
  Impl& impl = *self->impl_;
  bool whole = co_await impl.log->until_ended(std::chrono::steady_clock::now() + drain_time);
  if (!whole && impl.stopping) {
    // Its children have the grace to finish what they say.
    co_await impl.rest_ended.wait();
    whole = co_await impl.log->until_ended(std::chrono::steady_clock::now() + drain_time);
  }
  if (!whole && !impl.drained.is_set()) self->cut_output();
  impl.drained.set();
}

void Process::cut_output() {
  impl_->log->close();
  impl_->status->leaked = true;
  observe("leaked", {{"after_ms", drain_time.count()}}, "a child that outlived it held its output");
}

void Process::finish_now() {
  if (!impl_->status) wait_pidfd(impl_->launched.pidfd.get(), kill_milliseconds);
  reap();
  if (!impl_->status || impl_->drained.is_set()) return;
  impl_->log->close();
  impl_->drained.set();
}

asio::awaitable<ExitStatus> Process::wait() {
  const auto self = shared_from_this();
  co_await impl_->drained.wait();
  co_return *impl_->status;
}

bool Process::signal(int signal, bool group) {
  // Until it is reaped, its number is nobody else's.
  if (impl_->status) return false;
  impl_->setting.launcher->signal(impl_->launched, signal, group);
  observe("signal", {{"signal", signal_name(signal)}, {"group", group}});
  return true;
}

void Process::observe(const std::string& kind, Json data, std::string cause) {
  if (!impl_->setting.observer) return;
  data["pid"] = impl_->launched.pid;
  impl_->setting.observer->observe(
      observation("process", kind, impl_->name, std::move(data), std::move(cause)));
}

}  // namespace muster::process
