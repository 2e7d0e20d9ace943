#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// The commands of `muster env`. One is added so:
///  1. a file `env_<subject>.cpp` (one command, or a few that belong together) defines it,
///     `const EnvCommand kEnvHealth{.name = "health", …, .run = health};`
///  2. env_commands.hpp declares it and the table in env_commands.cpp names it: that is all that
///     parsing, dispatch, help, completion, manual pages, list-commands and the parity manifest
///     need;
///  3. docs/environment.md tells what it does, a scenario in features/environment shows it. What of
///     these is missing, env_commands_test and ci/tests/env_contract say.
namespace muster::app {

class EnvSession;

/// What a command is about; inspection works in an unconfigured folder.
enum class EnvFamily { inspection, startup, state, project, cleanup, debug };

/// `inspection`, `startup`, …
std::string_view to_string(EnvFamily family);

/// What an option of a command takes.
enum class EnvKind {
  flag,
  text,
  whole,  ///< an integer from 0
  list,   ///< may be repeated
};

/// An option that a command has beside those of its family.
struct EnvOption {
  std::string_view names;  ///< as CLI11 takes them, the long one last: `-n,--lines`
  EnvKind kind = EnvKind::flag;
  std::string_view about;
  std::string_view choices{};  ///< of a text, `a|b`; empty: any
};

/// What the words behind a command are.
enum class EnvWords {
  none,
  names,      ///< projects and services; with `--all`, `--service`, `--project`
  arguments,  ///< the command's own business
};

/// How a command ended.
struct EnvEnd {
  int code = 0;               ///< 0 success, 1 actionable failure, 2 interrupt
  std::string failure_class;  ///< of a failure, for machines; empty: the code of `why`
  std::optional<Error> why;   ///< told to people, unless the command has done that itself
};

/// Success.
inline EnvEnd env_done() {
  return {};
}
/// Exit 1 because of `why`, whose code is the class unless another is given.
inline EnvEnd env_failed(Error why, std::string failure_class = {}) {
  return {1, std::move(failure_class), std::move(why)};
}
/// Exit 1 by what the command has printed.
inline EnvEnd env_failed(std::string failure_class) {
  return {1, std::move(failure_class), std::nullopt};
}
/// Exit 2: SIGINT or SIGTERM, or the user's own choice.
inline EnvEnd env_interrupted() {
  return {2, "interrupted", std::nullopt};
}

/// One command.
struct EnvCommand {
  std::string_view name;
  std::string_view aliases{};  ///< separated by commas
  EnvFamily family = EnvFamily::inspection;
  std::string_view about;    ///< one line for --help
  std::string_view example;  ///< `muster env health --json`
  std::string_view more{};   ///< further lines of --help, before the example
  EnvWords words = EnvWords::none;
  std::span<const EnvOption> options{};
  bool json = true;  ///< it prints data, and has `--json`
  EnvEnd (*run)(EnvSession& session) = nullptr;
};

}  // namespace muster::app
