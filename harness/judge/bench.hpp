#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/unique_fd.hpp"
#include "judge/judge.hpp"
#include "judge/peers.hpp"
#include "judge/started.hpp"
#include "lineup/lineup.hpp"
#include "net/address.hpp"
#include "net/bearer.hpp"
#include "net/http.hpp"

namespace muster::net {
class IoThread;
}

namespace muster::judge {

using Variables = std::map<std::string, std::string>;

/// The answer to one request, and what was asked.
struct Answer {
  std::string asked;  ///< `POST /v1/provision {"slug":…}`
  int status = 0;     ///< 0: there was none
  net::Headers headers;
  std::string body;
  std::string failure;  ///< why there was none

  /// The body as JSON; null when it is none.
  Json json() const;
  /// `POST /v1/provision {…} → 200 {…}`, shortened.
  std::string text() const;
};

/// A body that was read piece by piece.
struct Heard {
  Answer head;
  std::string body;
  bool ended = false;                          ///< by the server, and not cut off by our patience
  std::chrono::milliseconds longest_pause{0};  ///< between two pieces

  /// One event of an event stream as it stands in the body.
  struct Event {
    std::string id, data;
    Json frame;  ///< of the data; null when it is no JSON
  };
  std::vector<Event> events() const;
};

/// Where one rule is tried: a folder, the program under judgement, stand-ins for its neighbours.
/// Everything blocks. What it cannot do for the program's sake is thrown as Untried, with the rule
/// that tells why.
class Bench {
 public:
  Bench(const std::vector<lineup::Program>& lineup, const Options& options, std::string folder);
  ~Bench();
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  const std::string& folder() const { return folder_; }
  const Options& options() const { return options_; }
  /// A slug that no other rule uses.
  const std::string& slug() const { return slug_; }
  /// Writes a file of that mode; its path.
  std::string write(const std::string& name, const std::string& text, unsigned mode = 0600) const;

  /// Starts the program as its contract says, with `more` over its variables, and waits until it is
  /// ready. One that runs is given back, or with other variables killed and started anew.
  Started& hearth(const Variables& more = {});
  Started& console(const Variables& more = {});
  Started& ralph(const Variables& more = {});
  Started& start(const std::string& program, const Variables& more = {});

  /// Throws Impossible for a program that runs at an address and is not started.
  void must_be_ours(const std::string& program) const;
  /// What a program is started with; an empty value takes a variable away.
  Variables variables_of(const std::string& program);
  /// Starts a file with exactly these variables (and PATH, HOME, LANG), and waits for nothing.
  /// Throws Broken when it does not even start.
  std::unique_ptr<Started> launch(const std::string& program, std::vector<std::string> arguments,
                                  const Variables& variables, const LaunchHow& how = {});
  /// Arguments that make the program serve.
  static std::vector<std::string> serve_arguments(const std::string& program);

  net::Address hearth_address() const;
  const net::Address& console_address() const { return console_address_; }
  const net::Address& ralph_address() const { return ralph_address_; }
  /// Where a program answers, and the target of its health.
  net::Address address_of(const std::string& program) const;
  static std::string health_of(const std::string& program);

  /// What is provisioned on a hearth that goes on after the judgement is torn down at the bench's
  /// end.
  Answer ask(const net::Address& where, net::Request request) const;
  /// A JSON request; a null body is none, a string is sent as it is.
  Answer ask(const net::Address& where, const std::string& method, const std::string& target,
             const Json& body = nullptr, const net::Headers& headers = {}) const;
  /// Reads until the server ends it, or for `patience`, or until `enough` says so.
  Heard hear(const net::Address& where, net::Request request, std::chrono::milliseconds patience,
             std::function<bool(std::string_view)> enough = {}) const;

  /// Sends a request and reads nothing: the connection, which its end closes.
  UniqueFd leave_open(const net::Address& where, const net::Request& request) const;

  /// To the console, with the session of a role; of nobody when it is empty.
  Answer as(const std::string& role, const std::string& method, const std::string& target,
            const Json& body = nullptr) const;
  static std::string token(const std::string& role) { return "token-of-" + role; }
  /// To ralph, signed.
  Answer signed_ask(const std::string& method, const std::string& target,
                    const Json& body = nullptr) const;
  net::Request signed_request(const std::string& method, const std::string& target,
                              const std::string& body = {}) const;
  const net::KeyRing& keys() const { return *keys_; }

  StandInHearth& stand_in_hearth() { return peers_->hearth(); }
  StandInRalph& stand_in_ralph() { return peers_->ralph(); }
  Record& record() { return peers_->record(); }

 private:
  void tear_down() const;
  const lineup::Program& program(const std::string& name) const;
  net::IoThread& io() const { return *io_; }

  const std::vector<lineup::Program>& lineup_;
  const Options& options_;
  std::string folder_, slug_, key_file_;
  std::unique_ptr<net::IoThread> io_;
  std::unique_ptr<Crew> crew_;
  std::unique_ptr<Peers> peers_;
  std::unique_ptr<net::KeyRing> keys_;
  std::map<std::string, std::unique_ptr<Started>> started_;
  net::Address console_address_, ralph_address_;
  mutable std::vector<Json> provisioned_;  ///< DeploymentRefs of the hearth under judgement
  process::Port console_port_, ralph_port_;
};

}  // namespace muster::judge
