#include "preflight/script_shebang.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <random>

#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "testing/temp_tree.hpp"

namespace muster::preflight {
namespace {

using muster::testing::TempTree;

constexpr const char* probe_variable = "MUSTER_SHEBANG_PROBE";

/// This test program is also the interpreter of the scripts below: it prints what the kernel gave
/// it, each argument ended by a NUL, and is gone before any test runs.
const bool probed = [] {
  if (std::getenv(probe_variable) == nullptr) return false;
  const UniqueFd file(::open("/proc/self/cmdline", O_RDONLY));
  char buffer[8192];
  const ssize_t size = ::read(file.get(), buffer, sizeof buffer);
  const bool told = size > 0 && ::write(1, buffer, static_cast<std::size_t>(size)) == size;
  ::_exit(told ? 0 : 1);
}();

/// What execve made of a script: the interpreter's arguments, or its errno.
std::string run(const std::string& script, const std::string& cwd) {
  int out[2];
  int failure[2];
  if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(failure, O_CLOEXEC) != 0) return "pipe";
  std::string name = script;
  std::string variable = std::string(probe_variable) + "=1";
  char* argv[] = {name.data(), nullptr};
  char* envp[] = {variable.data(), nullptr};
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(out[1], 1);
    if (::chdir(cwd.c_str()) == 0) ::execve(name.c_str(), argv, envp);
    const int why = errno;
    const ssize_t told = ::write(failure[1], &why, sizeof why);
    ::_exit(told == sizeof why ? 126 : 125);
  }
  ::close(out[1]);
  ::close(failure[1]);
  const UniqueFd from(out[0]);
  const UniqueFd why_from(failure[0]);
  std::string printed;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(from.get(), buffer, sizeof buffer)) > 0;)
    printed.append(buffer, static_cast<std::size_t>(got));
  int why = 0;
  const bool failed = ::read(why_from.get(), &why, sizeof why) == sizeof why;
  ::waitpid(child, nullptr, 0);
  return failed ? std::string("errno ") + ::strerrorname_np(why) : printed;
}

/// What it should make of it by our reading.
std::string expected(const std::string& content, const std::string& script,
                     const std::string& cwd) {
  const Shebang shebang = parse_shebang(std::string_view(content).substr(0, shebang_bytes));
  if (shebang.verdict != Shebang::Verdict::parsed) return "errno ENOEXEC";
  const std::string& name = shebang.interpreter;
  // A NUL behind `#!` leaves an empty name, which leads to the folder it is run in.
  const std::string path = name.starts_with('/') ? name : cwd + "/" + name;
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::string("errno ") + ::strerrorname_np(errno);
  if (!S_ISREG(info.st_mode) || ::access(path.c_str(), X_OK) != 0) return "errno EACCES";
  if (path.ends_with("/no-program")) return "errno ENOEXEC";
  std::string arguments = name + '\0';
  if (shebang.argument) arguments += *shebang.argument + '\0';
  return arguments + script + '\0';
}

/// First lines of every kind that the rules tell apart, and mixtures of their pieces.
std::vector<std::string> first_lines(const std::string& interpreter) {
  std::vector<std::string> lines{"",
                                 "#",
                                 "#!",
                                 "#!\n",
                                 "# !" + interpreter,
                                 " #!" + interpreter,
                                 "#!   \t \n",
                                 "\xEF\xBB\xBF#!" + interpreter,
                                 "#!" + interpreter,
                                 "#!" + interpreter + "\n",
                                 "#!" + interpreter + "\r\n",
                                 "#! " + interpreter + " -a\n",
                                 "#!\t" + interpreter + "\t-a -b\t\n",
                                 "#!" + interpreter + " -a  ",
                                 "#!" + interpreter + " -a -b c \n",
                                 "#!" + interpreter + std::string(1, '\0') + "x -a\n",
                                 "#!" + std::string(1, '\0') + "\n",
                                 "#!./p -x\n",
                                 "#!p\n",
                                 "#!/nowhere/at/all\n",
                                 "#!/\n",
                                 "#!/tmp\n",
                                 "#!./data\n",
                                 "#!./no-program\n"};
  // Every length around the 256 bytes, with and without a line end, with blanks or an argument.
  for (std::size_t size = 250; size <= 262; ++size) {
    const auto padded = [size](std::string line, char with) {
      if (line.size() < size) line.append(size - line.size(), with);
      return line;
    };
    for (const char* end : {"", "\n"}) {
      lines.push_back(padded("#!" + interpreter, ' ') + end);
      lines.push_back(padded("#!" + interpreter + " ", 'a') + end);
      lines.push_back(padded("#!" + interpreter + " a", ' ') + "b" + end);
      lines.push_back(padded("#!/", 'x') + end);
      lines.push_back(padded("#!", ' ') + interpreter + end);
      lines.push_back(padded("#!" + std::string(size - 3 - interpreter.size(), ' '), ' ') +
                      interpreter + end);
      std::string slashes = "#!" + interpreter;
      slashes.insert(2, size > slashes.size() ? size - slashes.size() : 0, '/');
      lines.push_back(slashes + end);
      lines.push_back(slashes + " b" + end);
    }
  }
  std::mt19937 random(20'240'101);
  const std::vector<std::string> pieces{interpreter, " ",  "\t", "-a", "b c",  std::string(1, '\0'),
                                        "\r",        "\n", "x",  "'",  "\xFF", "  \t "};
  while (lines.size() < 480) {
    std::string line = random() % 16 == 0 ? "#" : "#!";
    if (random() % 3 != 0) line += interpreter;
    for (std::size_t i = random() % 7; i > 0; --i) line += pieces[random() % pieces.size()];
    if (random() % 4 != 0) line += "\n";
    lines.push_back(line);
  }
  return lines;
}

