#include "app/watch_command.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "app/project_folder.hpp"
#include "app/run_arguments.hpp"
#include "app/watched_files.hpp"
#include "base/text.hpp"
#include "run/run_settings.hpp"
#include "run/selection.hpp"

namespace muster::app {
namespace {

namespace fs = std::filesystem;

constexpr int kInterrupted = 2;
/// One save of an editor is over when nothing has changed for so long.
constexpr std::chrono::milliseconds kQuiet{50};

/// The options of the command line as `muster run` takes them, without the paths.
std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> words;
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() == 0 || option->get_lnames().empty()) continue;
    const std::string& name = option->get_lnames().front();
    for (const std::string& value : option->results()) {
      if (option->get_items_expected_max() > 0) {
        words.push_back("--" + name + "=" + value);
      } else {
        words.push_back((value == "false" ? "--no-" : "--") + name);
      }
    }
  }
  return words;
}

/// Signals and keys while nothing runs, and the run that is under way.
class Rounds {
 public:
  Rounds(std::string runner, std::vector<std::string> options)
      : runner_(std::move(runner)), options_(std::move(options)) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &set, &before_);
    signals_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  }

  /// Runs `paths`; the exit code of the run.
  int run(const std::vector<std::string>& paths) {
    std::vector<std::string> words{runner_, "run"};
    words.insert(words.end(), options_.begin(), options_.end());
    words.insert(words.end(), paths.begin(), paths.end());
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // no run without the one who watches
      if (getppid() != parent) _exit(1);
      become(std::move(words));
      _exit(1);
    }
    if (pid < 0) {
      ::perror("muster: cannot run again");
      return 1;
    }
    return wait_for(pid);
  }

  /// Becomes the runner as it is now; comes back only when it cannot be executed.
  void become(std::vector<std::string> words) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
    ::execv(runner_.c_str(), argv.data());
    ::perror("muster: cannot run again");
  }

  enum class Why { changed, again, quit, interrupted };
  /// Until something changes, a key is pressed or a signal comes.
  Why wait(int changes) {
    for (;;) {
      std::array<pollfd, 3> all{{{changes, POLLIN, 0},
                                 {signals_.get(), POLLIN, 0},
                                 {keys_ ? STDIN_FILENO : -1, POLLIN, 0}}};
      if (::poll(all.data(), all.size(), -1) < 0) continue;
      if (all[1].revents != 0) return Why::interrupted;
      if (all[2].revents != 0) {
        char key = 0;
        keys_ = ::read(STDIN_FILENO, &key, 1) == 1;  // at its end there are no more
        if (keys_ && (key == 'q' || key == 'Q')) return Why::quit;
        if (keys_ && key == '\n') return Why::again;
      }
      if (all[0].revents != 0) return Why::changed;
    }
  }

  bool has_keys() const { return keys_; }

 private:
  int wait_for(pid_t pid) {
    const UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    for (bool over = !handle; !over;) {
      std::array<pollfd, 2> all{{{handle.get(), POLLIN, 0}, {signals_.get(), POLLIN, 0}}};
      if (::poll(all.data(), all.size(), -1) < 0) continue;
      signalfd_siginfo signal{};
      // Ctrl-C of a terminal goes to the run as well; what was sent to this process alone does not
      while (::read(signals_.get(), &signal, sizeof signal) == sizeof signal) {
        interrupted_ = true;
        if (signal.ssi_code != SI_KERNEL) ::kill(pid, static_cast<int>(signal.ssi_signo));
      }
      over = all[0].revents != 0;
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (interrupted_) return kInterrupted;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  }

  std::string runner_;
  std::vector<std::string> options_;
  sigset_t before_{};
  UniqueFd signals_;
  bool keys_ = true;
  bool interrupted_ = false;
};

/// What `muster run` would read: feature files below its paths, the settings, the runner itself.
Result<void> watch_all(WatchedFiles& files, const std::vector<std::string>& paths,
                       const std::vector<std::string>& whole) {
  const auto selection = run::select_files(paths);
  if (!selection) return selection.error();
  for (const std::string& path : paths) {
    std::error_code failed;
    if (fs::is_directory(path, failed)) files.add_folder(path);
  }
  for (const std::string& file : selection->files) files.add_file(file);
  for (const std::string& file : whole) files.add_file(file);
  return {};
}

/// The features among what has changed that are still there.
std::vector<std::string> features_to_run(const std::set<std::string>& changed) {
  std::vector<std::string> paths;
  std::error_code failed;
  std::copy_if(changed.begin(), changed.end(), std::back_inserter(paths),
               [&](const std::string& path) { return fs::exists(path, failed); });
  return paths;
}

std::vector<std::string> own_command_line() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

int watch_command(const RunArguments& arguments, const CLI::App& command) {
  const auto config = load_config(arguments.config, arguments.overrides(command));
  if (!config) return 1;
  const auto settings = run::read_run_settings(*config);
  const auto project = project_folder(arguments.project);
  const Error* problem = !settings ? &settings.error() : !project ? &project.error() : nullptr;
  if (problem != nullptr) {
    std::cerr << render(*problem);
    return 1;
  }
  // a runner that is built anew is another file at the same place
  std::error_code failed;
  const std::string runner = fs::read_symlink("/proc/self/exe", failed).string();
  WatchedFiles files;
  const auto watched = watch_all(
      files, settings->paths,
      {runner, arguments.config.file.empty() ? *project + "/muster.toml" : arguments.config.file});
  if (!watched) {
    std::cerr << render(watched.error());
    return 1;
  }
  Rounds rounds(runner, options_of(command));
  std::vector<std::string> paths = settings->paths;
  for (;;) {
    const int code = rounds.run(paths);
    if (code == kInterrupted) return code;
    std::cerr << "muster: " << (code == 0 ? "passed" : "failed") << "; waiting for a change"
              << (rounds.has_keys() ? " (Enter: all again, q: quit)" : "") << std::endl;
    for (bool waiting = true; waiting;) {
      waiting = false;
      switch (rounds.wait(files.fd())) {
        case Rounds::Why::interrupted:
          return kInterrupted;
        case Rounds::Why::quit:
          return code;
        case Rounds::Why::again:
          paths = settings->paths;
          break;
        case Rounds::Why::changed: {
          const std::set<std::string> changed = files.changed(kQuiet);
          waiting = changed.empty();
          if (waiting) break;
          std::cerr << "muster: changed: "
                    << printable(join({changed.begin(), changed.end()}, ", ")) << std::endl;
          // with the settings and the runner as they are now, all begins anew
          if (!std::all_of(changed.begin(), changed.end(), is_feature_file))
            rounds.become(own_command_line());
          paths = features_to_run(changed);
          waiting = paths.empty();
        }
      }
    }
  }
}

}  // namespace

Execute add_watch_command(CLI::App& app, const std::string& program) {
  auto shared = std::make_shared<RunArguments>();
  shared->program = program;
  auto* command = app.add_subcommand(
      "watch", "Runs scenarios, and again whenever features, settings or the runner change");
  declare_run_options(*command, *shared);
  command->footer(
      "A changed feature file is run alone; when muster.toml or the runner itself is new, all are. "
      "Takes the options of run. Enter runs all again, q quits with the last exit code.\n"
      "Example: muster watch features --tags 'not @slow'");
  return [shared, command] { return watch_command(*shared, *command); };
}

}  // namespace muster::app
