#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace muster::environment {

/// A working tree that git knows of beside the main one.
struct Worktree {
  std::string name;    ///< of its folder, unique among the trees
  std::string root;    ///< absolute, without links
  std::string branch;  ///< `feature/x`; empty: none
};

/// The linked worktrees of the repository at `root`, by name, as its `.git/worktrees` has them;
/// those whose folder is gone are left out. Reads files, starts no git. Errors: `no_repository`.
Result<std::vector<Worktree>> worktrees(const std::string& root);

}  // namespace muster::environment
