// The command line from outside: exact words of help and usage errors, exit codes 0, 1 and 2 and no
// other.
#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "testing/command.hpp"
#include "testing/golden.hpp"
#include "testing/temp_tree.hpp"

namespace muster::app {
namespace {

using ::muster::testing::Command;
using ::muster::testing::expect_golden;
using ::muster::testing::Finished;
using ::muster::testing::TempTree;
using ::testing::HasSubstr;

constexpr const char* kRunner = MUSTER_BIN_DIR "/muster_probes";

constexpr const char* kFeature = R"(Feature: Outcomes
  @good
  Scenario: passes
    Given a step that passes

  @bad
  Scenario: throws
    When a step throws 42

  @missing
  Scenario: is undefined
    When a step that pases

  @later
  Scenario: is pending
    When a step is pending

  @skipped
  Scenario: is skipped
    When a step skips the rest

  @exit
  Scenario: leaves
    When a step calls exit with 0

  @endless
  Scenario: waits
    When a step never returns
)";

std::string as_muster(std::string text) {
  const std::string name = "muster_probes";
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
    text.replace(at, name.size(), "muster");
  }
  return text;
}

/// One call and what it must come to: `Cli().args({"rnu"}).err("…").status(1);` In a folder with
/// features/outcomes.feature and a runtime directory of its own.
class Cli {
 public:
  explicit Cli(std::vector<std::string> words) {
    tree_.write("features/outcomes.feature", kFeature);
    done_ = Command(kRunner)
                .args(words)
                .in(tree_.str())
                .env("MUSTER_RUNTIME_DIR", tree_.str("runtime"))
                .run();
    for (const auto& word : words) call_ += " " + word;
    done_.out = as_muster(done_.out);
    done_.err = as_muster(done_.err);
  }

  Cli& status(int expected) {
    EXPECT_EQ(done_.exit_code, expected) << "muster" << call_ << "\n" << done_.text();
    return *this;
  }
  Cli& out(const std::string& expected) {
    EXPECT_EQ(done_.out, expected) << "muster" << call_;
    return *this;
  }
  Cli& err(const std::string& expected) {
    EXPECT_EQ(done_.err, expected) << "muster" << call_;
    return *this;
  }
  Cli& err_has(const std::string& words) {
    EXPECT_THAT(done_.err, HasSubstr(words)) << "muster" << call_;
    return *this;
  }
  Cli& out_has(const std::string& words) {
    EXPECT_THAT(done_.out, HasSubstr(words)) << "muster" << call_;
    return *this;
  }
  const Finished& done() const { return done_; }

 private:
  TempTree tree_;
  Finished done_;
  std::string call_;
};

/// The names below "Subcommands:" of a help text, without aliases.
std::vector<std::string> commands_in(const std::string& help) {
  std::vector<std::string> names;
  auto at = help.find("\nSubcommands:\n");
  if (at == std::string::npos) return names;
  at = help.find('\n', at + 1) + 1;
  while (at < help.size() && help.compare(at, 2, "  ") == 0) {
    const auto end = help.find_first_of(" ,\n", at + 2);
    if (help[at + 2] != ' ') names.push_back(help.substr(at + 2, end - at - 2));
    at = help.find('\n', at) + 1;
  }
  return names;
}

void collect_help(const std::vector<std::string>& path, std::string& all) {
  auto words = path;
  words.push_back("--help");
  const Cli call(words);
  const std::string& help = call.done().out;
  EXPECT_EQ(call.done().exit_code, 0);
  EXPECT_EQ(call.done().err, "");
  const auto below = commands_in(help);
  std::string title = "muster";
  for (const auto& word : path) title += " " + word;
  EXPECT_THAT(help, HasSubstr("Example")) << title << " has no example";
  all += "$ " + title + " --help\n" + help + "\n";
  for (const auto& name : below) {
    auto inner = path;
    inner.push_back(name);
    collect_help(inner, all);
  }
}

TEST(CommandLine, EveryCommandHasHelpWithAnExample) {
  std::string all;
  collect_help({}, all);
  for (const std::string name :
       {"run", "plan", "merge", "parse", "match", "list", "steps", "check", "completion"}) {
    EXPECT_THAT(all, HasSubstr("$ muster " + name + " --help\n"));
  }
  expect_golden("app/help.txt", all);
}

TEST(CommandLine, TellsItsVersion) {
  Cli({"--version"}).status(0).out(std::string("muster ") + MUSTER_VERSION + "\n").err("");
}

TEST(UsageErrors, NameTheNearestCommand) {
  Cli({"rnu"}).status(1).out("").err(
      "muster: A subcommand is required\n"
      "  hint: did you mean muster run?\n"
      "  hint: muster --help\n");
  Cli({"completoin", "bash"}).status(1).err_has("did you mean muster completion?");
}

TEST(UsageErrors, NameTheNearestCommandBelowACommand) {
  Cli({"profile", "scrits", "x.sh"})
      .status(1)
      .err_has("  hint: did you mean muster profile scripts?\n  hint: muster profile --help\n");
}

