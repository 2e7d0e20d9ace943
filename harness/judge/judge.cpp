#include "judge/judge.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <set>

#include "base/text.hpp"
#include "judge/bench.hpp"
#include "judge/launch_rules.hpp"
#include "judge/rule.hpp"

namespace muster::judge {
namespace {

struct Chosen {
  std::string program;
  Rule rule;
  LaunchCheck launch = nullptr;  ///< instead of rule.check, for what every program has to keep
};

void add(std::vector<Chosen>& all, const std::string& program, std::span<const Rule> rules) {
  for (const Rule& rule : rules) all.push_back({program, rule});
}

std::vector<Chosen> everything() {
  std::vector<Chosen> all;
  for (const std::string program : {"hearth", "console", "ralph"}) {
    for (const LaunchRule& rule : launch_rules())
      if (rule.applies_to(program))
        all.push_back({program, {rule.id, rule.contract, nullptr}, rule.check});
    if (program == "hearth") {
      add(all, program, hearth_rules());
      add(all, program, hearth_state_rules());
    } else if (program == "console") {
      add(all, program, console_rules());
      add(all, program, console_run_rules());
    } else {
      add(all, program, ralph_rules());
      add(all, program, ralph_stream_rules());
    }
  }
  return all;
}

Finding finding_of(const Chosen& chosen) {
  Finding finding;
  finding.program = chosen.program;
  finding.rule = chosen.program + "." + chosen.rule.id;
  finding.contract = chosen.rule.contract;
  return finding;
}

bool wanted(const Finding& finding, const Options& options) {
  const auto& names = options.programs;
  if (std::find(names.begin(), names.end(), finding.program) == names.end()) return false;
  if (options.rules.empty()) return true;
  const auto globs = split(options.rules, ',');
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return glob_match(trim(glob), finding.rule); });
}

void try_rule(const Chosen& chosen, Bench& bench, Finding& finding) {
  try {
    // of one that runs already only its health is known
    if (chosen.launch != nullptr && std::string_view(chosen.rule.id) != "healthz")
      bench.must_be_ours(chosen.program);
    if (chosen.launch != nullptr)
      chosen.launch(bench, chosen.program);
    else
      chosen.rule.check(bench);
    finding.verdict = Verdict::kept;
  } catch (const Broken& broken) {
    finding.verdict = Verdict::broken;
    finding.evidence = broken.evidence;
  } catch (const Untried& untried) {
    finding.verdict = Verdict::untried;
    finding.evidence = untried.why;
  } catch (const Impossible& impossible) {
    finding.verdict = Verdict::impossible;
    finding.evidence = impossible.why;
  } catch (const ErrorException& failure) {
    finding.verdict = Verdict::untried;
    finding.evidence = failure.error().message;
  } catch (const std::exception& failure) {
    finding.verdict = Verdict::untried;
    finding.evidence = failure.what();
  }
}

}  // namespace

std::vector<Finding> all_rules() {
  std::vector<Finding> findings;
  for (const Chosen& chosen : everything()) findings.push_back(finding_of(chosen));
  return findings;
}

Result<Judgement> judge(const std::vector<lineup::Program>& lineup, const Options& options) {
  namespace fs = std::filesystem;
  Judgement judgement;
  for (const lineup::Program& program : lineup) {
    const auto& names = options.programs;
    if (std::find(names.begin(), names.end(), program.name) != names.end())
      judgement.programs.push_back(lineup::to_json(program, lineup::identify(program)));
  }
  int number = 0;
  for (const Chosen& chosen : everything()) {
    Finding finding = finding_of(chosen);
    if (!wanted(finding, options)) continue;
    const auto begin = std::chrono::steady_clock::now();
    const std::string folder = options.scratch + "/" + std::to_string(++number);
    std::error_code failed;
    fs::create_directories(folder, failed);
    fs::permissions(folder, fs::perms::owner_all, failed);
    if (failed) return error("scratch_failed", "cannot make " + folder + ": " + failed.message());
    try {
      Bench bench(lineup, options, folder);
      try_rule(chosen, bench, finding);
    } catch (const ErrorException& failure) {
      finding.evidence = "the bench could not be made: " + failure.error().message;
    }
    finding.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    fs::remove_all(folder, failed);
    if (options.on_finding) options.on_finding(finding);
    judgement.findings.push_back(std::move(finding));
  }
  if (judgement.findings.empty())
    return error("no_rules", "no rule was chosen", "muster parity --programs --list names them");
  return judgement;
}

}  // namespace muster::judge
