#include "preflight/script_syntax.hpp"

#include <sys/stat.h>

#include <cctype>
#include <charconv>
#include <map>
#include <optional>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "preflight/check_program.hpp"
#include "preflight/import_source.hpp"

namespace muster::preflight {
namespace {

using Outcome = SyntaxVerdict::Outcome;

constexpr std::size_t most_verdicts = 1000;

// Prints `LINE<tab>MESSAGE` and exits 1 for what does not compile.
constexpr const char* compile_script = R"py(
import sys
path = sys.argv[1]
try:
    with open(path, "rb") as file:
        compile(file.read(), path, "exec", dont_inherit=True)
except SyntaxError as error:
    print("%d\t%s: %s" % (error.lineno or 0, type(error).__name__, error.msg))
    sys.exit(1)
except (ValueError, RecursionError, MemoryError, OverflowError) as error:
    print("0\t%s: %s" % (type(error).__name__, error))
    sys.exit(1)
)py";

std::string base_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_shell(const std::string& name) {
  return name == "sh" || name == "bash" || name == "dash" || name == "ksh" || name == "zsh" ||
         name == "mksh" || name == "rbash";
}

/// `python`, `python3`, `python3.11`.
bool is_python(const std::string& name) {
  if (!name.starts_with("python")) return false;
  return name.find_first_not_of("0123456789.", 6) == std::string::npos;
}

int number_at(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Shells say `PATH: line 3: …` or `PATH: 3: …`.
SyntaxVerdict shell_complaint(const std::string& path, const std::string& err, Outcome outcome) {
  SyntaxVerdict verdict{outcome, 0, ""};
  std::string_view first = std::string_view(err).substr(0, err.find('\n'));
  if (const std::size_t at = first.find(path + ": "); at != std::string_view::npos) {
    first.remove_prefix(at + path.size() + 2);
    if (first.starts_with("line ")) first.remove_prefix(5);
    if (!first.empty() && std::isdigit(static_cast<unsigned char>(first[0])) != 0) {
      verdict.line = number_at(first);
      const std::size_t colon = first.find(": ");
      first.remove_prefix(colon == std::string_view::npos ? 0 : colon + 2);
    }
  }
  verdict.message = shorten(first, 300);
  return verdict;
}

SyntaxVerdict compile_file(const std::string& python, const std::string& path,
                           const Deadline& deadline) {
  ProgramCall call;
  call.name = "compile";
  call.argv = {python, "-I", "-S", "-B", "-c", compile_script, path};
  call.env = plain_environment();
  call.starts_others = false;
  const Result<ProgramOutput> output = run_program(call, deadline);
  if (!output) return {Outcome::broken, 0, output.error().message};
  if (output->exit.success()) {
    if (trim(output->err).empty()) return {};
    // `PATH:3: SyntaxWarning: …`
    const std::string line = split(output->err, '\n').front();
    SyntaxVerdict verdict{Outcome::warned, 0, shorten(line, 300)};
    if (line.starts_with(path + ":")) {
      verdict.line = number_at(std::string_view(line).substr(path.size() + 1));
      verdict.message = shorten(line.substr(line.find(": ") + 2), 300);
    }
    return verdict;
  }
  const std::size_t tab = output->out.find('\t');
  if (output->exit.signalled || output->exit.code != 1 || tab == std::string::npos) {
    return {
        Outcome::broken, 0,
        python + " " + to_string(output->exit) + ": " + join(last_lines(output->err, 2), " / ")};
  }
  return {Outcome::bad, number_at(output->out), std::string(trim(output->out.substr(tab)))};
}

/// Of an interpreter, a file and its bytes; empty where one of them can not be read.
std::string verdict_key(const std::string& python, const std::string& path) {
  const std::optional<std::string> bytes = read_source(path);
  struct stat of_python {};
  if (!bytes || ::stat(python.c_str(), &of_python) != 0) return "";
  return join({python, std::to_string(of_python.st_ino), std::to_string(of_python.st_mtim.tv_sec),
               std::to_string(of_python.st_mtim.tv_nsec), path, sha256_hex(*bytes)},
              "\n");
}

}  // namespace

SyntaxVerdict check_python(const std::string& python, const std::string& path,
                           const Deadline& deadline) {
  // A profile asks twice of the same file: as a script and as a module.
  static thread_local std::map<std::string, SyntaxVerdict> known;
  const std::string key = verdict_key(python, path);
  if (const auto verdict = known.find(key); verdict != known.end()) return verdict->second;
  SyntaxVerdict verdict = compile_file(python, path, deadline);
  if (known.size() >= most_verdicts) known.clear();
  if (!key.empty() && verdict.outcome != Outcome::broken) known[key] = verdict;
  return verdict;
}

SyntaxVerdict check_syntax(const std::string& interpreter, const std::string& path,
                           const Deadline& deadline) {
  const std::string name = base_name(interpreter);
  if (is_python(name)) return check_python(interpreter, path, deadline);
  if (!is_shell(name)) return {Outcome::unknown, 0, "no syntax check for " + name};
  ProgramCall call;
  call.name = name;
  call.argv = {interpreter, "-n", path};
  call.env = plain_environment();
  call.starts_others = false;
  const Result<ProgramOutput> output = run_program(call, deadline);
  if (!output) return {Outcome::broken, 0, output.error().message};
  if (output->exit.signalled) return {Outcome::broken, 0, name + " " + to_string(output->exit)};
  if (output->exit.success()) {
    if (trim(output->err).empty()) return {};
    return shell_complaint(path, output->err, Outcome::warned);
  }
  return shell_complaint(path, output->err, Outcome::bad);
}

}  // namespace muster::preflight
