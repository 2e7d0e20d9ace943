#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "profile/mutant.hpp"

namespace muster::profile {

/// How mutants are played.
struct MutateOptions {
  std::string program;                ///< this muster, absolute
  std::vector<std::string> features;  ///< the profile, absolute
  std::string tier = "0";
  unsigned jobs = 1;                          ///< plays at once
  std::chrono::milliseconds timeout{60'000};  ///< of one play
  std::string scratch;                        ///< an empty folder with a short path
  const std::atomic<bool>* stop = nullptr;    ///< ends everything when it becomes true
};

/// What the profile made of a mutant.
enum class Verdict {
  named,     ///< red, by the right check with the right subject
  misnamed,  ///< red, but by something else
  missed,    ///< green
  trouble,   ///< no verdict: the play could not be made, was not over in time or was interrupted
};

/// `named`, `misnamed`, `missed`, `trouble`.
std::string_view name_of(Verdict verdict);

struct Outcome {
  Verdict verdict = Verdict::trouble;
  std::vector<std::string> failures;  ///< `file:line: check: subject` of each failed check
  std::string trouble;
  std::chrono::milliseconds duration{};
};

/// Told after each mutant, by one thread at a time: which, and how many are done.
using Progress = std::function<void(const Mutant&, const Outcome&, std::size_t done)>;

/// Plays the profile on a copy of the project that nothing was done to, then on each mutant, by
/// `muster run FEATURES --project COPY` as users do. The outcomes stand in the order of `mutants`.
/// Errors: `profile_red` when the unbroken copy fails, `interrupted`, `copy_failed`.
Result<std::vector<Outcome>> play_mutants(const Original& original,
                                          const std::vector<Mutant>& mutants,
                                          const MutateOptions& options, const Progress& progress);

/// A tally of each kind of mutant, then each that was not named with what the profile said, and at
/// last `mutants N/N`.
std::string render(const std::vector<Mutant>& mutants, const std::vector<Outcome>& outcomes);

/// `{mutants: [{name, kind, subject, what, verdict, checks, failures, trouble?, duration_ms}],
/// named, total, ok}`.
Json to_json(const std::vector<Mutant>& mutants, const std::vector<Outcome>& outcomes);

}  // namespace muster::profile
