#include "base/text.hpp"
#include "preflight/check_program.hpp"
#include "preflight/script_file.hpp"

namespace muster::preflight {
namespace {

constexpr std::size_t paths_per_call = 100;

/// `MODE SHA STAGE\tPATH`, separated by NUL.
void take_entries(std::string_view listing, GitIndex& index) {
  for (const std::string& entry : split(listing, '\0')) {
    const std::size_t tab = entry.find('\t');
    if (tab == std::string::npos) continue;
    index.modes[entry.substr(tab + 1)] = entry.substr(0, entry.find(' '));
  }
}

}  // namespace

Result<GitIndex> read_git_index(const std::string& project, const std::vector<std::string>& paths,
                                const Deadline& deadline) {
  GitIndex index;
  for (std::size_t from = 0; from < paths.size(); from += paths_per_call) {
    ProgramCall call;
    call.name = "git";
    call.cwd = project;
    // A repository's own settings may name programs to run; none is needed to read the index.
    call.argv = {"git",
                 "-c",
                 "core.fsmonitor=false",
                 "--literal-pathspecs",
                 "--no-optional-locks",
                 "ls-files",
                 "-s",
                 "-z",
                 "--"};
    for (std::size_t i = from; i < std::min(paths.size(), from + paths_per_call); ++i)
      call.argv.push_back(paths[i]);
    call.env = plain_environment();
    const Result<ProgramOutput> output = run_program(call, deadline);
    if (!output) {
      if (output.error().code != "program_not_found") return output.error();
      return error("git_missing", "git is not installed", "whether scripts ship is in git's index");
    }
    if (!output->exit.success()) {
      if (output->err.find("not a git repository") != std::string::npos) return index;
      return error("git_failed", "git: " + std::string(trim(output->err)));
    }
    index.work_tree = true;
    take_entries(output->out, index);
  }
  return index;
}

}  // namespace muster::preflight
