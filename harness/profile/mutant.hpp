#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "profile/audit_files.hpp"
#include "profile/settings.hpp"

/// Ways to break a project, each of which its runtime profile has to notice and to name.
namespace muster::profile {

/// One thing done to a copy of a project.
struct Change {
  enum class Kind {
    write,      ///< the file gets `text`
    remove,     ///< file or folder
    add,        ///< a new file with `text`, tracked by git
    exec_bit,   ///< off on disk, git keeps what it has
    git_mode,   ///< 100644 in git's index, the exec bit stays on disk
    untrack,    ///< out of git's index
    directory,  ///< a folder instead of the file
    link        ///< a symbolic link to `text` instead of the file
  };
  Kind kind = Kind::write;
  std::string path;  ///< below the project
  std::string text;
};

/// A project broken in one way.
struct Mutant {
  std::string kind;     ///< `exec-bit`, `terminator-dropped`
  std::string subject;  ///< what was broken: a path, with `:LINE` or a name where one is meant
  std::string what;     ///< the same as a sentence
  std::vector<Change> changes;
  std::vector<std::string> checks;       ///< stable names; failing by one of them is right
  std::vector<std::string> naming;       ///< one of them has to stand in that failure
  std::vector<std::string> environment;  ///< of its play, `NAME=value`
  std::string hint{};                    ///< what lets a profile notice it, if that is not plain

  /// `exec-bit:scripts/start.sh`: names a mutant for good.
  std::string name() const { return kind + ":" + subject; }
};

/// A project as mutants are made from it: read once, only changed in copies.
struct Original {
  Settings settings;
  ProjectFiles files;

  /// The text of a file below the project; empty when it can not be read.
  std::string text(const std::string& path) const;
};

/// All mutants of a project, in a stable order, each name once. None is equivalent to the project:
/// what changes nothing that a deployment would notice is not made.
Result<std::vector<Mutant>> mutants_of(const Original& original);

/// The families.
Result<std::vector<Mutant>> python_mutants(const Original& original);
std::vector<Mutant> script_mutants(const Original& original);
std::vector<Mutant> config_mutants(const Original& original);
std::vector<Mutant> migration_mutants(const Original& original);

}  // namespace muster::profile
