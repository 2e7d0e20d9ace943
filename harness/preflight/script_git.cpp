#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "preflight/check_program.hpp"
#include "preflight/script_file.hpp"

namespace muster::preflight {
namespace {

constexpr std::size_t paths_per_call = 100;
constexpr std::size_t most_listing = 1U << 20;  // kept of what a program prints
constexpr const char* link_to_repository = "160000";

/// A state of the file that an index is kept in: git replaces it, and never writes into it.
struct IndexFile {
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;

  bool operator==(const IndexFile&) const = default;
};

/// None where the repository is elsewhere (a linked work tree, a submodule) or there is none.
std::optional<IndexFile> index_file_of(const std::string& project) {
  namespace fs = std::filesystem;
  for (fs::path folder = project;; folder = folder.parent_path()) {
    struct stat state {};
    if (::lstat((folder / ".git").c_str(), &state) == 0) {
      if (!S_ISDIR(state.st_mode) || ::stat((folder / ".git/index").c_str(), &state) != 0)
        return std::nullopt;
      return IndexFile{state.st_ino, state.st_size, state.st_mtim.tv_sec, state.st_mtim.tv_nsec};
    }
    if (folder == folder.parent_path()) return std::nullopt;
  }
}

/// `MODE SHA STAGE\tPATH`, separated by NUL.
void take_entries(std::string_view listing, GitIndex& index) {
  for (const std::string& entry : split(listing, '\0')) {
    const std::size_t tab = entry.find('\t');
    if (tab == std::string::npos) continue;
    index.modes[entry.substr(tab + 1)] = entry.substr(0, entry.find(' '));
  }
}

/// The entries of `paths` and of all below them.
Result<GitIndex> list(const std::string& project, const std::vector<std::string>& paths,
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
    call.starts_others = false;
    const Result<ProgramOutput> output = run_program(call, deadline);
    if (!output) {
      if (output.error().code != "program_not_found") return output.error();
      return error("git_missing", "git is not installed", "whether scripts ship is in git's index");
    }
    if (!output->exit.success()) {
      if (output->err.find("not a git repository") != std::string::npos) return index;
      return error("git_failed", "git: " + std::string(trim(output->err)));
    }
    if (output->out.size() >= most_listing) return error("too_long", "more than can be kept");
    index.work_tree = true;
    take_entries(output->out, index);
  }
  return index;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(0, slash);
}

/// What is known of a project's index while its file stays what it is.
struct KnownIndex {
  std::string project;
  IndexFile file;
  std::set<std::string> folders;  ///< all below them is known
  GitIndex index;
};

}  // namespace

/// Scripts are asked for one by one and stand side by side, so whole folders are listed.
Result<GitIndex> read_git_index(const std::string& project, const std::vector<std::string>& paths,
                                const Deadline& deadline) {
  const std::optional<IndexFile> file = index_file_of(project);
  if (!file) return list(project, paths, deadline);
  static thread_local KnownIndex known;
  if (known.project != project || known.file != *file) known = {project, *file, {}, {}};
  std::set<std::string> folders;
  for (const std::string& path : paths) {
    if (!known.folders.contains(folder_of(path))) folders.insert(folder_of(path));
  }
  if (folders.empty()) return known.index;
  const Result<GitIndex> listed = list(project, {folders.begin(), folders.end()}, deadline);
  // Of what is in another repository git has to speak itself.
  const bool usable =
      listed && listed->work_tree &&
      std::none_of(listed->modes.begin(), listed->modes.end(),
                   [](const auto& entry) { return entry.second == link_to_repository; });
  if (!usable) return list(project, paths, deadline);
  known.folders.merge(folders);
  known.index.work_tree = true;
  for (const auto& [path, mode] : listed->modes) known.index.modes[path] = mode;
  return known.index;
}

}  // namespace muster::preflight
