// Raw requests and slow peers at every server.
#include <charconv>

#include "base/text.hpp"
#include "fixtures/worlds/byte_notation.hpp"
#include "fixtures/worlds/servers.hpp"
#include "fixtures/worlds/slow_peers.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr milliseconds kAtOnce{1'000};
constexpr milliseconds kPatience{4'000};
constexpr const char* kGood = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

int number(const std::string& text) {
  int value = -1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<int> numbers(const std::string& text) {
  std::vector<int> all;
  for (const std::string& one : split(text, ' '))
    if (one != "or") all.push_back(number(one));
  return all;
}

}  // namespace

GIVEN("the servers are running", timeout(seconds(20))) = [](Servers& servers) { servers.start(); };

THEN("{server} refuses each of these requests, closes, and answers a good one at once:",
     timeout(seconds(30))) = [](Servers& servers, ServerName name, const Table& requests) {
  const Server& server = servers.find(name.text);
  Servers::good_request(server);
  const std::size_t before = Servers::resident(server);
  for (const auto& row : requests.hashes()) {
    const std::string request = bytes_of(row.at("request"));
    RawPeer peer(server.address);  // open at this end while the good one is answered
    const RawAnswer answer = ask(peer, request, kPatience);
    EXPECT_EQ(answer.status(), number(row.at("status")))
        << row.at("request") << ": " << shown(answer.bytes);
    EXPECT_TRUE(answer.closed) << row.at("request");
    EXPECT_LE(Servers::good_request(server).count(), kAtOnce.count())
        << "after " << row.at("request");
  }
  // the refused one, the good one, and those of rows before whose end the server has yet to see
  constexpr std::size_t kPeers = 4;
  EXPECT_LE(Servers::resident(server), before + kPeers * Servers::kPeerBytes + Servers::kBodyCap);
};

THEN("{server} answers {string} with {int} and takes nothing more from that connection") =
    [](Servers& servers, ServerName name, std::string request, int status) {
      const RawAnswer answer = ask(servers.find(name.text).address, bytes_of(request), kPatience);
      EXPECT_EQ(answer.status(), status) << shown(answer.bytes);
      EXPECT_TRUE(answer.closed);
      EXPECT_EQ(answer.bytes.find("HTTP/1.1", 1), std::string::npos) << shown(answer.bytes);
      EXPECT_NE(answer.bytes.find("\r\nConnection: close\r\n"), std::string::npos)
          << shown(answer.bytes);
    };

WHEN("these peers take their time at each server:", timeout(seconds(25))) = [](SlowPeers& peers,
                                                                               const Table& table) {
  std::vector<SlowPeers::Kind> kinds;
  for (const auto& row : table.hashes())
    kinds.push_back({static_cast<std::size_t>(number(row.at("peers"))),
                     bytes_of(row.at("begin with")), bytes_of(row.at("and go on with")),
                     numbers(row.at("are answered"))});
  peers.play(kinds, seconds(20));
};

THEN("each of them is answered so, and its connection closed") = [](SlowPeers& peers) {
  EXPECT_GT(peers.count(), 0U);
  for (const std::string& fault : peers.wrong()) ADD_FAILURE() << fault;
};

THEN("each server has answered {int} good requests meanwhile, each within {int} ms") =
    [](SlowPeers& peers, int count, int limit) {
      EXPECT_EQ(peers.served().size(), 4U);
      for (const auto& one : peers.served()) {
        EXPECT_GE(one.good_requests, static_cast<std::size_t>(count)) << one.server;
        EXPECT_LE(one.slowest.count(), limit) << one.server;
      }
    };

THEN("no server has grown by more than 64 KiB for each peer and one body of 1 MiB") =
    [](SlowPeers& peers) {
      EXPECT_EQ(peers.served().size(), 4U);
      for (const auto& one : peers.served())
        EXPECT_LE(one.grown, peers.count() * Servers::kPeerBytes + Servers::kBodyCap) << one.server;
    };

WHEN("{int} peers have begun a request at {server}") = [](SlowPeers& peers, int count,
                                                          ServerName name) {
  peers.fill(name.text, static_cast<std::size_t>(count));
};

THEN("{server} answers one more peer {int} and closes") = [](Servers& servers, ServerName name,
                                                             int status) {
  const RawAnswer answer = ask(servers.find(name.text).address, kGood, kPatience);
  EXPECT_EQ(answer.status(), status) << shown(answer.bytes);
  EXPECT_TRUE(answer.closed);
};

WHEN("these peers leave") = [](SlowPeers& peers) { peers.leave(); };

THEN("{server} answers good requests again") = [](Scenario& scenario, Servers& servers,
                                                  ServerName name) {
  const Server& server = servers.find(name.text);
  const auto has_room = [&] { return ask(server.address, kGood, kPatience).status() == 200; };
  eventually(scenario, name.text + " has room again", has_room, kAtOnce);
};
