#include "preflight/script_check.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "base/text.hpp"
#include "preflight/script_file.hpp"
#include "preflight/script_shebang.hpp"
#include "preflight/script_syntax.hpp"
#include "process/launcher.hpp"

namespace muster::preflight {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

std::string octal(unsigned mode) {
  std::string text;
  for (int shift = 9; shift >= 0; shift -= 3)
    text += static_cast<char>('0' + ((mode >> shift) & 7));
  return text;
}

/// One script on its way through the checks.
class ScriptCheck {
 public:
  ScriptCheck(std::string path, const ScriptOptions& options, const Deadline& deadline)
      : options_(options), deadline_(deadline) {
    result_.subject = path;
    result_.place.uri = std::move(path);
    result_.check = "script";
  }

  bool find(const std::string& project) {
    Result<ScriptFile> found = find_script(project, result_.subject);
    if (found) {
      file_ = std::move(*found);
      return true;
    }
    return fail("file", "a regular file in the project", found.error());
  }

  /// What git has to be asked about.
  void add_paths(std::vector<std::string>& paths) const {
    if (!file_) return;
    paths.push_back(file_->relative);
    if (!file_->link.empty()) paths.push_back(file_->link);
  }

  void run(const Result<GitIndex>& index) {
    if (!file_) return;
    const auto begin = Clock::now();
    if (git(index) && executable() && shebang() && options_.syntax) syntax();
    result_.duration += Clock::now() - begin;
  }

  /// `file` and `executable` only.
  void run_executable() {
    if (file_) executable();
  }

  CheckResult take() { return std::move(result_); }
  void add_time(Clock::duration time) { result_.duration += time; }

 private:
  bool fail(std::string check, std::string expected, std::string found, std::string hint = {},
            int line = 0) {
    result_.status = Status::failed;
    result_.check = std::move(check);
    result_.expected = std::move(expected);
    result_.found = std::move(found);
    result_.hint = std::move(hint);
    result_.place.line = line;
    return false;
  }

  bool fail(std::string check, std::string expected, const Error& error, int line = 0) {
    return fail(std::move(check), std::move(expected), error.message, error.hint, line);
  }

  /// A warning lets the later checks go on; a failure replaces it.
  bool warn(std::string check, std::string expected, std::string found, std::string hint = {},
            int line = 0) {
    fail(std::move(check), std::move(expected), std::move(found), std::move(hint), line);
    result_.status = Status::warned;
    return true;
  }

  bool git(const Result<GitIndex>& index) {
    if (options_.git == GitCheck::off) return true;
    if (!index) return fail("tracked", "a file that git tracks", index.error());
    if (!index->work_tree) {
      const std::string found = "a project in no git work tree";
      const std::string hint = "neither tracking nor the mode that ships was checked";
      if (options_.git == GitCheck::required)
        return fail("tracked", "a file that git tracks", found, hint);
      return warn("tracked", "a file that git tracks", found, hint);
    }
    if (!file_->link.empty() && !index->modes.contains(file_->link)) {
      return fail("tracked", "a link that git tracks", "a link that is not in git's index",
                  "git add " + file_->link);
    }
    const auto entry = index->modes.find(file_->relative);
    if (entry == index->modes.end()) {
      return fail("tracked", "a file that git tracks",
                  file_->link.empty() ? "a file that is not in git's index"
                                      : "a link to " + file_->relative + ", which is not tracked",
                  "git add " + file_->relative);
    }
    if (entry->second != "100755") {
      return fail(
          "git-mode", "mode 100755 in git's index, which is what ships",
          "mode " + entry->second + " in git's index, " + octal(file_->mode) + " in the work tree",
          "git update-index --chmod=+x " + file_->relative);
    }
    return true;
  }

  /// access(2) says no to every file of a noexec mount, so the two are told apart by the mode.
  bool executable() {
    if (::faccessat(AT_FDCWD, file_->path.c_str(), X_OK, AT_EACCESS) == 0) return true;
    if ((file_->mode & 0111) != 0 && on_noexec_mount(file_->path)) {
      return fail("noexec", "a file system that allows execution", "a mount with the option noexec",
                  "its mode is right; the kernel says Permission denied all the same");
    }
    return fail("executable", "the exec bit for the user that runs it",
                "mode " + octal(file_->mode), "chmod +x " + file_->relative);
  }

