#include "environment/keeper.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <utility>

#include "artifacts/lock.hpp"
#include "base/ids.hpp"
#include "environment/control.hpp"
#include "environment/kept_project.hpp"
#include "process/engine.hpp"
#include "process/group.hpp"
#include "process/watchdog.hpp"

namespace muster::environment {
namespace asio = boost::asio;
namespace {

using std::chrono::milliseconds;
using Units = std::vector<std::shared_ptr<Unit>>;

/// Changes that come together are published together.
constexpr milliseconds kPublishDelay{20};
constexpr milliseconds kSweepTime{5'000};
/// How long who stops all for a new start has for taking over the ports.
constexpr milliseconds kLinger{2'000};

class Keeper {
 public:
  Keeper(const Blueprint& blueprint, const std::function<void(const Json&)>& report,
         std::string socket_directory)
      : blueprint_(blueprint),
        report_(report),
        socket_directory_(std::move(socket_directory)),
        starter_(io_),
        publishing_(io_),
        signals_(io_),
        gone_(io_.get_executor()) {}

  int run(process::Watchdog& watchdog, int starter) {
    watch_starter(starter);
    auto prepared = prepare(watchdog);
    if (!prepared) {
      say_failed(prepared.error());
      return 1;
    }
    bring_up(*prepared);
    asio::co_spawn(io_, starting(std::move(*prepared)), asio::detached);
    watch_signals();
    io_.run();
    // one that was being made while all was stopped
    if (const auto engine = net::parse_address(engine_))
      process::sweep_containers(*engine, blueprint_.run_id, kSweepTime);
    return failed_ ? 1 : 0;
  }

 private:
  struct Made {
    const KeptProject* project = nullptr;
    std::shared_ptr<Unit> unit;
  };

  Result<std::vector<Made>> prepare(process::Watchdog& watchdog) {
    auto repository = artifacts::Repository::open(blueprint_.runtime_directory, blueprint_.scope);
    if (!repository) return repository.error();
    repository_ = std::move(*repository);
    if (!blueprint_.compat_root.empty()) {
      if (auto mirrored = repository_->mirror_in(blueprint_.compat_root); !mirrored)
        return mirrored.error();
    }
    auto lock =
        artifacts::Lock::take(repository_->locks(), "keeper",
                              {::getpid(), "env keeper", to_rfc3339(system_clock().wall())});
    if (!lock) return lock.error();
    lock_ = std::move(*lock);
    auto events = repository_->begin(blueprint_.run_id, "trace-" + blueprint_.run_id);
    if (!events) return events.error();
    events_.emplace(std::move(*events));
    report_({{"event", "keeper.started"}, {"pid", ::getpid()}, {"run_id", blueprint_.run_id}});

    process::GroupOptions options;
    options.run_id = blueprint_.run_id;
    options.id = "environment";
    options.log_dir = repository_->run_path(blueprint_.run_id);
    options.socket_dir = socket_directory_;
    auto group = process::Group::create(io_.get_executor(), std::move(options));
    if (!group) return group.error();
    group_ = std::move(*group);
    if (auto added = watchdog.add(group_->record()); !added) return added.error();

    std::vector<Made> made;
    for (const ProjectPlan& plan : blueprint_.projects) {
      Surroundings around;
      around.group = group_.get();
      around.executor = io_.get_executor();
      around.scope = &repository_->folder();
      around.scope_name = blueprint_.scope;
      around.run_id = blueprint_.run_id;
      around.announce_engine = [this, &watchdog](const std::string& address) {
        engine_ = address;
        if (auto told = watchdog.add_engine(address); !told && problem_.empty())
          problem_ = told.error().message;
      };
      around.tell = [this, &plan](const std::string& event, const Unit& unit, Json data) {
        data["service"] = display_name(plan.name, unit.spec.name);
        if (unit.requirement) data["requirement"] = unit.requirement->spec.kind;
        happened(event, std::move(data));
      };
      projects_.push_back(
          std::make_unique<KeptProject>(plan, blueprint_.variables, std::move(around)));
      auto units = projects_.back()->prepare();
      if (!units) return units.error();
      for (auto& unit : *units) made.push_back({projects_.back().get(), std::move(unit)});
    }
    auto door = ControlDoor::open(io_.get_executor(), repository_->folder(), socket_directory_,
                                  [this](Json request, ControlDoor::Say say) {
                                    return answer(std::move(request), std::move(say));
                                  });
    if (!door) return door.error();
    door_.emplace(std::move(*door));
    return made;
  }

  void bring_up(const std::vector<Made>& made) {
    for (const Made& each : made) {
      ++running_;
      asio::co_spawn(io_, supervise(each.unit, each.project->around()),
                     [this](std::exception_ptr) { one_has_ended(); });
    }
  }

  void happened(const std::string& event, Json data) {
    Json step = data;
    step["event"] = event;
    step["mono_ns"] = mono_ns();
    if (!started_) report_(step);
    for (const ControlDoor::Say* listener : listeners_) (*listener)(step);
    const char* phase = ending_ ? "stop" : started_ ? "runtime" : "startup";
    if (auto added = events_->add(event, phase, data); !added && problem_.empty())
      problem_ = added.error().message;
    publish_soon();
  }

  void publish_soon() {
    if (publish_planned_ || !started_ || ending_) return;
    publish_planned_ = true;
    publishing_.expires_after(kPublishDelay);
    publishing_.async_wait([this](boost::system::error_code cancelled) {
      publish_planned_ = false;
      if (!cancelled) publish();
    });
  }

  void publish() {
    artifacts::Publication made = publication();
    if (auto published = repository_->publish(made); !published && problem_.empty())
      problem_ = published.error().message;
  }

  artifacts::Publication publication() const {
    return publication_of(blueprint_, projects_, process::to_string(group_->record().backend));
  }

  /// What became of units that were to come up.
  struct Outcome {
    std::optional<artifacts::Failure> first;
    bool critical = false;
  };
  static asio::awaitable<Outcome> decided(std::vector<Made> made) {
    Outcome outcome;
    for (const Made& each : made) co_await each.unit->ready.decided();
    for (const Made& each : made) {
      if (!each.unit->failure) continue;
      const bool critical = each.unit->spec.critical;
      if (!outcome.first || (critical && !outcome.critical)) {
        outcome.first = each.unit->failure;
        outcome.first->subject = display_name(each.project->plan().name, each.unit->spec.name);
      }
      outcome.critical = outcome.critical || critical;
    }
    co_return outcome;
  }

  /// Until it is known of each service whether it is up; then the caller of the start is told. A
  /// start that failed leaves nothing behind, unless that is wanted.
  asio::awaitable<void> starting(std::vector<Made> made) {
    const Outcome outcome = co_await decided(std::move(made));
    failed_ = outcome.critical;
    if (ending_) {
      // somebody ended it before it was up
      co_await gone_.wait();
    } else if (failed_ && !blueprint_.keep_partial) {
      co_await shut_down();
    } else {
      publish();
    }
    const bool over = ending_;
    started_ = true;
    if (starter_.is_open()) starter_.close();
    Json last{{"event", failed_ || over ? "failed" : "up"},
              {"run_id", blueprint_.run_id},
              {"keeper_pid", ::getpid()}};
    if (outcome.first) last["failure"] = artifacts::to_json(*outcome.first);
    if (!problem_.empty()) last["problem"] = problem_;
    report_(last);
    // those who asked for the end get their answer first
    if (over)
      asio::post(io_, [this] { leave(); });
    else
      end_when_all_have_ended();
  }

  void say_failed(const Error& why) {
    report_(
        {{"event", "failed"},
         {"failure",
          {{"code", why.code}, {"message", why.message}, {"hint", why.hint}, {"subject", ""}}}});
  }

  asio::awaitable<Json> answer(Json request, ControlDoor::Say say) {
    const std::string what = string_at(request, "do");
    Json reply;
    const auto listening = listeners_.insert(listeners_.end(), &say);
    if (what == "status") {
      reply = status();
    } else if (what == "stop") {
      co_await stop_named(request);
      reply = status();
    } else if (what == "start") {
      reply = co_await start_named(request);
    } else if (what == "variables") {
      reply = variables();
    } else if (what == "shutdown") {
      co_await shut_down();
      reply = {
          {"ok", true}, {"pid", ::getpid()}, {"run_id", blueprint_.run_id}, {"leaked", leaked_}};
      // a start that waits for its outcome says it first, and leaves then
      if (started_) leave_after(request.value("linger", false) ? kLinger : milliseconds(0));
    } else if (what == "leave" && ending_ && started_) {
      reply = {{"ok", true}};
      leave_after(milliseconds(0));
    } else {
      reply = {{"ok", false}, {"error", "the keeper does not know how to " + what}};
    }
    listeners_.erase(listening);
    end_when_all_have_ended();
    co_return reply;
  }

  Json status() const {
    return {{"ok", true},
            {"pid", ::getpid()},
            {"run_id", blueprint_.run_id},
            {"state", artifacts::to_json(publication().state)},
            {"problem", problem_}};
  }

  /// What requirements give to programs of each project. Passwords are in it: it goes to the same
  /// user only, and into no file.
  Json variables() const {
    Json reply{{"ok", true}, {"variables", Json::object()}};
    for (const auto& project : projects_)
      reply["variables"][project->plan().name] = requirement_variables(project->around());
    return reply;
  }

  /// The services that a request names by display name, or all.
  std::vector<Made> named(const Json& request) const {
    const Json names = request.value("services", Json::array());
    std::vector<Made> found;
    for (const auto& project : projects_) {
      for (const auto& [name, unit] : project->units()) {
        const std::string shown = display_name(project->plan().name, name);
        if (names.empty() || std::find(names.begin(), names.end(), shown) != names.end())
          found.push_back({project.get(), unit});
      }
    }
    return found;
  }

  asio::awaitable<void> stop_named(Json request) {
    for (const Made& each : named(request)) co_await stop(each.unit, each.project->around());
    publish();
  }

  /// Starts what is named and not running, with what it needs; all that was selected when nothing
  /// is named. `restart` ends it first. What has completed is left alone unless it is named.
  asio::awaitable<Json> start_named(Json request) {
    const Json names = request.value("services", Json::array());
    if (request.value("restart", false)) {
      co_await stop_named(request);
      // only what nobody supervises any more can be started anew
      for (const Made& each : named(request)) co_await each.unit->left.wait();
    }
    std::vector<Made> made;
    std::optional<Error> problem;
    for (const auto& project : projects_) {
      auto needed = project->prepare_requirements();
      if (!needed) {
        problem = needed.error();
        break;
      }
      for (auto& unit : *needed) made.push_back({project.get(), std::move(unit)});
      std::vector<std::string> wanted;
      for (const services::ServiceSpec& spec : project->plan().services) {
        const std::string shown = display_name(project->plan().name, spec.name);
        const auto unit = project->unit(spec.name);
        const bool named = std::find(names.begin(), names.end(), shown) != names.end();
        const bool missing = names.empty() && unit && unit->over() && !unit->finished();
        if (named || missing) wanted.push_back(spec.name);
      }
      if (wanted.empty()) continue;
      auto units = project->prepare(wanted);
      if (!units) {
        problem = units.error();
        break;
      }
      for (auto& unit : *units) made.push_back({project.get(), std::move(unit)});
    }
    Json reply = Json::object();
    if (problem) {
      reply = {{"ok", true},
               {"failure",
                {{"code", problem->code}, {"message", problem->message}, {"hint", problem->hint}}}};
      co_return reply;
    }
    bring_up(made);
    Json started = Json::array();
    for (const Made& each : made)
      started.push_back(display_name(each.project->plan().name, each.unit->spec.name));
    const Outcome outcome = co_await decided(std::move(made));
    publish();
    reply = status();
    reply["started"] = std::move(started);
    reply["up"] = !outcome.critical;
    if (outcome.first) reply["failure"] = artifacts::to_json(*outcome.first);
    co_return reply;
  }

  /// Everything is stopped, last started first, projects side by side, and the last state is
  /// published. Whoever comes second waits for the first.
  asio::awaitable<void> shut_down() {
    if (ending_) {
      co_await gone_.wait();
      co_return;
    }
    ending_ = true;
    publishing_.cancel();
    process::Latch ended(io_.get_executor());
    std::size_t left = projects_.size();
    for (const auto& project : projects_) {
      asio::co_spawn(io_, stop_project(*project), [&](std::exception_ptr) {
        if (--left == 0) ended.set();
      });
    }
    if (left > 0) co_await ended.wait();
    const process::GroupEnd end = co_await group_->end(milliseconds(0));
    leaked_ = end.leaked.size();
    happened("environment.stopped", {{"leaked", leaked_}});
    publish();
    gone_.set();
  }

  static asio::awaitable<void> stop_project(const KeptProject& project) {
    for (const auto* units : {&project.units(), &project.requirements()})
      for (const auto& [name, unit] : *units) unit->stopping = true;
    const auto order = services::start_order(project.plan().services);
    if (!order) co_return;
    for (auto name = order->rbegin(); name != order->rend(); ++name) {
      if (const std::shared_ptr<Unit> unit = project.unit(*name))
        co_await stop(unit, project.around());
    }
    // what everything needs goes last
    for (const auto& [id, needed] : project.requirements()) {
      const std::shared_ptr<Unit> unit = needed;
      co_await stop(unit, project.around());
    }
  }

  void one_has_ended() {
    --running_;
    end_when_all_have_ended();
  }

  /// Nothing lives any more: there is nothing to keep.
  void end_when_all_have_ended() {
    if (running_ > 0 || !started_ || ending_ || !listeners_.empty()) return;
    asio::co_spawn(io_, shut_down(), [this](std::exception_ptr) { leave(); });
  }

  void watch_signals() {
    signals_.add(SIGTERM);
    signals_.add(SIGINT);
    signals_.async_wait([this](boost::system::error_code cancelled, int) {
      if (cancelled) return;
      asio::co_spawn(io_, shut_down(), [this](std::exception_ptr) {
        if (started_) leave();
      });
    });
  }

  /// A start whose starter was killed is given up.
  void watch_starter(int starter) {
    if (starter < 0) return;
    starter_.assign(::dup(starter));
    starter_.async_wait(asio::posix::stream_descriptor::wait_error,
                        [this](boost::system::error_code cancelled) {
                          if (cancelled || started_) return;
                          asio::co_spawn(io_, shut_down(), asio::detached);
                        });
  }

  /// Held ports are let go then. Whoever asked for an answer gets it first.
  void leave_after(milliseconds time) {
    publishing_.expires_after(time);
    publishing_.async_wait([this](boost::system::error_code cancelled) {
      if (!cancelled) leave();
    });
  }

  void leave() {
    door_.reset();
    io_.stop();
  }

  const Blueprint& blueprint_;
  const std::function<void(const Json&)>& report_;
  const std::string socket_directory_;
  asio::io_context io_{1};
  asio::posix::stream_descriptor starter_;
  asio::steady_timer publishing_;
  asio::signal_set signals_;
  process::Latch gone_;  ///< everything has been stopped
  std::optional<artifacts::Repository> repository_;
  std::optional<artifacts::Lock> lock_;
  std::optional<artifacts::EventLog> events_;
  std::unique_ptr<process::Group> group_;
  std::vector<std::unique_ptr<KeptProject>> projects_;
  std::list<const ControlDoor::Say*> listeners_;  ///< those who asked for something just now
  std::optional<ControlDoor> door_;
  std::size_t running_ = 0;
  std::size_t leaked_ = 0;
  std::string engine_;   ///< where there may be containers of ours; empty: nowhere
  std::string problem_;  ///< of writing artifacts, the first
  bool publish_planned_ = false;
  bool started_ = false;
  bool failed_ = false;
  bool ending_ = false;
};

/// Paths of sockets are short, so they do not lie in the run's folder. Made once there is a
/// watchdog that takes it away.
Result<void> make_socket_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return {};
  return error("socket_directory", "can not make " + path);
}

Json failed(const Error& why) {
  return {{"event", "failed"},
          {"failure", {{"code", why.code}, {"message", why.message}, {"hint", why.hint}}}};
}

}  // namespace

int keep(const Blueprint& blueprint, const std::function<void(const Json&)>& report, int starter) {
  const std::string sockets =
      std::filesystem::temp_directory_path().string() + "/muster-env-" + random_hex(8);
  auto watchdog = process::start_watchdog(blueprint.run_id, sockets);
  if (!watchdog) {
    report(failed(watchdog.error()));
    return 1;
  }
  if (const auto made = make_socket_directory(sockets); !made) {
    report(failed(made.error()));
    return 1;
  }
  const int code = Keeper(blueprint, report, sockets).run(*watchdog, starter);
  watchdog->done();
  std::error_code ignored;
  std::filesystem::remove_all(sockets, ignored);
  return code;
}

}  // namespace muster::environment
