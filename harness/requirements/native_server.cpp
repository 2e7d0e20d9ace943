#include "requirements/native_server.hpp"

#include <pwd.h>
#include <unistd.h>

#include <utility>

#include "base/text.hpp"
#include "process/launcher.hpp"

namespace muster::requirements {
namespace {

using Plan = Result<NativePlan> (*)(const RequirementSpec&, const Ground&);

struct Adapter {
  std::string_view kind;
  Plan plan;
  std::string_view program;  ///< empty: what the command names
  std::string_view package;
};

constexpr Adapter kAdapters[] = {
    {"postgres", detail::plan_postgres, "postgres", "postgresql"},
    {"redis", detail::plan_redis, "redis-server", "redis-server"},
    {"custom", detail::plan_custom, "", ""},
};

const Adapter* adapter_of(const RequirementSpec& spec) {
  for (const Adapter& adapter : kAdapters)
    if (adapter.kind == spec.kind) return &adapter;
  return nullptr;
}

Error none_for(const RequirementSpec& spec) {
  return error("requirement_backing", spec.kind + " has no native adapter",
               "backing = \"container\"");
}

}  // namespace

Result<void> installed(const RequirementSpec& spec, const std::string& path) {
  const Adapter* adapter = adapter_of(spec);
  if (adapter == nullptr) return none_for(spec);
  if (adapter->program.empty()) {
    if (!spec.command.empty()) return {};
    return error("requirement_command", spec.id + " has no command");
  }
  const auto places =
      spec.kind == "postgres" ? detail::postgres_places() : std::vector<std::string>();
  auto found = detail::find_installed(std::string(adapter->program), path, places,
                                      std::string(adapter->package));
  if (!found) return found.error();
  return {};
}

Result<NativePlan> plan_native(const RequirementSpec& spec, const Ground& ground) {
  const Adapter* adapter = adapter_of(spec);
  if (adapter == nullptr) return none_for(spec);
  auto plan = adapter->plan(spec, ground);
  if (!plan) return plan;
  for (const auto& [name, value] : spec.env) plan->env[name] = value;
  if (!spec.bootstrap.empty())
    plan->bootstrap.push_back({"bootstrap", spec.bootstrap, plan->variables, ""});
  return plan;
}

Result<std::string> account_for(const RequirementSpec& spec) {
  if (::geteuid() != 0) return spec.account;
  if (!spec.account.empty()) {
    if (::getpwnam(spec.account.c_str()) == nullptr)
      return error("user_unknown", "there is no user " + spec.account + " for " + spec.id);
    return spec.account;
  }
  const std::string preferred(spec.definition().account);
  if (!preferred.empty() && ::getpwnam(preferred.c_str()) != nullptr) return preferred;
  if (::getpwnam("nobody") != nullptr) return std::string("nobody");
  return error("user_unknown", spec.id + " does not run as root, and there is no user nobody",
               "account = \"NAME\"");
}

namespace detail {

Result<std::string> find_installed(const std::string& program, const std::string& path,
                                   const std::vector<std::string>& places,
                                   const std::string& package) {
  std::vector<std::string> searched;
  const std::string where = places.empty() ? path : join(places, ":") + ":" + path;
  auto found = process::find_program(program, where, "", searched);
  if (found) return found;
  Error why = found.error();
  why.hint = "apt-get install " + package + ", or backing = \"container\"";
  return why;
}

Result<NativePlan> plan_custom(const RequirementSpec& spec, const Ground& ground) {
  if (spec.command.empty()) return error("requirement_command", spec.id + " has no command");
  NativePlan plan;
  const auto with_data = [&](std::string text) {
    constexpr std::string_view word = "{data}";
    for (std::size_t at = 0; (at = text.find(word, at)) != text.npos; at += ground.seen.size())
      text.replace(at, word.size(), ground.seen);
    return text;
  };
  for (const std::string& word : spec.command) plan.command.push_back(with_data(word));
  for (const auto& [name, value] : spec.env) plan.env[name] = with_data(value);
  plan.env["MUSTER_NONCE"] = ground.nonce;
  plan.ready = spec.ready;
  plan.stop_signal = spec.stop_signal;
  for (const auto& [name, value] : spec.variables) plan.variables[name] = with_data(value);
  return plan;
}

}  // namespace detail
}  // namespace muster::requirements