  bool bytes(const std::string& head) {
    const std::string expected = "`#!` and an interpreter in the first line";
    if (head.empty()) return fail("shebang", expected, "an empty file", "", 1);
    if (head.starts_with("\xEF\xBB\xBF")) {
      return fail("shebang", expected, "a byte order mark before the first line",
                  "save the file as UTF-8 without it", 1);
    }
    if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF"))
      return fail("shebang", expected, "UTF-16", "save the file as UTF-8", 1);
    return true;
  }

  bool shebang() {
    const std::string head = read_head(file_->path);
    if (head.starts_with("\x7F"
                         "ELF"))
      return true;  // a program has no need of one
    if (!bytes(head)) return false;
    const std::string expected = "`#!` and an interpreter in the first line";
    const Shebang read = parse_shebang(head);
    const std::string line = printable(head.substr(0, std::min(head.find('\n'), std::size_t{60})));
    switch (read.verdict) {
      case Shebang::Verdict::absent:
        return fail("shebang", expected, "`" + line + "`",
                    "without `#!` the kernel refuses the file (Exec format error)", 1);
      case Shebang::Verdict::empty:
        return fail("shebang", expected, "`#!` with nothing behind it", "", 1);
      case Shebang::Verdict::too_long:
        return fail("shebang", "an interpreter that ends within 256 bytes", "a longer path",
                    "the kernel reads 256 bytes and refuses what may go on", 1);
      case Shebang::Verdict::parsed:
        break;
    }
    if (read.interpreter.empty())
      return fail("shebang", expected, "`#!` with no interpreter behind it", "", 1);
    const std::string& last = read.argument ? *read.argument : read.interpreter;
    if (last.ends_with('\r')) {
      return fail("shebang", "a first line that ends with a line feed",
                  "CRLF: the kernel takes the carriage return as part of `" + printable(last) + "`",
                  "convert the file to LF, and keep it so by .gitattributes: `" + result_.subject +
                      " text eol=lf`",
                  1);
    }
    if (read.cut) {
      return fail("shebang", "a first line within 256 bytes", "a longer one: its argument is cut",
                  "", 1);
    }
    return interpreter(read);
  }

  bool interpreter(const Shebang& read) {
    const Result<std::string> program = resolve_interpreter(read.interpreter);
    if (!program) return fail("interpreter", "an absolute path of a program", program.error(), 1);
    interpreter_ = *program;
    const std::string name = interpreter_.substr(interpreter_.rfind('/') + 1);
    const bool by_env = fs::path(read.interpreter).filename() == "env" || name == "env";
    return !by_env || env(read);
  }

  bool env(const Shebang& read) {
    const Result<EnvProgram> asked = parse_env_argument(read.argument);
    if (!asked) return fail("env", "a program that env can run", asked.error(), 1);
    const std::string& path = asked->path ? *asked->path : options_.deployment_path;
    if (asked->program.find('/') != std::string::npos) {
      const Result<std::string> program = resolve_interpreter(asked->program);
      if (!program) return fail("env", "a program that env can run", program.error(), 1);
      interpreter_ = *program;
      return true;
    }
    std::vector<std::string> searched;
    const Result<std::string> program =
        process::find_program(asked->program, path, file_->path, searched);
    if (!program) {
      return fail("env", "`" + printable(asked->program) + "` on the deployment's PATH",
                  "none in " + printable(path), "declare its folder in the PATH, or install it", 1);
    }
    interpreter_ = *program;
    return true;
  }

  void syntax() {
    if (interpreter_.empty()) return;
    const SyntaxVerdict verdict = check_syntax(interpreter_, file_->path, deadline_);
    const std::string expected = "a file that " + interpreter_ + " can parse";
    switch (verdict.outcome) {
      case SyntaxVerdict::Outcome::good:
      case SyntaxVerdict::Outcome::unknown:
        break;
      case SyntaxVerdict::Outcome::warned:
        warn("syntax", expected, verdict.message, "", verdict.line);
        break;
      case SyntaxVerdict::Outcome::bad:
        fail("syntax", expected, verdict.message, "", verdict.line);
        break;
      case SyntaxVerdict::Outcome::broken:
        fail("syntax", expected, "no answer: " + verdict.message);
        break;
    }
  }

