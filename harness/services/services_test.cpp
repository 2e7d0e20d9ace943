#include <gtest/gtest.h>
#include <signal.h>

#include "config/load.hpp"
#include "services/service_spec.hpp"

namespace muster::services {
namespace {

std::variant<std::vector<ServiceSpec>, std::vector<Diagnostic>> read(const std::string& toml) {
  const config::Schema schema{keys()};
  config::Request request;
  auto loaded = config::load_text(schema, request, "muster.toml", toml);
  if (auto* problems = std::get_if<std::vector<Diagnostic>>(&loaded)) return *problems;
  return read_services(std::get<config::Config>(loaded));
}

std::vector<ServiceSpec> good(const std::string& toml) {
  auto result = read(toml);
  if (const auto* problems = std::get_if<std::vector<Diagnostic>>(&result)) {
    for (const auto& problem : *problems) ADD_FAILURE() << render(problem);
    return {};
  }
  return std::get<std::vector<ServiceSpec>>(result);
}

std::string bad(const std::string& toml) {
  auto result = read(toml);
  std::string text;
  const auto* problems = std::get_if<std::vector<Diagnostic>>(&result);
  if (problems == nullptr) return "nothing is wrong";
  for (const auto& problem : *problems) text += render(problem);
  return text;
}

TEST(Services, KeysAreWhole) {
  EXPECT_TRUE(config::problems_of(config::Schema{keys()}).empty());
}

TEST(Services, AreReadWhole) {
  const auto services = good(R"([[service]]
name = "db"
command = "exec postgres -p {port}"
port = 5432
ready = ["tcp", "log:ready to accept"]
restart = "on-failure"
stop = { signal = "INT", grace = "2s" }

[[service]]
name = "web"
command = ["python3", "-m", "http.server", "{port}"]
cwd = "site"
env = { DB_PORT = "{port:db}" }
port = 0
port_mode = "passed"
ready = ["listener"]
ready_within = "500ms"
depends_on = ["db", "migrate@completed"]
critical = false
limits = { open_files = 64 }

[[service]]
name = "migrate"
command = ["true"]
depends_on = ["db@started"]
)");
  ASSERT_EQ(services.size(), 3U);
  EXPECT_EQ(services[0].command,
            (std::vector<std::string>{"/bin/sh", "-c", "exec postgres -p {port}"}));
  EXPECT_EQ(services[0].ready,
            (std::vector<ReadySpec>{{ReadyKind::tcp, ""}, {ReadyKind::log, "ready to accept"}}));
  EXPECT_EQ(services[0].restart, Restart::on_failure);
  EXPECT_EQ(services[0].stop_signal, SIGINT);
  EXPECT_EQ(services[0].stop_grace, std::chrono::seconds(2));
  EXPECT_EQ(services[1].env.at("DB_PORT"), "{port:db}");
  EXPECT_EQ(services[1].port, 0);
  EXPECT_EQ(services[1].port_mode, PortMode::passed);
  EXPECT_EQ(services[1].limits.open_files, 64);
  EXPECT_FALSE(services[1].critical);
  EXPECT_EQ(services[1].depends_on,
            (std::vector<Dependency>{{"db", Condition::ready}, {"migrate", Condition::completed}}));
  EXPECT_EQ(start_order(services).value(), (std::vector<std::string>{"db", "migrate", "web"}));
}

TEST(Services, WhatIsWrongIsToldAtOnceAndInItsPlace) {
  const std::string text = bad(R"([[service]]
name = "a b"
command = []

[[service]]
name = "web"
command = ["x"]
ready = ["htpp", "http:health", "log", "tcp"]
depends_on = ["db@redy"]
stop = { signal = "TREM" }

[[service]]
name = "web"
command = ["x", 3]
)");
  for (const char* part :
       {"muster.toml:2:8: ", "a service needs a name", "a service needs a command",
        "htpp is no kind of readiness", "did you mean http?", "has to begin with /",
        "log needs an argument", "this readiness needs a port", "@redy is no condition",
        "did you mean ready?", "TREM is no signal", "a service web is there already",
        "a word of the command is no string"})
    EXPECT_NE(text.find(part), text.npos) << part << " in\n" << text;
}

TEST(Services, ALoopIsNamedAndAMissingOneHasItsNearest) {
  EXPECT_NE(bad(R"([[service]]
name = "a"
command = ["x"]
depends_on = ["b"]
[[service]]
name = "b"
command = ["x"]
depends_on = ["c"]
[[service]]
name = "c"
command = ["x"]
depends_on = ["b"]
)")
                .find("b → c → b"),
            std::string::npos);
  const std::string text = bad(R"([[service]]
name = "web"
command = ["x"]
depends_on = ["wed"]
)");
  EXPECT_NE(text.find("did you mean web?"), text.npos) << text;
}

TEST(Services, SignalsHaveNamesAndNumbers) {
  EXPECT_EQ(signal_from_string("TERM").value(), SIGTERM);
  EXPECT_EQ(signal_from_string("SIGQUIT").value(), SIGQUIT);
  EXPECT_EQ(signal_from_string("9").value(), SIGKILL);
  for (const char* none : {"", "0", "999", "-1", "SIG", "term"})
    EXPECT_FALSE(signal_from_string(none)) << none;
}

}  // namespace
}  // namespace muster::services
