#include "app/parity_command.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

#include "app/parity_container.hpp"
#include "app/parity_programs.hpp"
#include "app/scratch_directory.hpp"
#include "app/version.hpp"
#include "base/clock.hpp"
#include "base/json.hpp"
#include "parity/sandbox.hpp"

extern char** environ;

namespace muster::app {
namespace {

namespace fs = std::filesystem;

struct ParityArguments {
  std::vector<std::string> paths{"features/lifecycle"};
  std::string tags;
  std::string out;
  bool json = false;
  bool by_sudo = false;
  bool boxed = false;  ///< in a container of ours already
  bool judges = false;
  ProgramsArguments programs;

  std::string folder() const { return out.empty() ? "parity" : out; }
};

/// The environment of the run, without what could open a door; the names of what was taken out.
struct Scrubbed {
  std::vector<std::string> kept;
  std::vector<std::string> taken;
};

Scrubbed scrubbed_environment() {
  Scrubbed scrubbed;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string entry = *each;
    const std::string name = entry.substr(0, entry.find('='));
    if (parity::is_scrubbed(name))
      scrubbed.taken.push_back(name);
    else
      scrubbed.kept.push_back(entry);
  }
  return scrubbed;
}

/// As root the suite plays on containers, of an engine of its own if none is given.
bool plays_on_containers() {
  return ::geteuid() == 0 &&
         (::access("/usr/sbin/dockerd", X_OK) == 0 || ::access("/usr/bin/dockerd", X_OK) == 0);
}

Json report_of(const parity::SandboxEnd& end, const std::vector<std::string>& command,
               const std::vector<std::string>& taken, bool containers, Json programs) {
  utsname machine{};
  ::uname(&machine);
  Json json = Json::object();
  json["schema_version"] = 1;
  json["kind"] = containers ? "parity" : "parity-process";
  json["driver"] = containers ? "local-docker" : "local-process";
  json["made"] = to_rfc3339(system_clock().wall());
  json["muster"] = kVersion;
  json["machine"] = std::string(machine.sysname) + " " + machine.release + " " + machine.machine;
  json["command"] = command;
  json["suite"] = {{"exit_code", end.exit_code}, {"passed", end.exit_code == 0}};
  json["programs"] = std::move(programs);
  json["scrubbed"] = taken;
  json["egress"] = parity::to_json(end.proof);
  json["passed"] = end.exit_code == 0 && end.proof.verdict() == "proven";
  return json;
}

void tell(const Json& report, const parity::SandboxEnd& end, const fs::path& folder) {
  const parity::Proof& proof = end.proof;
  std::cout << "parity: the suite on " << report["driver"].get<std::string>() << " "
            << (end.exit_code == 0 ? "passed" : "did not pass") << "; egress " << proof.verdict()
            << "\n";
  for (const parity::Attempt& attempt : proof.others())
    std::cout << "  called: " << parity::to_text(attempt) << "\n";
  for (const std::string& name : proof.other_names()) std::cout << "  asked for: " << name << "\n";
  for (const std::string& problem : proof.problems) std::cout << "  unproven: " << problem << "\n";
  if (proof.problems.empty() && proof.verdict() == "unproven")
    std::cout << "  unproven: "
              << (proof.canary_recorded() ? "there are more interfaces than lo"
                                          : "the canary was not recorded")
              << "\n";
  std::cout << "  report: " << (folder / "parity_report.json").string()
            << ", proof: " << (folder / "egress_proof.json").string() << "\n";
}

/// What chooses scenarios and settings, of this command as of `muster run`.
std::vector<std::string> choices_of(const ParityArguments& arguments) {
  std::vector<std::string> words;
  if (!arguments.tags.empty()) words.insert(words.end(), {"--tags", arguments.tags});
  const ConfigOptions& chosen = arguments.programs.config;
  if (!chosen.file.empty()) words.insert(words.end(), {"--config", chosen.file});
  if (!chosen.profile.empty()) words.insert(words.end(), {"--profile", chosen.profile});
  words.insert(words.end(), arguments.paths.begin(), arguments.paths.end());
  return words;
}

/// This command again, by another way.
std::vector<std::string> again(const std::string& program, const ParityArguments& arguments,
                               const std::string& way) {
  std::vector<std::string> words{program, "parity", way};
  if (arguments.json) words.push_back("--json");
  words.insert(words.end(), {"--out", arguments.folder()});
  for (std::string& word : choices_of(arguments)) words.push_back(std::move(word));
  return words;
}

/// Where a user may have no namespaces, root may; asked for without a password.
void try_sudo(const std::string& program, const ParityArguments& arguments) {
  if (::geteuid() == 0 || arguments.by_sudo || std::system("sudo -n true 2>/dev/null") != 0) return;
  std::vector<std::string> words{"sudo", "-n", "-E"};
  for (std::string& word : again(program, arguments, "--by-sudo")) words.push_back(std::move(word));
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::cout << std::flush;
  ::execvp("sudo", argv.data());
}

/// Whether a variable leads to a container engine.
bool is_of_engine(const std::string& entry) {
  return entry.starts_with("DOCKER_HOST=") || entry.starts_with("ROCKY_E2E=");
}

/// By this process's own means: a network of its own, else the one that is there, when
/// that has no way out.
Result<parity::SandboxEnd> play_here(const parity::SandboxOptions& options, bool boxed) {
  Result<parity::SandboxEnd> ran =
      boxed ? error("namespaces_refused", "in a container") : parity::run_in_sandbox(options);
  if (ran || ran.error().code != "namespaces_refused") return ran;
  // an engine takes namespaces, and one that is given is outside of the proof: on processes
  parity::SandboxOptions on_processes = options;
  std::erase_if(on_processes.environment, is_of_engine);
  auto without = parity::run_without_network(on_processes);
  if (without) {
    if (boxed) without->proof.method = "container without network";
    return without;
  }
  if (boxed) return without;
  return ran;
}

/// The last way: a container without a network, where this command is run again and writes its
/// reports. The exit code, or why there was none.
Result<int> play_in_container(const std::string& program, const ParityArguments& arguments,
                              const Scrubbed& environment, const std::string& scratch) {
  ContainerRun run;
  run.command = again(program, arguments, "--boxed");
  run.environment = environment.kept;
  std::erase_if(run.environment, is_of_engine);
  run.scratch = scratch;
  return run_in_container(run);
}

int play(const ParityArguments& arguments) {
  const std::string program = fs::read_symlink("/proc/self/exe").string();
  std::error_code failed;
  const fs::path folder = fs::absolute(arguments.folder());
  fs::create_directories(folder, failed);
  if (failed) {
    std::cerr << "error: cannot make " << folder.string() << "\n";
    return 1;
  }
  const auto scratch = ScratchDirectory::make();
  if (!scratch) {
    std::cerr << render(scratch.error());
    return 1;
  }
  // an old proof must not stand for a run that is not over
  fs::remove(folder / "egress_proof.json", failed);
  fs::remove(folder / "parity_report.json", failed);

  const auto config = load_config(arguments.programs.config);
  if (!config) return 1;
  Scrubbed environment = scrubbed_environment();
  const bool containers = !arguments.boxed && plays_on_containers();
  if (containers) environment.kept.push_back("ROCKY_E2E=1");
  parity::SandboxOptions options;
  options.command = {program, "run"};
  for (std::string& word : choices_of(arguments)) options.command.push_back(std::move(word));
  options.environment = environment.kept;
  options.folder = scratch->path();
  auto ran = play_here(options, arguments.boxed);
  if (!ran) try_sudo(program, arguments);
  parity::SandboxEnd end;
  if (!ran && !arguments.boxed) {
    const auto code = play_in_container(program, arguments, environment, scratch->path());
    if (code && fs::exists(folder / "parity_report.json", failed)) return *code;
    end.proof.problems.push_back("a container without network: " +
                                 (code ? "it wrote no report" : code.error().message));
  }
  if (ran) {
    end = std::move(*ran);
    if (arguments.by_sudo) end.proof.method = "sudo " + end.proof.method;
  } else {
    end.proof.method = "none";
    end.proof.problems.insert(end.proof.problems.begin(), ran.error().message);
  }

  const bool on_containers = containers && end.proof.method != "no network";
  const Json report = report_of(end, options.command, environment.taken, on_containers,
                                identified_programs(*config));
  if (!write_whole((folder / "egress_proof.json").string(), parity::to_json(end.proof)) ||
      !write_whole((folder / "parity_report.json").string(), report)) {
    std::cerr << "error: cannot write the report below " << folder.string() << "\n";
    return 1;
  }
  if (arguments.json)
    std::cout << dump_json(report) << "\n";
  else
    tell(report, end, folder);
  return report["passed"].get<bool>() ? 0 : 1;
}

}  // namespace

