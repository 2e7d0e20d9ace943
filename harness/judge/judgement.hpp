#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

/// Whether programs that nobody here wrote keep the contracts of the lifecycle, rule by rule.
namespace muster::judge {

enum class Verdict {
  kept,
  broken,
  untried,    ///< what it takes did not work, which another rule holds; never taken for kept
  impossible  ///< cannot be tried on a program that runs at an address already
};

/// `kept`, `broken`, `untried`, `impossible`.
std::string_view to_string(Verdict verdict);

/// What became of one rule.
struct Finding {
  std::string rule;      ///< `hearth.provision-idempotent`
  std::string program;   ///< `hearth`
  std::string contract;  ///< its sentence
  Verdict verdict = Verdict::untried;
  std::string evidence;  ///< of a breach: what was done, what came and what should have; else why
                         ///< it was not tried; empty when it is kept
  std::chrono::milliseconds took{0};
};

/// All that was judged.
struct Judgement {
  Json programs = Json::array();  ///< as lineup::to_json, each
  std::vector<Finding> findings;  ///< in the order of the rules

  std::size_t count(Verdict verdict) const;
  /// Nothing is broken, nothing that could be tried was left untried, and something was kept.
  bool passed() const;
};

/// schema_version 1 of docs/formats/programs.md.
Json to_json(const Judgement& judgement);

/// For people: per program what it is, the rules it breaks with contract and evidence, and how many
/// it keeps; with `all` the kept ones too.
std::string to_text(const Judgement& judgement, bool all);

}  // namespace muster::judge
