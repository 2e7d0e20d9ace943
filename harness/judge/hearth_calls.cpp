#include "judge/hearth_calls.hpp"

#include "events/kahn.hpp"
#include "judge/expect.hpp"

namespace muster::judge {

Deployed::Deployed(Bench& its_bench) : bench(its_bench) {
  ref = rely_on(provision(bench, "solo"), 200, "hearth.provision").json();
  if (!ref.is_object()) throw Untried{"the DeploymentRef is no object (hearth.provision)"};
}

Answer Deployed::provision(Bench& bench, const std::string& tier) {
  return bench.ask(
      bench.hearth_address(), "POST", "/v1/provision",
      {{"slug", bench.slug()}, {"profile", {{"tier", tier}, {"driver", bench.options().driver}}}});
}

Answer Deployed::status() const {
  return bench.ask(bench.hearth_address(), "POST", "/v1/status", {{"ref", ref}});
}

Answer Deployed::teardown() const {
  return bench.ask(bench.hearth_address(), "POST", "/v1/teardown", {{"ref", ref}});
}

Answer Deployed::upgrade(const std::string& tier) const {
  return bench.ask(
      bench.hearth_address(), "POST", "/v1/upgrade",
      {{"ref", ref}, {"profile", {{"tier", tier}, {"driver", bench.options().driver}}}});
}

bool is_timestamp(const std::string& text) {
  return events::kahn::valid_timestamp(text);
}

}  // namespace muster::judge