TEST(ShebangConformance, EveryFirstLineReadsAsExecveReadsIt) {
  const TempTree tree;
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  ASSERT_FALSE(failed);
  std::filesystem::create_symlink(self, tree.path() / "p");
  tree.write("data", "x\n");
  tree.write("no-program", "x\n");
  ASSERT_EQ(::chmod(tree.str("no-program").c_str(), 0755), 0);
  std::size_t equal = 0;
  std::size_t all = 0;
  for (const std::string& line : first_lines(tree.str("p"))) {
    const std::string script = tree.str("script-" + std::to_string(all++));
    tree.write(script.substr(tree.str().size()), line);
    ASSERT_EQ(::chmod(script.c_str(), 0755), 0);
    const std::string real = run(script, tree.str());
    const std::string ours = expected(line, script, tree.str());
    EXPECT_EQ(printable(real), printable(ours)) << printable(line);
    if (real == ours) ++equal;
  }
  std::cout << "shebang " << equal << "/" << all << "\n";
}

TEST(Shebang, LoopsAreFollowedAsFarAsTheKernelFollowsThem) {
  const TempTree tree;
  const auto self = std::filesystem::read_symlink("/proc/self/exe");
  std::filesystem::create_symlink(self, tree.path() / "p0");
  for (int depth = 1; depth <= 7; ++depth) {
    const std::string script = tree.str("p" + std::to_string(depth));
    tree.write("p" + std::to_string(depth),
               "#!" + tree.str("p" + std::to_string(depth - 1)) + "\n");
    ASSERT_EQ(::chmod(script.c_str(), 0755), 0);
    const bool runs = !run(script, tree.str()).starts_with("errno");
    const Shebang shebang = parse_shebang(read_head(script));
    EXPECT_EQ(resolve_interpreter(shebang.interpreter).ok(), runs) << depth << " scripts deep";
  }
}

std::string env(const std::string& argument) {
  const Result<EnvProgram> read = parse_env_argument(argument);
  if (!read) return read.error().code;
  return read->program + (read->path ? " on " + *read->path : "");
}

TEST(ShebangEnv, SplitsAsEnvDoes) {
  EXPECT_EQ(env("python3"), "python3");
  EXPECT_EQ(env("python3 -u"), "env_blanks");
  EXPECT_EQ(env("-S python3 -u"), "python3");
  EXPECT_EQ(env("-Spython3 -u"), "python3");
  EXPECT_EQ(env("--split-string=python3 -u"), "python3");
  EXPECT_EQ(env("-vS python3"), "python3");
  EXPECT_EQ(env("-S -i -u HOME -C / A=b PATH=/opt/bin:/bin bash -e"), "bash on /opt/bin:/bin");
  EXPECT_EQ(env("-S -- bash"), "bash");
  EXPECT_EQ(env("-S 'my tool' x"), "my tool");
  EXPECT_EQ(env("-S \"a\\_b\""), "a b");
  EXPECT_EQ(env("-S a\\_b"), "a");
  EXPECT_EQ(env("-S bash # comment"), "bash");
  EXPECT_EQ(env("-S 'bash"), "env_quote");
  EXPECT_EQ(env("-S"), "env_empty");
  EXPECT_EQ(env("-S A=b"), "env_empty");
  EXPECT_EQ(env("-i"), "env_option");
  EXPECT_EQ(env(""), "env_empty");
}

}  // namespace
}  // namespace muster::preflight
