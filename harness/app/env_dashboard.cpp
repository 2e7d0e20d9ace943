// `muster env dashboard`.
#include <poll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

#include "app/env_commands.hpp"
#include "app/env_dashboard_view.hpp"
#include "app/env_interrupt.hpp"
#include "app/env_session.hpp"
#include "app/environment.hpp"
#include "artifacts/lock.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"

namespace muster::app {
namespace {

constexpr std::size_t kEvents = 8;

/// A line of events.jsonl for people.
std::string event_line(const std::string& text) {
  const auto json = parse_json(text);
  if (!json || !json->is_object()) return {};
  std::string line = string_at(*json, "timestamp");
  if (line.size() >= 19) line = line.substr(11, 8);
  line += " " + string_at(*json, "event");
  for (const char* member : {"service", "code", "reason"})
    if (const std::string value = string_at(*json, member); !value.empty()) line += " " + value;
  return line;
}

Result<DashboardData> saved(EnvSession& session) {
  auto state = session.state();
  if (!state) return state.error();
  const auto repository = session.repository();
  if (!repository) return repository.error();
  DashboardData data;
  data.title = session.root().value_or_throw();
  if (auto errors = (*repository)->errors_of(state->run_id))
    data.errors = std::move(errors->errors);
  if (const auto text = (*repository)->folder().read(artifacts::kEventsFile))
    for (const std::string& line : last_lines(*text, kEvents))
      if (std::string told = event_line(line); !told.empty()) data.events.push_back(told);
  const auto keeper = artifacts::Lock::holder((*repository)->locks(), "keeper");
  data.kept = keeper && *keeper;
  data.state = std::move(*state);
  return data;
}

/// The terminal while the view is on it: a screen of its own, keys without Enter. The destructor
/// gives it back as it was.
class Screen {
 public:
  Screen() {
    ::tcgetattr(STDIN_FILENO, &before_);
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    put("\x1b[?1049h\x1b[?25l");
  }
  ~Screen() {
    put("\x1b[?25h\x1b[?1049l");
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  static DashboardStyle style() {
    winsize size{};
    DashboardStyle made;
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
      made.width = size.ws_col;
      // the last line is the one with the keys
      made.height = size.ws_row > 4 ? size.ws_row - 1U : 4U;
    }
    made.colour = !environment_variable("NO_COLOR") && environment_variable("TERM") != "dumb";
    return made;
  }

  /// Draws over what stands there, so that nothing flickers.
  void show(const std::string& page) {
    std::string out = "\x1b[H";
    for (const std::string& line : split(page, '\n')) out += line + "\x1b[K\r\n";
    put(out + "q quits\x1b[K\x1b[J");
  }

 private:
  static void put(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
      if (written < 0) return;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  termios before_{};
};

/// What wakes the view: a key, a signal, something written into the folder of the scope, and once a
/// second, as ages grow.
class Wake {
 public:
  explicit Wake(const std::string& folder) : changes_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    if (changes_)
      ::inotify_add_watch(changes_.get(), folder.c_str(),
                          IN_MOVED_TO | IN_CLOSE_WRITE | IN_MODIFY | IN_DELETE);
  }

  enum class Why { drawn_anew, quit, interrupted };
  Why wait() {
    std::array<pollfd, 3> all{
        {{STDIN_FILENO, POLLIN, 0}, {interrupt_.fd(), POLLIN, 0}, {changes_.get(), POLLIN, 0}}};
    if (::poll(all.data(), all.size(), 1'000) <= 0) return Why::drawn_anew;
    if (all[1].revents != 0) return Why::interrupted;
    if (all[0].revents != 0) {
      std::array<char, 64> keys;
      const ssize_t got = ::read(STDIN_FILENO, keys.data(), keys.size());
      // the terminal has gone
      if (got == 0 && (all[0].revents & POLLHUP) != 0) return Why::quit;
      for (ssize_t i = 0; i < got; ++i) {
        const char key = keys[static_cast<std::size_t>(i)];
        if (key == 'q' || key == 'Q' || key == 4) return Why::quit;
      }
    }
    std::array<char, 4096> told;
    while (::read(changes_.get(), told.data(), told.size()) > 0) {
    }
    return Why::drawn_anew;
  }

 private:
  EnvInterrupt interrupt_;
  UniqueFd changes_;
};

EnvEnd live(EnvSession& session, DashboardData data) {
  Wake wake(session.scope_folder().value_or_throw());
  Screen screen;
  for (;;) {
    screen.show(draw_dashboard(data, Screen::style(), system_clock().wall()));
    const auto why = wake.wait();
    if (why == Wake::Why::interrupted) return env_interrupted();
    if (why == Wake::Why::quit) return env_done();
    // while it is written anew, or gone after a stop, what was last known stays
    if (auto next = saved(session)) data = std::move(*next);
  }
}

EnvEnd dashboard(EnvSession& session) {
  auto data = saved(session);
  if (!data) return env_failed(data.error());
  if (session.route().json) {
    Json errors = Json::array();
    for (const auto& failure : data->errors) errors.push_back(artifacts::to_json(failure));
    session.print(Json{{"state", artifacts::to_json(data->state)},
                       {"errors", std::move(errors)},
                       {"events", data->events},
                       {"kept", data->kept}});
    return env_done();
  }
  const bool terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
  if (terminal && !session.route().flag("once")) return live(session, std::move(*data));
  DashboardStyle style;
  style.width = 120;
  session.print(draw_dashboard(*data, style, system_clock().wall()));
  return env_done();
}

constexpr EnvOption kOptions[] = {
    {"--once", EnvKind::flag, "Prints it once, as it does where standard output is no terminal"},
};

}  // namespace

const EnvCommand kEnvDashboard{
    .name = "dashboard",
    .aliases = "dash",
    .family = EnvFamily::state,
    .about = "Shows services, requirements, errors and events as they were saved, live",
    .example = "muster env dashboard",
    .more = "Nothing is probed for it: muster env health asks the system. q quits.",
    .options = kOptions,
    .run = dashboard,
};

}  // namespace muster::app
