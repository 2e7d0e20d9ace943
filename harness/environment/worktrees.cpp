#include "environment/worktrees.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/text.hpp"

namespace muster::environment {
namespace {

namespace fs = std::filesystem;

std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return std::string(trim(line));
}

/// The folder of the repository itself (gitrepository-layout(5)): `.git`, or what a `.git` file of
/// a linked worktree leads to.
fs::path common_directory(const fs::path& root) {
  const fs::path dot = root / ".git";
  std::error_code ignored;
  if (fs::is_directory(dot, ignored)) return dot;
  std::string line = first_line(dot);
  if (!line.starts_with("gitdir:")) return {};
  const fs::path own = root / std::string(trim(line.substr(7)));
  const std::string common = first_line(own / "commondir");
  return common.empty() ? own : (own / common).lexically_normal();
}

std::string branch_of(const fs::path& head) {
  const std::string line = first_line(head);
  constexpr std::string_view kBefore = "ref: refs/heads/";
  return line.starts_with(kBefore) ? line.substr(kBefore.size()) : std::string();
}

}  // namespace

Result<std::vector<Worktree>> worktrees(const std::string& root) {
  const fs::path common = common_directory(root);
  if (common.empty())
    return error("no_repository", root + " is no git repository",
                 "mode trees works over the worktrees of one: git worktree add ../feature");
  std::vector<Worktree> found;
  std::map<std::string, int> names;
  std::error_code ignored;
  for (fs::directory_iterator at(common / "worktrees", ignored), end; at != end;
       at.increment(ignored)) {
    const std::string link = first_line(at->path() / "gitdir");
    if (link.empty()) continue;
    // the path of the tree's own `.git` file; git writes relative ones when asked to
    fs::path tree = fs::path(link).parent_path();
    if (tree.is_relative()) tree = at->path() / tree;
    tree = fs::weakly_canonical(tree, ignored);
    if (!fs::is_directory(tree, ignored)) continue;
    ++names[tree.filename().string()];
    found.push_back({tree.filename().string(), tree.string(), branch_of(at->path() / "HEAD")});
  }
  // two trees of one folder name are told apart by the folder above
  for (Worktree& tree : found)
    if (names[tree.name] > 1)
      tree.name = fs::path(tree.root).parent_path().filename().string() + "-" + tree.name;
  std::sort(found.begin(), found.end(),
            [](const Worktree& a, const Worktree& b) { return a.name < b.name; });
  return found;
}

}  // namespace muster::environment
