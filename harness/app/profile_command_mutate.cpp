#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>
#include <thread>

#include "app/data_output.hpp"
#include "app/profile_command.hpp"
#include "app/profile_features.hpp"
#include "app/profile_project.hpp"
#include "app/scratch_directory.hpp"
#include "base/text.hpp"
#include "profile/mutate.hpp"

namespace muster::app {
namespace {

namespace fs = std::filesystem;
using profile::Mutant;

constexpr int kFailure = 1;
constexpr int kInterrupted = 2;

struct MutateArguments {
  std::vector<std::string> features;
  std::string project;
  std::string tier = "0";
  std::vector<std::string> only;
  int jobs = 0;
  int timeout = 60;
  bool list = false;
  bool json = false;
};

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

void interrupt(int) {
  interrupted = true;
}

/// While it lives, SIGINT and SIGTERM end the plays instead of this process, so that nothing of
/// them stays behind.
class Interruptible {
 public:
  Interruptible() {
    struct sigaction action {};
    action.sa_handler = interrupt;
    sigaction(SIGINT, &action, &before_[0]);
    sigaction(SIGTERM, &action, &before_[1]);
  }
  ~Interruptible() {
    sigaction(SIGINT, &before_[0], nullptr);
    sigaction(SIGTERM, &before_[1], nullptr);
  }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  struct sigaction before_[2]{};
};

int fail(const Error& problem) {
  std::cerr << render(problem);
  return problem.code == "interrupted" ? kInterrupted : kFailure;
}

Result<std::vector<Mutant>> chosen_mutants(const profile::Original& original,
                                           const std::vector<std::string>& only) {
  auto mutants = profile::mutants_of(original);
  if (!mutants) return mutants.error();
  if (!only.empty()) {
    std::erase_if(*mutants, [&](const Mutant& mutant) {
      return std::none_of(only.begin(), only.end(), [&](const std::string& pattern) {
        return glob_match(pattern, mutant.name()) || pattern == mutant.kind;
      });
    });
  }
  if (mutants->empty()) {
    return error(
        "no_mutants",
        only.empty() ? "the project has nothing that could be broken" : "no mutant is called so",
        "muster profile mutate --list");
  }
  return mutants;
}

int list_mutants(const std::vector<Mutant>& mutants, bool json) {
  DataOutput out;
  Json list = Json::array();
  for (const Mutant& mutant : mutants) {
    if (json) {
      list.push_back({{"name", mutant.name()},
                      {"kind", mutant.kind},
                      {"subject", mutant.subject},
                      {"what", mutant.what},
                      {"checks", mutant.checks}});
    } else {
      out.pending() += printable(mutant.name() + "  " + mutant.what) + "\n";
    }
  }
  if (json) out.pending() += dump_json(list) + "\n";
  const auto written = out.finish();
  return written ? 0 : fail(written.error());
}

/// A line that is written over on a terminal; elsewhere one for each mutant.
profile::Progress progress_on_stderr(std::size_t all) {
  const bool terminal = isatty(STDERR_FILENO) == 1;
  auto wrong = std::make_shared<std::size_t>(0);
  return [terminal, all, wrong](const Mutant& mutant, const profile::Outcome& outcome,
                                std::size_t done) {
    if (outcome.verdict != profile::Verdict::named) ++*wrong;
    const std::string counter = "mutants " + std::to_string(done) + "/" + std::to_string(all);
    if (terminal) {
      std::cerr << '\r' << counter << ", " << *wrong << " not named\x1b[K" << std::flush;
      if (done == all) std::cerr << '\n';
    } else {
      std::cerr << counter << ": " << profile::name_of(outcome.verdict) << "  "
                << printable(mutant.name()) << "  " << outcome.duration.count() << " ms\n";
    }
  };
}

int play(const profile::Original& original, const std::vector<Mutant>& mutants,
         const MutateArguments& arguments, const ProfileFeatures& features) {
  auto scratch = ScratchDirectory::make();
  if (!scratch) return fail(scratch.error());
  profile::MutateOptions options;
  options.program = fs::read_symlink("/proc/self/exe").string();
  for (const std::string& path : features.paths)
    options.features.push_back(fs::absolute(path).lexically_normal().string());
  options.tier = arguments.tier;
  options.jobs = arguments.jobs > 0 ? static_cast<unsigned>(arguments.jobs)
                                    : std::max(1U, std::thread::hardware_concurrency());
  options.timeout = std::chrono::seconds(arguments.timeout);
  options.scratch = scratch->path();
  options.stop = &interrupted;
  const Interruptible interruptible;
  const auto outcomes =
      profile::play_mutants(original, mutants, options, progress_on_stderr(mutants.size()));
  if (!outcomes) return fail(outcomes.error());
  const Json json = profile::to_json(mutants, *outcomes);
  DataOutput out;
  out.pending() = arguments.json ? dump_json(json) + "\n" : profile::render(mutants, *outcomes);
  if (const auto written = out.finish(); !written) return fail(written.error());
  return json.at("ok").get<bool>() ? 0 : kFailure;
}

int mutate_command(const MutateArguments& arguments) {
  const auto project = project_under_test(arguments.project);
  if (!project) return fail(project.error());
  auto settings = profile::read_settings(*project->config, project->folder);
  if (!settings) return fail(settings.error());
  auto files = profile::project_files(project->folder);
  if (!files) return fail(files.error());
  const profile::Original original{std::move(settings).value(), std::move(files).value()};
  const auto mutants = chosen_mutants(original, arguments.only);
  if (!mutants) return fail(mutants.error());
  if (arguments.list) return list_mutants(*mutants, arguments.json);
  const ProfileFeatures features = profile_features(arguments.features, project->folder);
  if (features.paths.empty()) {
    return fail(error("no_features", "there is no features/runtime_profile to play",
                      "name the features, or have them written by muster profile audit --write"));
  }
  return play(original, *mutants, arguments, features);
}

}  // namespace

Execute add_profile_mutate_command(CLI::App& app, const std::string&) {
  auto arguments = std::make_shared<MutateArguments>();
  auto* command = app.add_subcommand(
      "mutate", "Breaks copies of the project in every known way and plays the profile on each");
  command->add_option("features", arguments->features,
                      "Scenarios of the profile (default: features/runtime_profile of the "
                      "project, else of the current folder)");
  command->add_option("--project", arguments->project,
                      "Folder of the project (default: that of the nearest muster.toml)");
  command->add_option("--tier", arguments->tier, "As in muster run: 0 (default), 1, … or cai");
  command->add_option("--only", arguments->only,
                      "Mutants of this name (* and ? stand for anything) or kind; may be repeated");
  command->add_option("-j,--jobs", arguments->jobs, "Plays at once (default: one per core)")
      ->check(CLI::Range(1, 256));
  command->add_option("--timeout", arguments->timeout, "Seconds for one play (default 60)")
      ->check(CLI::Range(1, 3600));
  command->add_flag("--list", arguments->list, "Lists the mutants and plays none");
  command->add_flag("--json", arguments->json, "JSON on stdout");
  command->footer(
      "Exit 1 unless the profile catches each mutant by the right check and names what is broken;\n"
      "the last line is `mutants N/N`.\n"
      "Example: muster profile mutate --only 'exec-bit:*' --only terminator-dropped");
  return [arguments] { return mutate_command(*arguments); };
}

}  // namespace muster::app
