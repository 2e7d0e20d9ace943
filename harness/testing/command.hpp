#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "testing/temp_tree.hpp"

namespace muster::testing {

/// How a program ended and what it printed.
struct Finished {
  int exit_code = -1;  ///< 128 + signal when a signal ended it
  std::string out;
  std::string err;

  /// All of it, for a golden file.
  std::string text() const {
    return "exit " + std::to_string(exit_code) + "\n--- out\n" + out + "--- err\n" + err;
  }
};

/// A program that is run from outside, as a user runs it: no shell, no colours, its output kept
/// whole.
class Command {
 public:
  explicit Command(std::string program) : words_{std::move(program)} {}

  Command& arg(std::string word) {
    words_.push_back(std::move(word));
    return *this;
  }
  Command& args(std::vector<std::string> words) {
    for (auto& word : words) words_.push_back(std::move(word));
    return *this;
  }
  Command& in(std::string folder) {
    folder_ = std::move(folder);
    return *this;
  }
  Command& input(std::string text) {
    input_ = std::move(text);
    return *this;
  }
  Command& env(std::string name, std::string value) {
    environment_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  /// Standard output goes to this file instead.
  Command& to(std::string file) {
    output_ = std::move(file);
    return *this;
  }

  Finished run() {
    const TempTree tree;
    tree.write("in", input_);
    const std::string out = output_.empty() ? tree.str("out") : output_;
    std::vector<char*> argv;
    for (auto& word : words_) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("cannot fork");
    if (child == 0) become(argv, tree.str("in"), out, tree.str("err"));
    int status = 0;
    ::waitpid(child, &status, 0);
    Finished done;
    done.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (output_.empty()) done.out = tree.read("out");
    done.err = tree.read("err");
    return done;
  }

 private:
  [[noreturn]] void become(const std::vector<char*>& argv, const std::string& in,
                           const std::string& out, const std::string& err) const {
    const auto redirect = [](const std::string& file, int flags, int to) {
      const int fd = ::open(file.c_str(), flags, 0600);
      if (fd < 0 || ::dup2(fd, to) < 0) ::_exit(125);
    };
    redirect(in, O_RDONLY, STDIN_FILENO);
    redirect(out, O_WRONLY | O_CREAT | O_APPEND, STDOUT_FILENO);
    redirect(err, O_WRONLY | O_CREAT, STDERR_FILENO);
    for (const char* name : {"FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR"}) ::unsetenv(name);
    for (const auto& [name, value] : environment_) ::setenv(name.c_str(), value.c_str(), 1);
    if (!folder_.empty() && ::chdir(folder_.c_str()) != 0) ::_exit(125);
    ::execv(argv.front(), argv.data());
    ::_exit(127);
  }

  std::vector<std::string> words_;
  std::string folder_;
  std::string input_;
  std::string output_;
  std::vector<std::pair<std::string, std::string>> environment_;
};

}  // namespace muster::testing
