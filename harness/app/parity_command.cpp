#include "app/parity_command.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

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
  std::string out = "parity";
  bool json = false;
  bool by_sudo = false;
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
               const std::vector<std::string>& taken, bool containers) {
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
  json["scrubbed"] = taken;
  json["egress"] = parity::to_json(end.proof);
  json["passed"] = end.exit_code == 0 && end.proof.verdict() == "proven";
  return json;
}

/// As a whole: nobody finds half a proof.
bool write_whole(const fs::path& path, const Json& json) {
  const std::string temporary = path.string() + ".tmp";
  {
    std::ofstream file(temporary);
    file << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n' << std::flush;
    if (!file) return false;
  }
  std::error_code failed;
  fs::rename(temporary, path, failed);
  return !failed;
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

/// Where a user may have no namespaces, root may; asked for without a password.
void try_sudo(const std::string& program, const ParityArguments& arguments) {
  if (::geteuid() == 0 || arguments.by_sudo) return;
  std::vector<std::string> words{"sudo", "-n", "-E", program, "parity", "--by-sudo"};
  if (arguments.json) words.push_back("--json");
  if (!arguments.tags.empty()) words.insert(words.end(), {"--tags", arguments.tags});
  words.insert(words.end(), {"--out", arguments.out});
  words.insert(words.end(), arguments.paths.begin(), arguments.paths.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::cout << std::flush;
  ::execvp("sudo", argv.data());
}

int play(const ParityArguments& arguments) {
  const std::string program = fs::read_symlink("/proc/self/exe").string();
  std::error_code failed;
  const fs::path folder = fs::absolute(arguments.out);
  fs::create_directories(folder, failed);
  char scratch[] = "/tmp/muster-parity-XXXXXX";
  if (failed || ::mkdtemp(scratch) == nullptr) {
    std::cerr << "error: cannot make " << folder.string() << "\n";
    return 1;
  }
  // an old proof must not stand for a run that is not over
  fs::remove(folder / "egress_proof.json", failed);
  fs::remove(folder / "parity_report.json", failed);

  Scrubbed environment = scrubbed_environment();
  const bool containers = plays_on_containers();
  if (containers) environment.kept.push_back("ROCKY_E2E=1");
  parity::SandboxOptions options;
  options.command = {program, "run"};
  options.command.insert(options.command.end(), arguments.paths.begin(), arguments.paths.end());
  if (!arguments.tags.empty())
    options.command.insert(options.command.end(), {"--tags", arguments.tags});
  options.environment = environment.kept;
  options.folder = scratch;
  auto ran = parity::run_in_sandbox(options);
  if (!ran) try_sudo(program, arguments);
  parity::SandboxEnd end;
  if (ran) {
    end = std::move(*ran);
    if (arguments.by_sudo) end.proof.method = "sudo " + end.proof.method;
  } else {
    end.proof.method = "none";
    end.proof.problems.push_back(ran.error().message);
  }
  fs::remove_all(scratch, failed);

  const Json report = report_of(end, options.command, environment.taken, containers);
  if (!write_whole(folder / "egress_proof.json", parity::to_json(end.proof)) ||
      !write_whole(folder / "parity_report.json", report)) {
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
                     "Folder of egress_proof.json and parity_report.json (default: parity)");
  parity->add_flag("--json", arguments->json, "The report on stdout, after the run's own output");
  parity->add_flag("--by-sudo", arguments->by_sudo)->group("");
  parity->footer(
      "The run has namespaces of its own whose network is loopback alone; every call that would "
      "leave is recorded\nwith process, host and port. Root plays on containers, a plain user on "
      "processes.\nExit codes: 0 proven and passed, 1 otherwise.\n"
      "Example: muster parity features/lifecycle --out parity");
  return [arguments] { return play(*arguments); };
}

}  // namespace muster::app
