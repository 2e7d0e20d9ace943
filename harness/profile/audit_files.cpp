#include "profile/audit_files.hpp"

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "preflight/check_program.hpp"

namespace muster::profile {
namespace {

namespace fs = std::filesystem;

bool is_passed_over(const fs::path& folder) {
  const std::string name = folder.filename().string();
  std::error_code failed;
  return name.starts_with(".") || name == "__pycache__" || name == "node_modules" ||
         fs::exists(folder / "pyvenv.cfg", failed);
}

bool may_be_run(const fs::path& path) {
  std::error_code failed;
  const auto status = fs::status(path, failed);
  return !failed && fs::is_regular_file(status) &&
         (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
}

ProjectFiles on_disk(const std::string& project) {
  ProjectFiles found;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(project, failed), end; !failed && at != end;
       at.increment(failed)) {
    std::error_code ignored;
    if (at->is_directory(ignored) && !at->is_symlink(ignored)) {
      if (is_passed_over(at->path())) at.disable_recursion_pending();
      continue;
    }
    ProjectFile file;
    file.path = at->path().lexically_relative(project).string();
    file.symlink = at->is_symlink(ignored);
    file.executable = may_be_run(at->path());
    found.files.push_back(std::move(file));
  }
  return found;
}

/// `MODE OBJECT STAGE\tPATH`, separated by NUL.
ProjectFiles in_git(const std::string& project, std::string_view listing) {
  ProjectFiles found;
  found.work_tree = true;
  for (const std::string& entry : split(listing, '\0')) {
    const auto tab = entry.find('\t');
    const auto cells = split(entry.substr(0, tab), ' ');
    if (tab == std::string::npos || cells.size() != 3) continue;
    ProjectFile file;
    file.path = entry.substr(tab + 1);
    file.git_mode = cells[0];
    file.git_object = cells[1];
    file.symlink = file.git_mode == "120000";
    file.executable =
        file.git_mode == "100755" || (!file.symlink && may_be_run(project + "/" + file.path));
    found.files.push_back(std::move(file));
  }
  return found;
}

}  // namespace

Result<ProjectFiles> project_files(const std::string& project) {
  preflight::ProgramCall call;
  call.name = "git";
  call.argv = {"git", "-c", "core.fsmonitor=false", "--no-optional-locks", "ls-files", "-s", "-z"};
  call.env = preflight::plain_environment();
  call.cwd = project;
  const auto ran = preflight::run_program(call, preflight::Deadline(std::chrono::seconds(30)));
  if (!ran && ran.error().code != "program_not_found") return ran.error();
  const bool none =
      !ran || (!ran->exit.success() && ran->err.find("not a git repository") != std::string::npos);
  if (!none && !ran->exit.success())
    return error("git_failed", "git: " + std::string(trim(ran->err)));
  ProjectFiles found = none ? on_disk(project) : in_git(project, ran->out);
  // a folder that git ignores or does not track yet tells nothing
  if (!none && found.files.empty()) found = on_disk(project);
  std::sort(found.files.begin(), found.files.end(),
            [](const ProjectFile& a, const ProjectFile& b) { return a.path < b.path; });
  return found;
}

}  // namespace muster::profile
