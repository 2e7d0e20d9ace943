#include "preflight/script_check.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "preflight/check_program.hpp"
#include "preflight/script_file.hpp"
#include "testing/temp_tree.hpp"

namespace muster::preflight {
namespace {

namespace fs = std::filesystem;
using muster::testing::TempTree;

/// A project with a git index.
class Project {
 public:
  explicit Project(bool with_git = true) {
    if (with_git) git({"init", "-q"});
  }

  void git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "git");
    ProgramCall call{"git", std::move(arguments), plain_environment(), tree.str()};
    const auto output = run_program(call, Deadline(std::chrono::seconds(20)));
    ASSERT_TRUE(output.ok()) << output.error().message;
    ASSERT_TRUE(output->exit.success()) << output->err;
  }

  /// Writes a script, executable and tracked as such.
  void script(const std::string& path, const std::string& content) const {
    tree.write(path, content);
    ASSERT_EQ(::chmod(tree.str(path).c_str(), 0755), 0);
    git({"add", "--chmod=+x", path});
  }

  CheckResult check(const std::string& path, const ScriptOptions& options = {}) const {
    return check_scripts(tree.str(), {path}, options).at(0);
  }

  TempTree tree;
};

void expect(const CheckResult& result, const std::string& check, const std::string& found) {
  EXPECT_EQ(result.status, Status::failed) << render(result);
  EXPECT_EQ(result.check, check) << render(result);
  EXPECT_NE(result.found.find(found), std::string::npos) << render(result);
}

TEST(Scripts, NoneIsAFailure) {
  const auto results = check_scripts("/", {});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].status, Status::failed);
  EXPECT_FALSE(all_passed(results));
  EXPECT_FALSE(all_passed({}));
  EXPECT_EQ(check_scripts("/nowhere", {"x"}).at(0).status, Status::failed);
}

TEST(Scripts, GoodOnesPass) {
  const Project project;
  project.script("bin/run.sh", "#!/bin/sh\necho yes\n");
  project.script("bin/tool", "#!/usr/bin/env bash\nset -e\n");
  project.script("bin/py", "#!/usr/bin/env -S python3 -u\nprint('x')\n");
  const auto results = check_scripts(project.tree.str(), {"bin/run.sh", "./bin/tool", "bin/py"});
  for (const CheckResult& result : results) {
    EXPECT_EQ(result.status, Status::passed) << render(result);
    EXPECT_GT(result.duration.count(), 0);
  }
  EXPECT_TRUE(all_passed(results));
}

TEST(Scripts, TheFileMustBeOneAndInTheProject) {
  const Project project;
  const TempTree elsewhere;
  elsewhere.write("x.sh", "#!/bin/sh\n");
  project.tree.write("deploy.sh", "#!/bin/sh\n");
  project.tree.write("folder/x", "");
  fs::create_symlink("nowhere", project.tree.path() / "dangling");
  fs::create_symlink("loop", project.tree.path() / "loop");
  fs::create_symlink(elsewhere.path() / "x.sh", project.tree.path() / "out");
  ASSERT_EQ(::mkfifo(project.tree.str("fifo").c_str(), 0755), 0);
  expect(project.check("deploi.sh"), "file", "no such file");
  EXPECT_EQ(project.check("deploi.sh").hint, "did you mean deploy.sh");
  expect(project.check("folder"), "file", "a directory");
  expect(project.check("dangling"), "file", "a symbolic link to nowhere");
  expect(project.check("loop"), "file", "in a circle");
  expect(project.check("out"), "file", "outside the project");
  expect(project.check("../" + elsewhere.path().filename().string() + "/x.sh"), "file", "outside");
  expect(project.check("/etc/hostname"), "file", "outside the project");
  expect(project.check("fifo"), "file", "a FIFO");
  expect(project.check("deploy.sh/x"), "file", "a file where its path needs a folder");
}

TEST(Scripts, GitDecidesWhatShips) {
  const Project project;
  project.tree.write("untracked.sh", "#!/bin/sh\n");
  ASSERT_EQ(::chmod(project.tree.str("untracked.sh").c_str(), 0755), 0);
  expect(project.check("untracked.sh"), "tracked", "not in git's index");
  // With core.fileMode=false the work tree says 755 and git ships 644.
  project.git({"config", "core.fileMode", "false"});
  project.tree.write("mode.sh", "#!/bin/sh\n");
  ASSERT_EQ(::chmod(project.tree.str("mode.sh").c_str(), 0755), 0);
  project.git({"add", "mode.sh"});
  expect(project.check("mode.sh"), "git-mode", "mode 100644 in git's index, 0755 in the work tree");
  EXPECT_EQ(project.check("mode.sh").hint, "git update-index --chmod=+x mode.sh");
  project.script("good.sh", "#!/bin/sh\n");
  fs::create_symlink("good.sh", project.tree.path() / "link.sh");
  expect(project.check("link.sh"), "tracked", "a link that is not in git's index");
  project.git({"add", "link.sh"});
  EXPECT_EQ(project.check("link.sh").status, Status::passed) << render(project.check("link.sh"));
}

