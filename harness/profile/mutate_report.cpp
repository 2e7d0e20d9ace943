#include <fmt/format.h>

#include <map>

#include "base/text.hpp"
#include "profile/mutate.hpp"

namespace muster::profile {
namespace {

std::size_t count(const std::vector<Outcome>& outcomes, Verdict verdict) {
  std::size_t found = 0;
  for (const Outcome& outcome : outcomes) found += outcome.verdict == verdict ? 1 : 0;
  return found;
}

std::string sentence(const Outcome& outcome) {
  switch (outcome.verdict) {
    case Verdict::named:
      return "caught and named";
    case Verdict::misnamed:
      return "caught, but named otherwise";
    case Verdict::missed:
      return "not caught: the profile is green";
    case Verdict::trouble:
      return "no verdict: " + printable(outcome.trouble);
  }
  return {};
}

}  // namespace

std::string render(const std::vector<Mutant>& mutants, const std::vector<Outcome>& outcomes) {
  std::vector<std::string> kinds;
  std::map<std::string, std::pair<std::size_t, std::size_t>> tally;  // named, all
  std::size_t widest = 0;
  for (std::size_t i = 0; i < mutants.size(); ++i) {
    auto [entry, fresh] = tally.try_emplace(mutants[i].kind);
    if (fresh) kinds.push_back(mutants[i].kind);
    ++entry->second.second;
    if (outcomes[i].verdict == Verdict::named) ++entry->second.first;
    widest = std::max(widest, mutants[i].kind.size());
  }
  std::string out;
  for (const std::string& kind : kinds) {
    const auto& [named, all] = tally[kind];
    out += fmt::format("{:<{}}  {}/{}\n", kind, widest, named, all);
  }
  for (std::size_t i = 0; i < mutants.size(); ++i) {
    const Outcome& outcome = outcomes[i];
    if (outcome.verdict == Verdict::named) continue;
    out += fmt::format("\n{}: {}\n  mutant: {}\n", printable(mutants[i].name()), sentence(outcome),
                       printable(mutants[i].what));
    if (outcome.verdict == Verdict::missed) {
      out += "  hint: " +
             (mutants[i].hint.empty() ? "`muster profile audit` tells whether a scenario names it"
                                      : mutants[i].hint) +
             "\n";
    }
    if (outcome.verdict == Verdict::misnamed) {
      out += "  expected: " + join(mutants[i].checks, " or ") + ", naming " +
             join(mutants[i].naming, " or ") + "\n";
      for (const std::string& failure : outcome.failures)
        out += "  found: " + printable(failure) + "\n";
    }
  }
  out += fmt::format("\nmutants {}/{}\n", count(outcomes, Verdict::named), mutants.size());
  return out;
}

Json to_json(const std::vector<Mutant>& mutants, const std::vector<Outcome>& outcomes) {
  Json list = Json::array();
  for (std::size_t i = 0; i < mutants.size(); ++i) {
    Json made = {{"name", mutants[i].name()},        {"kind", mutants[i].kind},
                 {"subject", mutants[i].subject},    {"what", mutants[i].what},
                 {"checks", mutants[i].checks},      {"verdict", name_of(outcomes[i].verdict)},
                 {"failures", outcomes[i].failures}, {"duration_ms", outcomes[i].duration.count()}};
    if (!outcomes[i].trouble.empty()) made["trouble"] = outcomes[i].trouble;
    list.push_back(std::move(made));
  }
  const auto named = count(outcomes, Verdict::named);
  return {{"mutants", std::move(list)},
          {"named", named},
          {"total", mutants.size()},
          {"ok", named == mutants.size() && !mutants.empty()}};
}

}  // namespace muster::profile