Execute add_parity_command(CLI::App& app, const std::string&) {
  auto* parity = app.add_subcommand("parity", "Plays the lifecycle with no way out, and proves it");
  auto arguments = std::make_shared<ParityArguments>();
  parity->add_option("paths", arguments->paths, "Feature files or folders");
  parity->add_option("-t,--tags", arguments->tags, "Tag expression");
  parity->add_option("--out", arguments->out,
                     "Folder of the reports (default: parity; with --programs: none)");
  parity->add_flag("--json", arguments->json, "The report on stdout, after the run's own output");
  parity->add_flag("--by-sudo", arguments->by_sudo)->group("");
  parity->add_flag("--boxed", arguments->boxed)->group("");
  parity->add_flag("--programs", arguments->judges,
                   "Judges hearth, console and ralph rule by rule against their contracts instead");
  ProgramsArguments& programs = arguments->programs;
  parity->add_option("--of", programs.of, "With --programs: these alone, by comma")
      ->delimiter(',')
      ->check(CLI::IsMember({"hearth", "console", "ralph"}));
  parity->add_option("--rule", programs.rules,
                     "With --programs: rules whose id matches, e.g. 'ralph.bearer-*', by comma");
  parity->add_option("--driver", programs.driver,
                     "With --programs: ROCKY_HEARTH_DRIVER of the hearth (default: fake)");
  parity->add_flag("--all", programs.all, "With --programs: tell of the rules that are kept, too");
  parity->add_flag("--list", programs.list, "With --programs: name the rules and try nothing");
  declare_config_options(*parity, programs.config);
  parity->footer(
      "The run has namespaces of its own whose network is loopback alone; every call that would "
      "leave is recorded\nwith process, host and port. Root plays on containers, a plain user on "
      "processes.\nWhich programs: [programs] in muster.toml, or ROCKY_HEARTH_BIN, "
      "ROCKY_CONSOLE_BIN, ROCKY_RALPH_BIN.\nExit codes: 0 proven and passed (--programs: every "
      "rule kept), 1 otherwise.\n"
      "Example: muster parity features/lifecycle --out parity\n"
      "Example: ROCKY_HEARTH_BIN=/opt/hearth muster parity --programs --of hearth");
  return [arguments] {
    if (!arguments->judges) return play(*arguments);
    arguments->programs.json = arguments->json;
    arguments->programs.out = arguments->out;
    return judge_programs(arguments->programs);
  };
}

}  // namespace muster::app