TEST(Scripts, TheEnvironmentOfACallingGitHasNoInfluence) {
  const Project project;
  project.script("good.sh", "#!/bin/sh\n");
  ASSERT_EQ(::setenv("GIT_DIR", "/nowhere", 1), 0);  // as in a hook
  const CheckResult result = project.check("good.sh");
  ::unsetenv("GIT_DIR");
  EXPECT_EQ(result.status, Status::passed) << render(result);
}

TEST(Scripts, WithoutGitItWarnsOrFails) {
  const Project project(false);
  project.tree.write("x.sh", "#!/bin/sh\n");
  ASSERT_EQ(::chmod(project.tree.str("x.sh").c_str(), 0755), 0);
  EXPECT_EQ(project.check("x.sh").status, Status::warned);
  ScriptOptions options;
  options.git = GitCheck::required;
  expect(project.check("x.sh", options), "tracked", "no git work tree");
  options.git = GitCheck::off;
  EXPECT_EQ(project.check("x.sh", options).status, Status::passed);
  project.tree.write("x.sh", "no shebang\n");
  expect(project.check("x.sh"), "shebang", "no shebang");
}

TEST(Scripts, TheExecBitIsTheFiles) {
  const Project project;
  project.script("x.sh", "#!/bin/sh\n");
  ASSERT_EQ(::chmod(project.tree.str("x.sh").c_str(), 0644), 0);
  expect(project.check("x.sh"), "executable", "mode 0644");
  EXPECT_EQ(check_executable(project.tree.str(), "x.sh").status, Status::failed);
  EXPECT_EQ(check_exists(project.tree.str(), "x.sh").status, Status::passed);
  project.tree.write("folder/x", "");
  EXPECT_EQ(check_executable(project.tree.str(), "folder").status, Status::failed)
      << "a directory is never executable";
  EXPECT_EQ(check_exists(project.tree.str(), "folder").status, Status::failed);
  EXPECT_EQ(check_exists(project.tree.str(), "absent").status, Status::failed);
}