TEST(UsageErrors, NameTheNearestOption) {
  Cli({"run", "--tgas", "@good"})
      .status(1)
      .out("")
      .err_has("  hint: did you mean --tags?\n  hint: muster run --help\n");
  Cli({"profile", "scripts", "x.sh", "--jso"}).status(1).err_has("did you mean --json?");
}

TEST(UsageErrors, WithoutACommandShowWhereToRead) {
  Cli(std::vector<std::string>{})
      .status(1)
      .out("")
      .err("muster: A subcommand is required\n  hint: muster --help\n");
}

TEST(UsageErrors, HostileWordsStayHarmless) {
  Cli call({"run", "--\x1b[2Jtags"});
  call.status(1);
  EXPECT_EQ(call.done().err.find('\x1b'), std::string::npos);
}

TEST(UsageErrors, AreFailuresForEveryCommand) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"run", "--jobs", "many"},
                                             {"run", "--format"},
                                             {"run", "--color", "purple"},
                                             {"run", "--format", "prety"},
                                             {"run", "--plan", "features/outcomes.feature"},
                                             {"plan", "--shards", "2"},
                                             {"plan", "--shards", "0", "-o", "plan"},
                                             {"merge", "features/outcomes.feature", "."},
                                             {"merge", "no-plan", "."},
                                             {"list", "--format", "xml"},
                                             {"completion"},
                                             {"completion", "tcsh"},
                                             {"completion", "man"},
                                             {"match"},
                                             {"parse", "no/such.feature"},
                                             {"run", "no/such.feature"},
                                             {"run", "features/outcomes.feature:9999"},
                                             {"list", "--tags", "@good and"}}) {
    const Cli call(words);
    EXPECT_EQ(call.done().exit_code, 1) << ::testing::PrintToString(words) << call.done().text();
    EXPECT_NE(call.done().err, "") << ::testing::PrintToString(words);
    EXPECT_EQ(call.done().out, "") << ::testing::PrintToString(words);
  }
}

TEST(DidYouMean, Tags) {
  Cli({"run", "--tags", "@god"}).status(1).err_has("did you mean @good?");
  Cli({"list", "--tags", "@god"}).status(1).err_has("did you mean @good?");
}

TEST(DidYouMean, StepTexts) {
  Cli({"check", "--tags", "@missing"}).status(1).out_has("did you mean");
}

TEST(ExitCodes, FollowTheVerdict) {
  Cli({"run", "--tags", "@good"}).status(0);
  Cli({"run", "--tags", "@skipped"}).status(0);
  for (const std::string tag : {"@bad", "@missing", "@later", "@exit", "@endless"}) {
    Cli({"run", "--tags", tag}).status(1);
  }
  Cli({"run", "--tags", "@nobody"}).status(1).err_has("no scenario is selected");
}

/// A running muster that is interrupted once its first step has begun.
int interrupted_exit_code(const TempTree& tree) {
  int out[2];
  if (::pipe(out) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(out[1], 1);
    ::close(out[0]);
    ::close(out[1]);
    ::setenv("MUSTER_RUNTIME_DIR", tree.str("runtime").c_str(), 1);
    if (::chdir(tree.str().c_str()) != 0) ::_exit(127);
    ::execl(kRunner, kRunner, "run", "endless.feature", "--format", "message", nullptr);
    ::_exit(127);
  }
  ::close(out[1]);
  std::string told;
  bool sent = false;
  char bytes[4096];
  for (ssize_t n = 0; (n = ::read(out[0], bytes, sizeof bytes)) != 0;) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    told.append(bytes, static_cast<std::size_t>(n));
    if (!sent && told.find("\"testStepStarted\"") != std::string::npos) {
      sent = true;
      ::kill(child, SIGINT);
    }
  }
  ::close(out[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(sent) << told;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(ExitCodes, AnInterruptIsTwo) {
  const TempTree tree;
  std::string feature = "Feature: Endless\n";
  for (int i = 0; i < 50; ++i) {
    feature += "  Scenario: waits " + std::to_string(i) + "\n    When a step never returns\n";
  }
  tree.write("endless.feature", feature);
  EXPECT_EQ(interrupted_exit_code(tree), 2);
}

TEST(Completion, OffersWhatTheCommandsDeclare) {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    Cli call({"completion", shell});
    call.status(0).err("");
    for (const std::string word : {"run", "scripts", "allow-no-steps", "tags"}) {
      EXPECT_THAT(call.done().out, HasSubstr(word)) << shell;
    }
  }
}

TEST(Completion, WritesAManualPagePerCommand) {
  const TempTree tree;
  tree.write("man/keep", "");
  Cli({"completion", "man", "--output", tree.str("man")}).status(0).out("").err("");
  const std::string page = as_muster(tree.read("man/muster_probes-profile-scripts.1"));
  EXPECT_THAT(page, HasSubstr(".SH NAME\nmuster\\-profile\\-scripts \\- Checks that scripts"));
  EXPECT_THAT(page, HasSubstr("\\fB\\-\\-json\\fR"));
  EXPECT_THAT(page, HasSubstr(".SH EXIT STATUS\n"));
  EXPECT_THAT(as_muster(tree.read("man/muster_probes.1")), HasSubstr(".SH COMMANDS\n.TP\n"));
}

}  // namespace
}  // namespace muster::app
