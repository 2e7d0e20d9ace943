#pragma once

#include <string>
#include <vector>

#include "app/config_options.hpp"
#include "base/json.hpp"

namespace muster::app {

/// What `muster parity --programs` is told.
struct ProgramsArguments {
  ConfigOptions config;
  std::vector<std::string> of;  ///< programs to judge; empty: those that are configured, else all
  std::string rules;            ///< globs of rule ids, by comma; empty: all
  std::string driver = "fake";  ///< of the hearth that is judged
  bool all = false;             ///< tell of kept rules too
  bool list = false;            ///< name the rules and try nothing
  bool json = false;
  std::string out;  ///< folder of programs_report.json; empty: none is written
};

/// Judges each program rule by rule against its contract. The exit code: 0 when every rule that
/// could be tried is kept.
int judge_programs(const ProgramsArguments& arguments);

/// hearth, console and ralph of this configuration, with version and sha256, for a report.
Json identified_programs(const config::Config& config);

/// Writes JSON so that nobody finds half a file. False when it cannot.
bool write_whole(const std::string& path, const Json& json);

}  // namespace muster::app
