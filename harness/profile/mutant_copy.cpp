#include "profile/mutant_copy.hpp"

#include <filesystem>
#include <fstream>
#include <set>

#include "base/text.hpp"
#include "preflight/check_program.hpp"

namespace muster::profile {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kGitTime(30);
constexpr std::size_t kEntriesPerCall = 200;

Error copy_failed(const std::string& path, const std::string& why) {
  return error("copy_failed", "can not copy " + path + ": " + why);
}

bool is_cache(const std::string& name) {
  static const std::set<std::string> names{".git",          "__pycache__", ".mypy_cache",
                                           ".pytest_cache", ".ruff_cache", ".tox"};
  return names.count(name) != 0;
}

/// Too large to be copied for each mutant, and not what is broken.
bool is_environment(const fs::path& folder) {
  std::error_code failed;
  return folder.filename() == "node_modules" || fs::exists(folder / "pyvenv.cfg", failed);
}

void copy_tree(const fs::path& from, const fs::path& to) {
  fs::create_directories(to);
  for (const fs::directory_entry& entry : fs::directory_iterator(from)) {
    const std::string name = entry.path().filename().string();
    if (is_cache(name)) continue;
    if (entry.is_symlink()) {
      fs::copy_symlink(entry.path(), to / name);
    } else if (entry.is_directory()) {
      if (is_environment(entry.path())) {
        fs::create_directory_symlink(entry.path(), to / name);
      } else {
        copy_tree(entry.path(), to / name);
      }
    } else if (entry.is_regular_file()) {
      fs::copy_file(entry.path(), to / name);
    }
  }
}

Result<void> git(const std::string& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"git", "-c", "core.fsmonitor=false"});
  const preflight::ProgramCall call{"git", std::move(arguments), preflight::plain_environment(),
                                    folder};
  const auto ran = preflight::run_program(call, preflight::Deadline(kGitTime));
  if (!ran) return ran.error();
  if (!ran->exit.success()) return error("copy_failed", "git: " + std::string(trim(ran->err)));
  return {};
}

Result<void> copy_index(const std::vector<ProjectFile>& files, const std::string& folder) {
  if (auto made = git(folder, {"init", "--quiet", "--template="}); !made) return made;
  std::vector<std::string> entries;
  const auto flush = [&]() -> Result<void> {
    if (entries.empty()) return {};
    entries.insert(entries.begin(), {"update-index", "--add"});
    return git(folder, std::exchange(entries, {}));
  };
  for (const ProjectFile& file : files) {
    entries.push_back("--cacheinfo");
    entries.push_back(file.git_mode + "," + file.git_object + "," + file.path);
    if (entries.size() < 2 * kEntriesPerCall) continue;
    if (auto flushed = flush(); !flushed) return flushed;
  }
  return flush();
}

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out)
    throw fs::filesystem_error("can not write", path, std::make_error_code(std::errc::io_error));
}

Result<void> apply(const std::string& folder, const Change& change) {
  const fs::path path = fs::path(folder) / change.path;
  switch (change.kind) {
    case Change::Kind::write:
      write_file(path, change.text);
      return {};
    case Change::Kind::remove:
      if (fs::remove_all(path) == 0) return copy_failed(change.path, "it is not there");
      return {};
    case Change::Kind::add:
      fs::create_directories(path.parent_path());
      write_file(path, change.text);
      if (!fs::exists(fs::path(folder) / ".git")) return {};
      return git(folder, {"add", "--force", "--", change.path});
    case Change::Kind::exec_bit:
      fs::permissions(path, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                      fs::perm_options::remove);
      return {};
    case Change::Kind::git_mode:
      return git(folder, {"update-index", "--chmod=-x", change.path});
    case Change::Kind::untrack:
      return git(folder, {"update-index", "--force-remove", change.path});
    case Change::Kind::directory:
      fs::remove_all(path);
      fs::create_directories(path);
      return {};
    case Change::Kind::link:
      fs::remove_all(path);
      fs::create_symlink(change.text, path);
      return {};
  }
  return {};
}

}  // namespace

Result<void> make_pristine(const Original& original, const std::string& folder) {
  try {
    copy_tree(original.settings.project, folder);
  } catch (const fs::filesystem_error& failure) {
    return copy_failed(original.settings.project, failure.what());
  }
  const bool tracked = original.files.work_tree && !original.files.files.empty() &&
                       !original.files.files.front().git_mode.empty();
  return tracked ? copy_index(original.files.files, folder) : Result<void>();
}

Result<void> make_mutant(const std::string& pristine, const Mutant& mutant,
                         const std::string& folder) {
  try {
    fs::copy(pristine, folder, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    for (const Change& change : mutant.changes) {
      if (auto applied = apply(folder, change); !applied) return applied;
    }
  } catch (const fs::filesystem_error& failure) {
    return copy_failed(mutant.name(), failure.what());
  }
  return {};
}

}  // namespace muster::profile
