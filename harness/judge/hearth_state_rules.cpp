// What hearth leaves on disk, and what it does when it is killed, restarted or left by its client.
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "judge/expect.hpp"
#include "judge/hearth_calls.hpp"

namespace muster::judge {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

/// The 100 ms of the contract, and what a loaded machine adds.
constexpr milliseconds kCancelledWithin{600};
constexpr milliseconds kSeenWithin{5'000};

const std::string& socket_of(Bench& bench, std::string& kept) {
  const net::Address where = bench.hearth_address();
  if (!where.is_unix())
    throw Broken{"it listens at " + net::to_string(where) + ", not on a socket"};
  return kept = where.path;
}

void socket_mode(Bench& bench) {
  bench.hearth();
  std::string path;
  struct stat status {};
  expect(::stat(socket_of(bench, path).c_str(), &status) == 0, "there is no socket at " + path);
  char mode[8];
  std::snprintf(mode, sizeof mode, "%04o", status.st_mode & 07777U);
  expect(S_ISSOCK(status.st_mode) && (status.st_mode & 07777U) == 0600U,
         path + " has mode " + mode + "; expected a socket of 0600");
}

void socket_removed(Bench& bench) {
  bench.must_be_ours("hearth");
  std::string path;
  Started& hearth = bench.hearth();
  const auto exit = hearth.stop();
  if (!exit) throw Untried{"it does not end (hearth.sigterm)"};
  expect(::access(socket_of(bench, path).c_str(), F_OK) != 0,
         path + " is still there after SIGTERM");
}

/// Leaves what a hearth that was killed leaves: a socket file that nobody serves.
void make_stale(const std::string& path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  path.copy(name.sun_path, sizeof name.sun_path - 1);
  const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) != 0)
    throw Untried{"no socket can be made at " + path};
}

void stale_socket(Bench& bench) {
  std::string path;
  bench.must_be_ours("hearth");
  make_stale(socket_of(bench, path));
  try {
    bench.hearth();
  } catch (const Untried& untried) {
    throw Broken{"with the socket file of a killed hearth in place: " + untried.why};
  }
  const Answer answer = bench.ask(bench.hearth_address(), "GET", "/v1/healthz");
  expect(answer.status != 0, "with the socket file of a killed hearth in place: " + answer.text());
}

void survives_kill(Bench& bench) {
  bench.must_be_ours("hearth");
  Started& hearth = bench.hearth();
  const Deployed deployed(bench);
  const Answer before = rely_on(deployed.status(), 200, "hearth.status");
  hearth.kill();
  bench.hearth();
  const Answer answer = deployed.status();
  expect(answer.status == before.status && answer.body == before.body,
         "after kill -9 and a restart: " + answer.text() + "; before it was " + before.text());
}

/// A provision that takes a minute and is under way.
struct UnderWay {
  explicit UnderWay(Bench& its_bench) : bench(its_bench) {
    if (bench.options().driver != "fake")
      throw Impossible{"only the fake driver can be slowed down"};
    hearth = &bench.hearth({{"ROCKY_HEARTH_FAKE_DELAY_MS", "60000"}});
    net::Request request;
    request.method = "POST";
    request.target = "/v1/provision";
    request.body =
        dump_json({{"slug", bench.slug()}, {"profile", {{"tier", "solo"}, {"driver", "fake"}}}});
    client = bench.leave_open(bench.hearth_address(), request);
    const Answer seen = status_unless("provisioning", kSeenWithin, /*equal=*/true);
    if (string_at(seen.json(), "status") != "provisioning")
      throw Untried{seen.text() + "; expected provisioning while it is being made"};
  }

  /// Asks until the status is (or is no longer) that, or the time is over; the last answer.
  Answer status_unless(const std::string& wanted, milliseconds within, bool equal) const {
    const Json ref = {{"workspace_slug", bench.slug()}, {"tier", "solo"}, {"driver", "fake"}};
    const auto deadline = Steady::now() + within;
    Answer seen;
    do {
      seen = bench.ask(bench.hearth_address(), "POST", "/v1/status", {{"ref", ref}});
    } while ((string_at(seen.json(), "status") == wanted) != equal && Steady::now() < deadline);
    return seen;
  }

  Bench& bench;
  Started* hearth = nullptr;
  UniqueFd client;
};

void half_made(Bench& bench) {
  UnderWay under_way(bench);
  under_way.hearth->kill();
  bench.hearth();
  const Answer after = under_way.status_unless("provisioning", milliseconds(0), /*equal=*/false);
  expect(after.status != 0 && string_at(after.json(), "status") != "provisioning",
         "killed while provisioning, and restarted: " + after.text() +
             "; expected it rolled back or finished");
}

void cancellation(Bench& bench) {
  UnderWay under_way(bench);
  under_way.client.reset();
  const Answer after = under_way.status_unless("provisioning", kCancelledWithin, /*equal=*/false);
  expect(string_at(after.json(), "status") != "provisioning",
         "600 ms after its client has closed the connection: " + after.text() +
             "; expected the provision cancelled");
}

void cancelled_by_term(Bench& bench) {
  const UnderWay under_way(bench);
  under_way.hearth->signal(SIGTERM);
  const auto exit = under_way.hearth->wait(milliseconds(5'500));
  expect(exit && exit->success(), "SIGTERM during a provision of 60 s → " +
                                      (exit ? to_string(*exit) : "still running") +
                                      "; expected exited 0 within 5 s");
}

void state_file(Bench& bench) {
  bench.must_be_ours("hearth");
  bench.hearth();
  const Deployed deployed(bench);
  const std::string path = bench.folder() + "/state/" + bench.slug() + ".json";
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto parsed = parse_json(text);
  expect(parsed && parsed->is_object(), path + " is no JSON object: " + shorten(text, 200));
  const Json& state = *parsed;
  const std::string shown = path + ": " + shorten(text, 400);
  expect(state.value("schema_version", Json()) == Json(1), shown + "; expected schema_version 1");
  expect(string_at(state, "state") == "ready", shown + "; expected the state ready");
  for (const char* object : {"ref", "profile"})
    expect(state.contains(object) && state[object].is_object(),
           shown + "; expected the object " + object);
  expect(state.contains("resources") && state["resources"].is_array(),
         shown + "; expected the array resources");
}

constexpr Rule kRules[] = {
    {"socket-mode", "Unix socket, mode 0600", socket_mode},
    {"socket-removed", "removed on exit", socket_removed},
    {"stale-socket", "a stale file removed before bind", stale_socket},
    {"survives-kill", "State survives a kill -9 and a restart", survives_kill},
    {"half-made", "a half-made provision is rolled back or finished, never lost", half_made},
    {"cancellation",
     "every verb honours cancellation within 100 ms: the client closes its connection",
     cancellation},
    {"cancelled-by-term", "Cancellation = the client closes its connection, or SIGTERM",
     cancelled_by_term},
    {"state-file", "STATE_DIR/<slug>.json {schema_version:1, ref, profile, state, resources[]}",
     state_file},
};

}  // namespace

std::span<const Rule> hearth_state_rules() {
  return kRules;
}

}  // namespace muster::judge
