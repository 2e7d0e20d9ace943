#pragma once

#include <string>

#include "base/result.hpp"
#include "profile/mutant.hpp"

namespace muster::profile {

/// A copy of a project to make copies from: everything but git's own folder and caches, with a git
/// index of its own that has the same entries. Environments (`.venv`, node_modules) are links to
/// those of the project. Errors `copy_failed`, and those of preflight::run_program.
Result<void> make_pristine(const Original& original, const std::string& folder);

/// Copies what make_pristine made to `folder` and does to it what makes the mutant. Errors
/// `copy_failed`, and those of preflight::run_program.
Result<void> make_mutant(const std::string& pristine, const Mutant& mutant,
                         const std::string& folder);

}  // namespace muster::profile
