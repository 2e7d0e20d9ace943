#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "preflight/check.hpp"

namespace muster::preflight {

enum class GitCheck {
  when_present,  ///< a project in no work tree warns
  required,      ///< and here it fails
  off,
};

struct ScriptOptions {
  /// PATH where the project is deployed; `env PROGRAM` is looked up on it and nowhere else.
  std::string deployment_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  GitCheck git = GitCheck::when_present;
  bool syntax = true;                         ///< `bash -n`, compile()
  std::chrono::milliseconds timeout{30'000};  ///< for all of them
};

/// Checks that each of `paths` (below the folder `project`) will run where it is deployed. One
/// result per path; its `check` is the first that failed, in this order: `file`, `tracked`,
/// `git-mode`, `executable`, `noexec`, `shebang`, `interpreter`, `env`, `syntax`. No path at all is
/// a failure. Blocks.
std::vector<CheckResult> check_scripts(const std::string& project,
                                       const std::vector<std::string>& paths,
                                       const ScriptOptions& options = {});

/// `file` alone, and `file` with `executable`, without git: the steps `the file "…" exists` and `is
/// executable`. A folder is no file.
CheckResult check_exists(const std::string& project, const std::string& path);
CheckResult check_executable(const std::string& project, const std::string& path);

/// compile() of a Python file by `python` (a path, or a name on PATH): the step `compile … with
/// py_compile`.
CheckResult check_compiles(const std::string& project, const std::string& path,
                           const std::string& python = "python3",
                           std::chrono::milliseconds timeout = std::chrono::milliseconds(30'000));

}  // namespace muster::preflight