  const ScriptOptions& options_;
  const Deadline& deadline_;
  CheckResult result_;
  std::optional<ScriptFile> file_;
  std::string interpreter_;
};

/// The project without links, so that paths can be compared.
Result<std::string> project_folder(const std::string& project) {
  std::error_code failed;
  const fs::path folder = fs::canonical(project, failed);
  if (failed || !fs::is_directory(folder, failed))
    return error("no_project", "no folder " + project, "name the project's folder");
  return folder.string();
}

CheckResult no_project(const std::string& path, const Error& error) {
  CheckResult result = nothing_checked(path, "the project's folder", error.hint);
  result.check = "file";
  result.found = error.message;
  return result;
}

}  // namespace

std::vector<CheckResult> check_scripts(const std::string& project,
                                       const std::vector<std::string>& paths,
                                       const ScriptOptions& options) {
  if (paths.empty())
    return {nothing_checked("scripts", "at least one script", "zero scripts prove nothing")};
  const Result<std::string> folder = project_folder(project);
  if (!folder) return {no_project(project, folder.error())};
  const Deadline deadline(options.timeout);
  std::vector<ScriptCheck> checks;
  std::vector<std::string> tracked;
  checks.reserve(paths.size());
  for (const std::string& path : paths) {
    const auto begin = Clock::now();
    ScriptCheck& check = checks.emplace_back(path, options, deadline);
    check.find(*folder);
    check.add_paths(tracked);
    check.add_time(Clock::now() - begin);
  }
  Result<GitIndex> index{GitIndex{}};
  if (options.git != GitCheck::off && !tracked.empty())
    index = read_git_index(*folder, tracked, deadline);
  std::vector<CheckResult> results;
  for (ScriptCheck& check : checks) {
    check.run(index);
    results.push_back(check.take());
  }
  return results;
}

CheckResult check_exists(const std::string& project, const std::string& path) {
  const auto begin = Clock::now();
  CheckResult result;
  result.subject = path;
  result.check = "file";
  result.place.uri = path;
  const Result<std::string> folder = project_folder(project);
  if (!folder) return no_project(path, folder.error());
  const Result<ScriptFile> found = find_script(*folder, path);
  if (!found) {
    result.status = Status::failed;
    result.expected = "a file in the project";
    result.found = found.error().message;
    result.hint = found.error().hint;
  }
  result.duration = Clock::now() - begin;
  return result;
}

CheckResult check_executable(const std::string& project, const std::string& path) {
  const auto begin = Clock::now();
  const Result<std::string> folder = project_folder(project);
  if (!folder) return no_project(path, folder.error());
  const ScriptOptions options;
  const Deadline deadline(options.timeout);
  ScriptCheck check(path, options, deadline);
  if (check.find(*folder)) check.run_executable();
  check.add_time(Clock::now() - begin);
  return check.take();
}

CheckResult check_compiles(const std::string& project, const std::string& path,
                           const std::string& python, std::chrono::milliseconds timeout) {
  const auto begin = Clock::now();
  CheckResult result;
  result.subject = path;
  result.check = "syntax";
  result.place.uri = path;
  const Result<std::string> folder = project_folder(project);
  if (!folder) return no_project(path, folder.error());
  const Result<ScriptFile> file = find_script(*folder, path);
  if (!file) {
    result.status = Status::failed;
    result.check = "file";
    result.expected = "a Python file in the project";
    result.found = file.error().message;
    result.hint = file.error().hint;
  } else {
    const SyntaxVerdict verdict = check_python(python, file->path, Deadline(timeout));
    using Outcome = SyntaxVerdict::Outcome;
    if (verdict.outcome != Outcome::good) {
      result.status = verdict.outcome == Outcome::warned ? Status::warned : Status::failed;
      result.expected = "a file that " + python + " compiles";
      result.found = verdict.message;
      result.place.line = verdict.line;
    }
  }
  result.duration = Clock::now() - begin;
  return result;
}

}  // namespace muster::preflight
