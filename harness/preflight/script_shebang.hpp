#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// The first line of a script as execve(2) reads it (fs/binfmt_script.c, Linux 5.1 and later): of
/// the first 256 bytes; blanks are space and tab; the interpreter ends at a blank, a NUL or the
/// line end; all that follows, without the blanks around it, is one argument.
namespace muster::preflight {

inline constexpr std::size_t shebang_bytes = 256;

struct Shebang {
  /// What the kernel makes of it.
  enum class Verdict {
    absent,    ///< no `#!`: ENOEXEC
    empty,     ///< no interpreter behind `#!`: ENOEXEC
    too_long,  ///< the interpreter may go on behind the 256 bytes: ENOEXEC
    parsed,
  };
  Verdict verdict = Verdict::absent;
  std::string interpreter;
  std::optional<std::string> argument;
  bool cut = false;  ///< the line goes on behind the 256 bytes, so the argument is not whole
};

/// `head`: the first bytes of the file, 256 or the whole file.
Shebang parse_shebang(std::string_view head);

/// What `env` runs when it is a script's interpreter.
struct EnvProgram {
  std::string program;
  std::optional<std::string> path;  ///< `PATH=…` among its assignments
};

/// Reads the one argument that the kernel gives to env(1): a program, or `-S` with a line that env
/// itself splits (GNU coreutils: quotes, backslashes, options, assignments). Errors `env_empty`,
/// `env_blanks` (a line without `-S`), `env_option`, `env_quote`.
Result<EnvProgram> parse_env_argument(const std::optional<std::string>& argument);

/// A chain of scripts that interpret each other: the interpreter that is a program at its end.
/// Errors `interpreter_relative`, `interpreter_missing`, `interpreter_kind` (not a regular file),
/// `interpreter_mode` (not executable), `interpreter_format` (neither a program nor a script),
/// `interpreter_loop` (more than the kernel's five scripts).
Result<std::string> resolve_interpreter(const std::string& interpreter);

/// The first bytes of a file for parse_shebang; empty when it cannot be read.
std::string read_head(const std::string& path);

}  // namespace muster::preflight