TEST(Scripts, NoexecMountsAreSeen) {
  EXPECT_FALSE(on_noexec_mount("/bin/sh"));
  const TempTree tree;
  // The mount is made in a namespace of the child's own and ends with it.
  const pid_t child = ::fork();
  if (child == 0) {
    const bool apart = ::unshare(::geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) == 0;
    if (!apart || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", tree.str().c_str(), "tmpfs", MS_NOEXEC, nullptr) != 0)
      ::_exit(77);
    tree.write("x.sh", "#!/bin/sh\n");
    ::chmod(tree.str("x.sh").c_str(), 0755);
    ScriptOptions options;
    options.git = GitCheck::off;
    ::_exit(check_scripts(tree.str(), {"x.sh"}, options).at(0).check == "noexec" ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "no mount namespace here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

struct FirstLine {
  const char* name;
  std::string content;
  const char* check;
  const char* found;
};

TEST(Scripts, EachFirstLineHasItsOwnMessage) {
  const std::string body = "\necho x\n";
  const FirstLine lines[] = {
      {"empty", "", "shebang", "an empty file"},
      {"bom", "\xEF\xBB\xBF#!/bin/sh" + body, "shebang", "byte order mark"},
      {"utf16", "\xFF\xFE#\0!\0", "shebang", "UTF-16"},
      {"crlf", "#!/bin/sh\r\necho\r\n", "shebang", "CRLF"},
      {"crlf-argument", "#!/bin/sh -e\r\necho\r\n", "shebang", "CRLF"},
      {"none", "echo x\n", "shebang", "`echo x`"},
      {"nothing", "#! \n", "shebang", "nothing behind it"},
      {"long", "#!/" + std::string(300, 'x') + body, "shebang", "a longer path"},
      {"cut", "#!/bin/sh " + std::string(300, 'x') + body, "shebang", "argument is cut"},
      {"relative", "#!bin/sh" + body, "interpreter", "relative"},
      {"missing", "#!/no/such/sh" + body, "interpreter", "no such file"},
      {"folder", "#!/usr/bin" + body, "interpreter", "not a regular file"},
      {"nul", std::string("#!\0x\n", 5), "shebang", "no interpreter"},
      {"data", "#!/proc/self/status" + body, "interpreter", "not executable"},
      {"env-missing", "#!/usr/bin/env no-such-program" + body, "env", "none in "},
      {"env-blanks", "#!/usr/bin/env python3 -u" + body, "env", "`python3 -u`"},
      {"env-empty", "#!/usr/bin/env" + body, "env", "no program"},
      {"bash", "#!/bin/bash\nif true; then\n", "syntax", "syntax error"},
      {"python", "#!/usr/bin/env python3\nx = 1\ndef f(:\n", "syntax", "SyntaxError"},
  };
  const Project project;
  for (const FirstLine& line : lines) {
    SCOPED_TRACE(line.name);
    project.script(line.name, line.content);
    expect(project.check(line.name), line.check, line.found);
  }
  EXPECT_EQ(project.check("bash").place.line, 3);
  EXPECT_EQ(project.check("python").place.line, 3);
}

TEST(Scripts, InterpretersMayNotGoInCircles) {
  const Project project;
  project.script("a", "#!" + project.tree.str("b") + "\n");
  project.script("b", "#!" + project.tree.str("a") + "\n");
  expect(project.check("a"), "interpreter", "scripts that interpret each other");
}

TEST(Scripts, OnlyTheDeclaredPathCounts) {
  const Project project;
  project.script("x", "#!/usr/bin/env bash\n");
  project.script("tools/special", "#!/bin/sh\n");
  project.script("y", "#!/usr/bin/env special\n");
  ScriptOptions options;
  options.deployment_path = "/nowhere";
  expect(project.check("x", options), "env", "none in /nowhere");
  options.deployment_path = "/nowhere:" + project.tree.str("tools");
  EXPECT_EQ(project.check("y", options).status, Status::passed)
      << render(project.check("y", options));
}

TEST(Scripts, ComplaintsThatAreNoErrorsWarn) {
  const Project project;
  project.script("here", "#!/bin/bash\ncat <<END\nx\n");
  EXPECT_EQ(project.check("here").status, Status::warned) << render(project.check("here"));
}

TEST(Scripts, PythonCompilesWithoutAPyc) {
  const Project project;
  project.tree.write("good.py", "x = 1\n");
  project.tree.write("bad.py", "x = 1\n\nreturn x\n");
  project.tree.write("nul.py", std::string("x = '\0'\n", 8));
  EXPECT_EQ(check_compiles(project.tree.str(), "good.py").status, Status::passed);
  const CheckResult bad = check_compiles(project.tree.str(), "bad.py");
  EXPECT_EQ(bad.status, Status::failed);
  EXPECT_EQ(bad.place.line, 3);
  EXPECT_EQ(check_compiles(project.tree.str(), "nul.py").status, Status::failed);
  EXPECT_EQ(check_compiles(project.tree.str(), "absent.py").status, Status::failed);
  EXPECT_EQ(check_compiles(project.tree.str(), "good.py", "/no/python").status, Status::failed);
  EXPECT_FALSE(fs::exists(project.tree.path() / "__pycache__"));
}

TEST(Scripts, WhatIsKnownIsKnownOfTheStateThatItWasSeenIn) {
  const Project project;
  project.script("bin/one.py", "#!/usr/bin/python3\nprint(1)\n");
  project.script("bin/two.py", "#!/usr/bin/python3\nprint(2)\n");
  EXPECT_EQ(project.check("bin/one.py").status, Status::passed);
  EXPECT_EQ(project.check("bin/two.py").status, Status::passed);
  project.git({"update-index", "--chmod=-x", "bin/two.py"});
  expect(project.check("bin/two.py"), "git-mode", "mode 100644");
  project.git({"rm", "-q", "--cached", "bin/one.py"});
  expect(project.check("bin/one.py"), "tracked", "not in git's index");
  project.script("bin/one.py", "#!/usr/bin/python3\nprint(1\n");
  expect(project.check("bin/one.py"), "syntax", "SyntaxError");
  EXPECT_EQ(check_compiles(project.tree.str(), "bin/two.py").status, Status::passed);
}

TEST(Programs, AreEndedAtTheDeadlineWithAllTheyStarted) {
  const TempTree tree;
  ProgramCall call{"slow",
                   {"/bin/sh", "-c", "setsid sleep 300 & echo $!; exec sleep 300"},
                   plain_environment(),
                   tree.str()};
  const auto output = run_program(call, Deadline(std::chrono::milliseconds(300)));
  ASSERT_FALSE(output.ok());
  EXPECT_EQ(output.error().code, "timeout");
  ProgramCall leaving{"leaving",
                      {"/bin/sh", "-c", "sleep 300 >/dev/null 2>&1 & echo done"},
                      plain_environment(),
                      tree.str()};
  const auto left = run_program(leaving, Deadline(std::chrono::seconds(20)));
  ASSERT_TRUE(left.ok());
  EXPECT_EQ(trim(left->out), "done");
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
    std::error_code gone;
    const fs::path cwd = fs::read_symlink(entry.path() / "cwd", gone);
    EXPECT_TRUE(gone || cwd != fs::canonical(tree.path())) << entry.path();
  }
}

TEST(Programs, LongOutputIsWholeUpToItsBound) {
  ProgramCall call{"long",
                   {"/bin/sh", "-c", "head -c 500000 /dev/zero | tr '\\0' x; echo e >&2"},
                   plain_environment(),
                   ""};
  const auto output = run_program(call, Deadline(std::chrono::seconds(20)));
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(trim(output->out).size(), 500'000u);
  EXPECT_EQ(output->err, "e\n");
}

}  // namespace
}  // namespace muster::preflight
