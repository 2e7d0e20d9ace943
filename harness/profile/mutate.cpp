#include "profile/mutate.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

#include "base/text.hpp"
#include "preflight/check_program.hpp"
#include "profile/mutant_copy.hpp"
#include "profile/mutate_verdict.hpp"

namespace muster::profile {
namespace {

namespace fs = std::filesystem;

std::string read_all(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class Plays {
 public:
  Plays(const std::vector<Mutant>& mutants, const MutateOptions& options, const Progress& progress)
      : mutants_(mutants), options_(options), progress_(progress), outcomes_(mutants.size()) {}

  std::string pristine() const { return options_.scratch + "/pristine"; }
  bool stopped() const { return options_.stop != nullptr && options_.stop->load(); }

  /// The outcome of a play that nothing was broken for.
  Outcome baseline() { return play(Mutant{}, "0"); }

  std::vector<Outcome> all() {
    const auto count = std::min<std::size_t>(std::max(1U, options_.jobs), mutants_.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back([this] { work(); });
    for (auto& thread : threads) thread.join();
    return std::move(outcomes_);
  }

 private:
  void work() {
    for (std::size_t next = next_++; next < mutants_.size() && !stopped(); next = next_++) {
      Outcome outcome = play(mutants_[next], std::to_string(next + 1));
      if (stopped()) return;
      const std::lock_guard lock(mutex_);
      outcomes_[next] = std::move(outcome);
      if (progress_) progress_(mutants_[next], outcomes_[next], ++done_);
    }
  }

  Outcome play(const Mutant& mutant, const std::string& number) {
    const auto begin = std::chrono::steady_clock::now();
    const std::string folder = options_.scratch + "/" + number;
    Outcome outcome = play_in(mutant, folder);
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    outcome.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    return outcome;
  }

  Outcome play_in(const Mutant& mutant, const std::string& folder) {
    Outcome outcome;
    const std::string project = folder + "/project";
    const std::string messages = folder + "/run.ndjson";
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (const auto made = make_mutant(pristine(), mutant, project); !made) {
      outcome.trouble = made.error().message;
      return outcome;
    }
    const auto ran = run(mutant, folder, project, messages);
    if (!ran) {
      outcome.trouble = stopped() ? "interrupted" : ran.error().message;
      return outcome;
    }
    const auto told = failures_told(read_all(messages));
    if (!told) {
      outcome.trouble =
          told.error().message + "; it said: " + join(last_lines(ran->out + ran->err, 3), " / ");
      return outcome;
    }
    for (const ToldFailure& failure : *told) outcome.failures.push_back(failure.head);
    // an exit code that contradicts the messages is a defect of its own
    if (ran->exit.success() != told->empty()) {
      outcome.trouble = "exit " + process::to_string(ran->exit) + " with " +
                        std::to_string(told->size()) + " failures told";
      return outcome;
    }
    outcome.verdict = told->empty()             ? Verdict::missed
                      : is_named(mutant, *told) ? Verdict::named
                                                : Verdict::misnamed;
    return outcome;
  }

  Result<preflight::ProgramOutput> run(const Mutant& mutant, const std::string& folder,
                                       const std::string& project, const std::string& messages) {
    preflight::ProgramCall call;
    call.name = "muster";
    call.argv = {options_.program, "run"};
    call.argv.insert(call.argv.end(), options_.features.begin(), options_.features.end());
    for (const std::string& argument :
         {std::string("--project"), project, std::string("--tier"), options_.tier,
          std::string("--jobs"), std::string("1"), std::string("--format"), "message:" + messages})
      call.argv.push_back(argument);
    call.env = preflight::inherited_environment();
    // what it keeps goes with the copy, also when it is killed
    for (const char* name : {"MUSTER_RUNTIME_DIR=", "TMPDIR="}) {
      std::erase_if(call.env, [&](const std::string& entry) { return entry.starts_with(name); });
    }
    fs::create_directories(folder + "/t");
    call.env.push_back("MUSTER_RUNTIME_DIR=" + folder + "/state");
    call.env.push_back("TMPDIR=" + folder + "/t");
    call.env.insert(call.env.end(), mutant.environment.begin(), mutant.environment.end());
    call.stop = options_.stop;
    return preflight::run_program(call, preflight::Deadline(options_.timeout));
  }

  const std::vector<Mutant>& mutants_;
  const MutateOptions& options_;
  const Progress& progress_;
  std::vector<Outcome> outcomes_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::size_t done_ = 0;
};

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::named:
      return "named";
    case Verdict::misnamed:
      return "misnamed";
    case Verdict::missed:
      return "missed";
    case Verdict::trouble:
      return "trouble";
  }
  return "";
}

Result<std::vector<Outcome>> play_mutants(const Original& original,
                                          const std::vector<Mutant>& mutants,
                                          const MutateOptions& options, const Progress& progress) {
  Plays plays(mutants, options, progress);
  if (auto made = make_pristine(original, plays.pristine()); !made) return made.error();
  const Outcome whole = plays.baseline();
  const auto interrupted = [] {
    return error("interrupted", "interrupted before all mutants were played");
  };
  if (plays.stopped()) return interrupted();
  if (whole.verdict != Verdict::missed) {
    std::string why = whole.trouble;
    for (const std::string& failure : whole.failures) why += (why.empty() ? "" : "\n  ") + failure;
    return error("profile_red", "the profile is red before anything is broken: " + why,
                 "mend that first: mutants tell nothing about a red profile");
  }
  std::vector<Outcome> outcomes = plays.all();
  if (plays.stopped()) return interrupted();
  return outcomes;
}

}  // namespace muster::profile
