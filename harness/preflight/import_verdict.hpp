#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "preflight/import_check.hpp"

/// What the facts of import_zygote.py and import_autopsy.py mean.
namespace muster::preflight {

/// What a verdict needs to know beside the facts.
struct VerdictSetting {
  std::string project;                    ///< absolute
  std::vector<std::string> search_paths;  ///< of the project, absolute
  std::vector<std::string> path;          ///< the interpreter's own
  std::string interpreter;
  PyProject pyproject;
  std::vector<std::string> namespace_packages;
  std::chrono::milliseconds timeout{};
  bool regular_packages = false;  ///< the project has folders with `__init__.py`
};

/// The result of `module` from one ending: `{signal, code, timed_out, left_processes, seconds, out,
/// err, out_bytes, err_bytes, trace, said}`, where `said` is what the child put down, or null.
ImportResult judge_import(const std::string& module, const Json& ending,
                          const VerdictSetting& setting);

/// The statements in a traceback of faulthandler, outermost first.
std::vector<ImportLink> links_of_trace(const std::string& trace, const VerdictSetting& setting);

/// The distribution that gives a module, where their names differ: `yaml` → `pyyaml`; else the
/// module's first part, normalised.
std::string distribution_for(const std::string& module);

}  // namespace muster::preflight
