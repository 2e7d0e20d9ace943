#include "judge/bench.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <fstream>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"
#include "judge/rule.hpp"
#include "net/io_thread.hpp"
#include "process/ports.hpp"

namespace muster::judge {
namespace {

constexpr std::chrono::milliseconds kReadyWithin{10'000};

std::string sessions() {
  Json entries = Json::array();
  for (const char* role : {"admin", "operator", "observer"})
    entries.push_back(
        {{"token_sha256", sha256_hex(Bench::token(role))}, {"user", role}, {"role", role}});
  return dump_json({{"sessions", std::move(entries)}});
}

/// A port for a program that binds it itself; held, so that nobody else gets it meanwhile.
net::Address hold(process::Port& held) {
  held = process::hold_port().value_or_throw();
  return net::Address::tcp("127.0.0.1", held.number);
}

}  // namespace

Bench::Bench(const std::vector<lineup::Program>& lineup, const Options& options, std::string folder)
    : lineup_(lineup), options_(options), folder_(std::move(folder)) {
  slug_ = "judged-" + random_hex(3);
  key_file_ = options_.ralph_key_file;
  if (key_file_.empty()) {
    const Json ring = {{"keys",
                        {{{"kid", "k1"}, {"secret", to_base64(random_bytes(32))}},
                         {{"kid", "k2"}, {"secret", to_base64(random_bytes(32))}}}}};
    key_file_ = write("keys", dump_json(ring));
  }
  keys_ = std::make_unique<net::KeyRing>(net::KeyRing::load(key_file_).value_or_throw());
  write("sessions", sessions());
  io_ = std::make_unique<net::IoThread>();
  crew_ = std::make_unique<Crew>(*io_, folder_);
  peers_ = std::make_unique<Peers>(*io_, folder_, *keys_);
}

Bench::~Bench() {
  tear_down();
  started_.clear();
  crew_.reset();
  peers_.reset();
}

void Bench::tear_down() const {
  if (provisioned_.empty() || program("hearth").address.empty()) return;
  for (const Json& ref : provisioned_) {
    try {
      (void)ask(hearth_address(), "POST", "/v1/teardown", {{"ref", ref}});
    } catch (const std::exception&) {
      // it was judged already, and nobody is left to be told
    }
  }
}

std::string Bench::write(const std::string& name, const std::string& text, unsigned mode) const {
  const std::string path = folder_ + "/" + name;
  std::ofstream(path) << text;
  ::chmod(path.c_str(), static_cast<mode_t>(mode));
  return path;
}

const lineup::Program& Bench::program(const std::string& name) const {
  for (const auto& each : lineup_) {
    if (each.name == name) return each;
  }
  throw Untried{"there is no " + name + " to judge"};
}

std::vector<std::string> Bench::serve_arguments(const std::string& program) {
  return program == "ralph" ? std::vector<std::string>{"serve"} : std::vector<std::string>{};
}

std::string Bench::health_of(const std::string& program) {
  return program == "hearth" ? "/v1/healthz" : "/healthz";
}

net::Address Bench::hearth_address() const {
  const lineup::Program& hearth = program("hearth");
  if (!hearth.address.empty()) return net::parse_address(hearth.address).value_or_throw();
  return net::Address::unix_path(folder_ + "/h");
}

void Bench::must_be_ours(const std::string& name) const {
  const std::string& address = program(name).address;
  if (!address.empty())
    throw Impossible{name + " runs already at " + address + " and is not started"};
}

net::Address Bench::address_of(const std::string& program) const {
  if (program == "hearth") return hearth_address();
  return program == "console" ? console_address_ : ralph_address_;
}

Variables Bench::variables_of(const std::string& program) {
  if (program == "hearth") {
    return {{"ROCKY_HEARTH_SOCKET", folder_ + "/h"},
            {"ROCKY_HEARTH_DRIVER", options_.driver},
            {"ROCKY_HEARTH_STATE_DIR", folder_ + "/state"},
            {"ROCKY_HEARTH_STANDIN_BIN", lineup::find("standin", nullptr).path}};
  }
  if (program == "ralph") {
    if (ralph_address_.port == 0) ralph_address_ = hold(ralph_port_);
    return {{"ROCKY_RALPH_LISTEN", net::to_string(ralph_address_)},
            {"ROCKY_RALPH_KEY_FILE", key_file_},
            {"ROCKY_RALPH_BEARER", "m1"},
            {"ROCKY_RALPH_DIR", folder_ + "/runs"}};
  }
  if (console_address_.port == 0) console_address_ = hold(console_port_);
  return {{"ROCKY_CONSOLE_LISTEN", net::to_string(console_address_)},
          {"ROCKY_HEARTH_SOCKET", stand_in_hearth().address().path},
          {"ROCKY_RALPH_URL", "http://" + net::to_string(stand_in_ralph().address())},
          {"ROCKY_RALPH_KEY_FILE", key_file_},
          {"ROCKY_RALPH_BEARER", "m1"},
          {"ROCKY_CONSOLE_SESSIONS", folder_ + "/sessions"},
          {"ROCKY_AUTH", "local"},
          {"ROCKY_BILLING", "disabled"},
          {"MUSTER_SINK", record().address()}};
}

std::unique_ptr<Started> Bench::launch(const std::string& name, std::vector<std::string> arguments,
                                       const Variables& variables, const LaunchHow& how) {
  const lineup::Program& judged = program(name);
  must_be_ours(name);
  process::LaunchSpec spec;
  spec.name = name;
  spec.program = judged.path;
  spec.args = std::move(arguments);
  for (const char* kept : {"PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "ASAN_OPTIONS",
                           "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(kept)) spec.env.push_back(std::string(kept) + "=" + value);
  }
  for (const auto& [variable, value] : variables) {
    if (!value.empty()) spec.env.push_back(variable + "=" + value);
  }
  if (how.listener != nullptr) process::pass_listener(spec, *how.listener);
  auto spawned = crew_->spawn(std::move(spec), how.notify);
  if (!spawned) throw Broken{"it cannot be started: " + spawned.error().message};
  return std::move(*spawned);
}

Started& Bench::start(const std::string& name, const Variables& more) {
  if (const auto known = started_.find(name); known != started_.end()) {
    const bool runs = !known->second->wait(std::chrono::milliseconds(0));
    if (runs && more.empty()) return *known->second;
    if (runs) known->second->kill();
    started_.erase(known);
  }
  const lineup::Program& judged = program(name);
  if (!judged.address.empty()) {
    if (!more.empty())
      throw Impossible{name + " runs already and cannot be started with " + more.begin()->first};
    if (name == "console")
      throw Impossible{"a console that runs already has neighbours and a sink of its own"};
    if (name == "ralph") ralph_address_ = net::parse_address(judged.address).value_or_throw();
    return *(started_[name] = std::make_unique<Started>());
  }
  Variables variables = variables_of(name);
  for (const auto& [variable, value] : more) variables[variable] = value;
  std::unique_ptr<Started> made;
  try {
    made = launch(name, serve_arguments(name), variables);
  } catch (const Broken& broken) {
    throw Untried{name + " does not come up: " + broken.evidence + " (" + name + ".healthz)"};
  }
  process::Ready ready{{process::ReadyNotify{}}};
  if (name == "hearth")
    ready.any.emplace_back(process::ReadyUnixSocket{hearth_address().path});
  else
    ready.any.emplace_back(process::ReadyHttp{address_of(name)});
  const auto up = made->until_ready(std::move(ready), kReadyWithin);
  if (!up)
    throw Untried{name + " does not come up: " + up.error().message + "; " + made->last_words() +
                  " (" + name + ".healthz)"};
  return *(started_[name] = std::move(made));
}

Started& Bench::hearth(const Variables& more) {
  return start("hearth", more);
}
Started& Bench::console(const Variables& more) {
  return start("console", more);
}
Started& Bench::ralph(const Variables& more) {
  return start("ralph", more);
}

}  // namespace muster::judge
