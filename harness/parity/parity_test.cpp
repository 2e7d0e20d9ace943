#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "parity/recorder.hpp"
#include "parity/sandbox.hpp"
#include "testing/temp_tree.hpp"

namespace muster::parity {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A query for the address of a name.
std::string query(const std::string& label, char type = 1) {
  std::string bytes("\x12\x34\1\0\0\1\0\0\0\0\0\0", 12);
  bytes += static_cast<char>(label.size());
  return bytes + label + std::string("\0\0", 2) + type + std::string("\0\1", 2);
}

TEST(NameSink, GivesEveryNameAnAddressThatLeadsNowhere) {
  NameSink sink;
  const std::string answer = sink.answer(query("Polar"));
  EXPECT_EQ(answer.substr(0, 2), "\x12\x34");
  EXPECT_EQ(answer.substr(answer.size() - 4), std::string("\xc6\x12\0\1", 4));
  EXPECT_EQ(sink.answer(query("polar")).substr(answer.size() - 4),
            answer.substr(answer.size() - 4));
  EXPECT_THAT(sink.names(), ElementsAre("polar"));
  EXPECT_EQ(sink.name_of("198.18.0.1"), "polar");
  EXPECT_EQ(sink.answer(query("other", 28))[7], 0) << "no address of another family";
  EXPECT_THAT(sink.names(), ElementsAre("polar", "other"));
}

TEST(NameSink, IgnoresEveryCutAndLie) {
  NameSink sink;
  const std::string whole = query("polar");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(sink.answer(whole.substr(0, size)), "") << size;
  std::string lie = whole;
  lie[12] = 63;
  EXPECT_EQ(sink.answer(lie), "");
  EXPECT_TRUE(sink.names().empty());
}

TEST(Proof, IsProvenByTheCanaryAloneOnLoopbackAlone) {
  Proof proof;
  proof.interfaces = {"lo"};
  EXPECT_EQ(proof.verdict(), "unproven");
  proof.names = {kCanaryName};
  proof.attempts.push_back(
      {7, kCanaryProgram, "", "connect", "198.18.0.1", kCanaryPort, kCanaryName});
  EXPECT_EQ(proof.verdict(), "proven");
  proof.names.push_back("api.polar.sh");
  EXPECT_EQ(proof.verdict(), "egress") << "a name that is asked for tells somebody";
  proof.names.pop_back();
  proof.attempts.push_back({9, "console", "", "connect", "198.18.0.2", 443, "api.polar.sh"});
  EXPECT_EQ(proof.verdict(), "egress");
  EXPECT_EQ(to_text(proof.attempts[1]), "console (pid 9) connect → api.polar.sh:443 (198.18.0.2)");
  proof.interfaces.push_back("eth0");
  EXPECT_EQ(proof.verdict(), "unproven");
}

TEST(Scrubbing, TakesCredentialsVendorsAndProxies) {
  for (const char* name : {"GH_TOKEN", "AWS_PROFILE", "POLAR_ORG", "https_proxy", "SIGNING_KEY",
                           "SSH_AUTH_SOCK", "DB_PASSWORD"})
    EXPECT_TRUE(is_scrubbed(name)) << name;
  for (const char* name : {"PATH", "HOME", "LANG", "ROCKY_RALPH_KEY_FILE", "DOCKER_HOST"})
    EXPECT_FALSE(is_scrubbed(name)) << name;
}

class Sandbox : public ::testing::Test {
 protected:
  SandboxEnd run(const std::string& script) {
    std::ofstream(folder_ + "/console") << "#!/bin/bash\n" << script << "\n";
    std::filesystem::permissions(folder_ + "/console", std::filesystem::perms::owner_all);
    SandboxOptions options{{folder_ + "/console"}, {"PATH=/usr/bin:/bin"}, folder_};
    auto end = run_in_sandbox(options);
    if (!end) ADD_FAILURE() << end.error().message;
    return end ? std::move(*end) : SandboxEnd{};
  }
  testing::TempTree tree_;
  const std::string folder_ = tree_.path().string();
};

TEST_F(Sandbox, HasLoopbackAloneAndRecordsTheCanary) {
  const SandboxEnd end = run("exec 3<>/dev/tcp/127.0.0.1/1; exit 7");
  EXPECT_EQ(end.exit_code, 7);
  EXPECT_THAT(end.proof.interfaces, ElementsAre("lo"));
  EXPECT_EQ(end.proof.verdict(), "proven") << dump_json(to_json(end.proof));
}

TEST_F(Sandbox, NamesProcessHostAndPortOfACall) {
  const SandboxEnd end = run("exec 3<>/dev/tcp/api.polar.sh/443");
  EXPECT_EQ(end.proof.verdict(), "egress");
  const auto others = end.proof.others();
  ASSERT_EQ(others.size(), 1u) << dump_json(to_json(end.proof));
  EXPECT_THAT(to_text(others[0]), HasSubstr("connect → api.polar.sh:443"));
  EXPECT_EQ(others[0].program, "console");
  EXPECT_THAT(end.proof.other_names(), ElementsAre("api.polar.sh"));
}

TEST_F(Sandbox, RecordsBareAddressesAndDatagramsToo) {
  const SandboxEnd end = run("exec 3<>/dev/tcp/192.0.2.7/25; exec 4<>/dev/udp/192.0.2.8/53; true");
  std::vector<std::string> seen;
  for (const Attempt& attempt : end.proof.others())
    seen.push_back(attempt.address + ":" + std::to_string(attempt.port));
  EXPECT_THAT(seen, ElementsAre("192.0.2.7:25", "192.0.2.8:53"));
}

TEST_F(Sandbox, RecordsMessagesByEveryCallThatSendsThem) {
  const SandboxEnd end = run(
      "exec /usr/bin/python3 - <<'END'\n"
      "import ctypes, socket, struct\n"
      "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
      "def refused(call):\n"
      "    try:\n"
      "        call()\n"
      "    except OSError as failure:\n"
      "        return failure.errno == 101\n"
      "assert refused(lambda: s.sendmsg([b'x'], [], 0, ('192.0.2.9', 123)))\n"
      "s.sendmsg([b'x'], [], 0, ('127.0.0.1', 9))\n"
      "a, b = socket.socketpair()\n"
      "a.sendmsg([b'y'])\n"
      "assert b.recv(1) == b'y'\n"
      "libc = ctypes.CDLL(None, use_errno=True)\n"
      "def header(host):\n"
      "    name = ctypes.create_string_buffer(struct.pack('=HH4s8x', 2, socket.htons(124), "
      "socket.inet_aton(host)))\n"
      "    keep.append(name)\n"
      "    return struct.pack('@PIxxxxPNPNixxxxIxxxx', ctypes.addressof(name), 16, 0, 0, 0, 0, 0, "
      "0)\n"
      "keep = []\n"
      "two = ctypes.create_string_buffer(header('127.0.0.1') + header('192.0.2.10'))\n"
      "assert libc.sendmmsg(s.fileno(), two, 2, 0) == -1 and ctypes.get_errno() == 101\n"
      "END");
  EXPECT_EQ(end.exit_code, 0);
  std::vector<std::string> seen;
  for (const Attempt& attempt : end.proof.others())
    seen.push_back(attempt.call + " " + attempt.address + ":" + std::to_string(attempt.port));
  EXPECT_THAT(seen, ElementsAre("sendmsg 192.0.2.9:123", "sendmmsg 192.0.2.10:124"));
}

}  // namespace
}  // namespace muster::parity
