#include "runtimes/verify.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "process/proc_fs.hpp"
#include "runtimes/probe_cache.hpp"
#include "runtimes/row_for_tests.hpp"

namespace muster::runtimes {
namespace {

using namespace std::chrono_literals;
using testing::command;
using testing::row;

class Verify : public ::testing::Test {
 protected:
  Verdict one(const Runtime& runtime) {
    const Result<std::vector<Verdict>> verdicts = verify({runtime}, options());
    EXPECT_TRUE(verdicts.ok()) << verdicts.error().message;
    return verdicts.ok() ? verdicts->at(0) : Verdict();
  }
  Verdict one(const std::string& script, Json more = Json::object(), Json top = Json::object()) {
    programs.add("probe", script);
    return one(row("test.probe", Json::array({command("probe", std::move(more))}), std::move(top)));
  }
  VerifyOptions options() {
    VerifyOptions made;
    made.search_path = programs.path();
    made.limits.timeout = timeout;
    made.cache = cache;
    return made;
  }

  testing::Programs programs;
  std::chrono::milliseconds timeout{10'000};
  ProbeCache* cache = nullptr;
};

TEST_F(Verify, SeesVersionAndPath) {
  const Verdict verdict = one("#!/bin/sh\necho Probe 3.11.2\n", {{"pattern", "Probe 3\\."}});
  EXPECT_TRUE(verdict.available);
  EXPECT_EQ(verdict.reason, Reason::ok);
  EXPECT_EQ(verdict.version, "3.11.2");
  EXPECT_EQ(verdict.binary_path, programs.folder() + "/probe");
  EXPECT_EQ(verdict.exit_code, 0);
  EXPECT_EQ(verdict.name, "probe");
}

TEST_F(Verify, SearchesThePatternInBothStreams) {
  EXPECT_EQ(one("#!/bin/sh\necho Probe 2.7.18 >&2\n", {{"pattern", "^Probe"}}).version, "2.7.18");
  EXPECT_EQ(one("#!/bin/sh\necho other 1.2; echo Probe 2.7.18 >&2\n", {{"pattern", "Probe (.*)"}})
                .version,
            "2.7.18");
  EXPECT_EQ(one("#!/bin/sh\necho other 1.2\n", {{"pattern", "Probe"}}).reason,
            Reason::pattern_mismatch);
}

TEST_F(Verify, TakesPatternsThatRe2Refuses) {
  const Json look_behind{{"pattern", "(?<=Probe )\\d+\\.\\d+"}};
  EXPECT_EQ(one("#!/bin/sh\necho old 1.0 Probe 3.2\n", look_behind).version, "3.2.0");
  EXPECT_EQ(one("#!/bin/sh\necho 3.2\n", look_behind).reason, Reason::pattern_mismatch);
  EXPECT_EQ(one("#!/bin/sh\necho x\n", {{"pattern", "(unclosed"}}).reason, Reason::bad_pattern);
  const std::string many(40'000, 'a');
  EXPECT_EQ(one("#!/bin/sh\necho " + many + "b\n", {{"pattern", "(?=(a+)+c)"}}).reason,
            Reason::bad_pattern);
}

TEST_F(Verify, TellsItsReasons) {
  EXPECT_EQ(one(row("test.none", Json::array({command("no-such-program")}))).reason,
            Reason::binary_missing);
  programs.add("plain", "text", 0644);
  EXPECT_EQ(one(row("test.plain", Json::array({command("plain")}))).reason, Reason::not_executable);
  EXPECT_EQ(one("#!/no/such/interpreter\n").reason, Reason::not_executable);
  EXPECT_EQ(one("neither a script nor a program").reason, Reason::not_executable);
  EXPECT_EQ(one(row("test.folder", Json::array({command("/usr")}))).reason, Reason::not_executable);

  const Verdict exit = one("#!/bin/sh\necho no; exit 3\n");
  EXPECT_EQ(exit.reason, Reason::exit_mismatch);
  EXPECT_EQ(exit.exit_code, 3);
  EXPECT_TRUE(one("#!/bin/sh\nexit 3\n", {{"exit_code", 3}}).available);

  const Verdict killed = one("#!/bin/sh\nkill -SEGV $$\n");
  EXPECT_EQ(killed.reason, Reason::signalled);
  EXPECT_EQ(killed.term_signal, SIGSEGV);

  Runtime bare;
  bare.ref = "test.bare";
  bare.name = "Bare";
  EXPECT_EQ(one(bare).reason, Reason::no_metadata);
  bare.distributions = {{"verification", {{"commands", {{{"binary", "sh"}, {"args", {1}}}}}}}};
  EXPECT_EQ(one(bare).reason, Reason::no_metadata);
  EXPECT_NE(one(bare).detail.find("verification.commands[0].args"), std::string::npos);
  for (const Json& need : {Json{{"always_available", true}}, Json{{"check_required", false}}}) {
    bare.distributions = {{"verification", need}};
    const Verdict always = one(bare);
    EXPECT_TRUE(always.available);
    EXPECT_EQ(always.reason, Reason::always_available);
  }
}

TEST_F(Verify, HoldsTheLeastVersion) {
  const Json least{{"min_version", "3.8"}};
  EXPECT_TRUE(one("#!/bin/sh\necho 3.8.0\n", {}, least).available);
  const Verdict old = one("#!/bin/sh\necho 3.7.17\n", Json::object(), least);
  EXPECT_EQ(old.reason, Reason::below_min_version);
  EXPECT_EQ(old.version, "3.7.17");
  EXPECT_EQ(one("#!/bin/sh\necho 3.8.0rc1\n", Json::object(), least).reason,
            Reason::below_min_version);
  EXPECT_EQ(one("#!/bin/sh\necho none\n", Json::object(), least).reason, Reason::below_min_version);
  EXPECT_EQ(one("#!/bin/sh\necho 3.8\n", Json::object(), {{"min_version", "x"}}).reason,
            Reason::no_metadata);
}

TEST_F(Verify, TriesCommandsByPriorityUntilOneSucceeds) {
  programs.add("first", "#!/bin/sh\necho first >>" + programs.folder() + "/log; exit 1\n");
  programs.add("second", "#!/bin/sh\necho second >>" + programs.folder() + "/log; echo 2.0\n");
  programs.add("third", "#!/bin/sh\necho third >>" + programs.folder() + "/log; echo 3.0\n");
  const Verdict verdict =
      one(row("test.some", Json::array({command("third", {{"priority", 30}}),
                                        command("second", {{"priority", 20}}),
                                        command("first", {{"priority", -1}})})));
  EXPECT_TRUE(verdict.available);
  EXPECT_EQ(verdict.version, "2.0.0");
  EXPECT_EQ(programs.read("log"), "first\nsecond\n");
}

TEST_F(Verify, BlamesTheFirstThatWasThere) {
  programs.add("there", "#!/bin/sh\nexit 4\n");
  programs.add("maybe", "#!/bin/sh\nkill -9 $$\n");
  EXPECT_EQ(one(row("test.a", Json::array({command("missing"), command("there")}))).reason,
            Reason::exit_mismatch);
  EXPECT_EQ(
      one(row("test.b", Json::array({command("maybe", {{"optional", true}}), command("there")})))
          .reason,
      Reason::exit_mismatch);
  EXPECT_EQ(one(row("test.c", Json::array({command("maybe", {{"optional", true}})}))).reason,
            Reason::signalled);
}

TEST_F(Verify, AHangingProbeEndsAtTheTimeoutBesideTheOthers) {
  timeout = 400ms;
  const std::string mark = "hang" + std::to_string(::getpid());
  programs.add("hang", "#!/bin/sh\ntrap '' TERM INT HUP\nsleep 86399 " + mark + " & sleep 86399\n");
  programs.add("good", "#!/bin/sh\necho 1.0\n");
  std::vector<Runtime> rows;
  for (int i = 0; i < 12; ++i) {
    rows.push_back(row("test.r" + std::to_string(i),
                       Json::array({command(i % 4 == 3 ? "good" : "hang", {{"args", {mark}}})})));
  }
  const auto begun = std::chrono::steady_clock::now();
  const Result<std::vector<Verdict>> verdicts = verify(rows, options());
  const auto took = std::chrono::steady_clock::now() - begun;
  ASSERT_TRUE(verdicts.ok()) << verdicts.error().message;
  for (std::size_t i = 0; i < rows.size(); ++i)
    EXPECT_EQ((*verdicts)[i].reason, i % 4 == 3 ? Reason::ok : Reason::timeout) << i;
  EXPECT_GE(took, 400ms);
  EXPECT_LT(took, 3s) << "one after another they would take longer";
  for (pid_t pid : process::all_pids())
    EXPECT_EQ(process::command_of(pid).find(mark), std::string::npos) << process::command_of(pid);
}

TEST_F(Verify, AFloodingProbeIsCapped) {
  timeout = 700ms;
  const Verdict endless = one("#!/bin/sh\nexec yes Probe 1.0\n", {{"pattern", "Probe"}});
  EXPECT_EQ(endless.reason, Reason::timeout);
  timeout = 10s;
  // the pattern is searched in what is kept alone
  const Verdict much =
      one("#!/bin/sh\nhead -c 30000000 /dev/zero | tr '\\0' x\necho; echo Probe 1.0\n",
          {{"pattern", "Probe"}});
  EXPECT_EQ(much.reason, Reason::pattern_mismatch);
  EXPECT_LT(much.detail.size(), 400u);
}

TEST_F(Verify, ADaemonOfAProbeDiesWithIt) {
  const std::string mark = "daemon" + std::to_string(::getpid());
  const Verdict verdict = one("#!/bin/sh\nsetsid env -i /bin/sh -c 'trap \"\" TERM HUP; echo $$ >" +
                              programs.folder() + "/pid; while :; do /bin/sleep 86398; done' " +
                              mark + " </dev/null >/dev/null 2>&1 &\nwhile [ ! -s " +
                              programs.folder() + "/pid ]; do :; done\necho Probe 1.0\n");
  EXPECT_TRUE(verdict.available) << verdict.detail;
  EXPECT_NE(programs.read("pid"), "") << "the daemon never ran";
  for (pid_t pid : process::all_pids()) {
    const std::string found = process::command_of(pid);
    EXPECT_EQ(found.find(mark), std::string::npos) << found;
  }
}

TEST_F(Verify, AProbeSeesNoSecretAndNoPlace) {
  ::setenv("MUSTER_TEST_TOKEN", "planted-canary-8731", 1);
  const Verdict verdict =
      one("#!/bin/sh\nenv >" + programs.folder() + "/env; pwd >" + programs.folder() +
          "/cwd; cat >" + programs.folder() + "/stdin; ls -l /proc/self/fd >" + programs.folder() +
          "/fds\nenv; echo 1.0\n");
  ::unsetenv("MUSTER_TEST_TOKEN");
  EXPECT_TRUE(verdict.available) << verdict.detail;
  const std::string environment = programs.read("env");
  EXPECT_NE(environment.find("PATH=" + programs.path()), std::string::npos) << environment;
  EXPECT_EQ(environment.find("planted-canary"), std::string::npos) << environment;
  EXPECT_EQ(environment.find("TOKEN"), std::string::npos) << environment;
  EXPECT_EQ(programs.read("cwd"), "/\n");
  EXPECT_EQ(programs.read("stdin"), "");
  EXPECT_EQ(programs.read("fds").find("socket:"), std::string::npos) << programs.read("fds");
}

TEST_F(Verify, RelativeFoldersOfThePathAreNotSearched) {
  EXPECT_EQ(absolute_folders("bin::/usr/bin:.:/bin"), "/usr/bin:/bin");
  EXPECT_EQ(absolute_folders("."), "");
}

TEST_F(Verify, RemembersAProbeAsLongAsTheFileIsTheSame) {
  ProbeCache remembered;
  cache = &remembered;
  const std::string log = programs.folder() + "/log";
  const auto script = [&log](const std::string& version) {
    return "#!/bin/sh\necho ran >>" + log + "; echo " + version + "\n";
  };
  const Verdict first = one(script("1.0.0"));
  EXPECT_FALSE(first.cached);
  const Runtime same = row("test.probe", Json::array({command("probe")}));
  const Verdict second = one(same);
  EXPECT_TRUE(second.cached);
  EXPECT_EQ(second.version, "1.0.0");
  EXPECT_EQ(programs.read("log"), "ran\n");

  // other arguments, another pattern: the first is another probe, the second is not
  EXPECT_FALSE(one(row("test.probe", Json::array({command("probe", {{"args", {"-v"}}})}))).cached);
  const Verdict judged =
      one(row("test.probe", Json::array({command("probe", {{"pattern", "absent"}})})));
  EXPECT_TRUE(judged.cached);
  EXPECT_EQ(judged.reason, Reason::pattern_mismatch);

  const Verdict changed = one(script("12.0.0"));
  EXPECT_FALSE(changed.cached);
  EXPECT_EQ(changed.version, "12.0.0");
  VerifyOptions fresh = options();
  fresh.fresh = true;
  EXPECT_FALSE(verify({same}, fresh)->at(0).cached);
}

TEST_F(Verify, DoesNotRememberATimeoutAndForgetsTheLeastUsed) {
  ProbeCache remembered(2);
  ProbeOutcome outcome;
  outcome.end = ProbeOutcome::End::timeout;
  remembered.store({"/a", 1, 1, {}}, outcome);
  EXPECT_EQ(remembered.size(), 0u);
  outcome.end = ProbeOutcome::End::exited;
  remembered.store({"/a", 1, 1, {}}, outcome);
  remembered.store({"/b", 1, 1, {}}, outcome);
  EXPECT_TRUE(remembered.find({"/a", 1, 1, {}}));
  remembered.store({"/c", 1, 1, {}}, outcome);
  EXPECT_TRUE(remembered.find({"/a", 1, 1, {}}));
  EXPECT_FALSE(remembered.find({"/b", 1, 1, {}}));
  EXPECT_FALSE(remembered.find({"/a", 2, 1, {}}));
  EXPECT_EQ(remembered.size(), 2u);
}

TEST_F(Verify, IsStoppedFromOutside) {
  programs.add("probe", "#!/bin/sh\n: >" + programs.folder() + "/started; sleep 86397\n");
  std::stop_source stop;
  VerifyOptions stoppable = options();
  stoppable.stop = stop.get_token();
  const auto begun = std::chrono::steady_clock::now();
  std::jthread stopper([&] {
    while (::access((programs.folder() + "/started").c_str(), F_OK) != 0) std::this_thread::yield();
    stop.request_stop();
  });
  const Result<std::vector<Verdict>> verdicts =
      verify({row("test.probe", Json::array({command("probe")}))}, stoppable);
  ASSERT_FALSE(verdicts.ok());
  EXPECT_EQ(verdicts.error().code, "cancelled");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
}

TEST_F(Verify, ManyAtOnceDoNotTakeEachOthersProbes) {
  std::vector<Runtime> rows;
  for (int i = 0; i < 6; ++i) {
    const std::string name = "p" + std::to_string(i);
    programs.add(name, "#!/bin/sh\necho " + name + " 1." + std::to_string(i) + "\n");
    rows.push_back(row("many." + name, Json::array({command(name)})));
  }
  std::vector<std::jthread> threads;
  std::atomic<int> there = 0;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      for (const Verdict& verdict : verify(rows, options()).value_or_throw()) {
        there += verdict.available ? 1 : 0;
        EXPECT_TRUE(verdict.available) << verdict.name << ": " << verdict.detail;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(there, 36);
}

}  // namespace
}  // namespace muster::runtimes
