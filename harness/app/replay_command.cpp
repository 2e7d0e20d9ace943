#include "app/replay_command.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>

#include "app/data_output.hpp"
#include "app/edited_chains.hpp"
#include "app/recorded_run.hpp"
#include "app/replayed_case.hpp"
#include "base/text.hpp"

namespace muster::app {
namespace {

struct ReplayArguments {
  std::string run = "latest";
  std::string feature;
  std::string project;
  bool recorded = false;
  bool json = false;
  std::string program;
};

struct Totals {
  std::size_t chains = 0;
  std::size_t held = 0;
  std::size_t changed = 0;
};

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

class Replay {
 public:
  explicit Replay(const ReplayArguments& arguments) : arguments_(arguments) {}

  Result<bool> run() {
    auto run = recorded_run(arguments_.run, arguments_.project);
    if (!run) return run.error();
    auto cases = recorded_cases(*run);
    if (!cases) return cases.error();
    if (cases->empty())
      return error("no_chains", "the run " + run->manifest().run_id + " watched no chain",
                   "a chain is a doc string: \"\"\"chain");
    id_ = run->manifest().run_id;
    project_ = run->manifest().project;
    if (run->state() != journal::RunRecord::State::finished)
      std::cerr << "muster: the run " << id_ << " is incomplete: " << run->reason() << "\n";
    for (const RecordedCase& one : *cases) {
      if (auto judged = judge(one); !judged) return judged.error();
    }
    if (totals_.chains == 0)
      return error("no_chains", "no scenario of the run stands in " + arguments_.feature,
                   "scenarios are found again by their names");
    return finish();
  }

 private:
  Result<void> judge(const RecordedCase& one) {
    std::string uri = one.uri;
    std::vector<ArmedChain> chains = one.chains;
    if (!arguments_.recorded) {
      auto edited = edited_chains(one, arguments_.feature, project_);
      if (!edited) return edited.error();
      if (!*edited) {
        // a scenario of another feature, or one that is gone
        if (!arguments_.feature.empty()) return {};
      } else {
        uri = (*edited)->uri;
        chains = std::move((*edited)->chains);
      }
    }
    for (const ArmedChain& chain : chains) {
      const auto judged = judge_again(
          one, chain, uri, arguments_.program + " run " + one.uri + ":" + std::to_string(one.line));
      if (!judged) return judged.error();
      tell(one, chain, uri, *judged);
    }
    return {};
  }

  void tell(const RecordedCase& one, const ArmedChain& chain, const std::string& uri,
            const Judged& judged) {
    ++totals_.chains;
    totals_.held += judged.holds ? 1 : 0;
    const bool changed = !chain.verdict.empty() && chain.verdict != judged.verdict;
    totals_.changed += changed ? 1 : 0;
    const std::string place = uri + ":" + std::to_string(chain.line);
    if (arguments_.json) {
      Json told = {
          {"case", one.label},          {"scenario", one.name},      {"place", place},
          {"step", chain.step},         {"verdict", judged.verdict}, {"holds", judged.holds},
          {"events", one.events.size()}};
      if (!chain.verdict.empty()) told["verdict_in_run"] = chain.verdict;
      if (judged.gap != 0) told["gap"] = std::string(1, judged.gap);
      if (!judged.attachment.is_null()) told["explanation"] = judged.attachment;
      if (!judged.report.empty()) told["text"] = judged.report;
      chains_.push_back(std::move(told));
      return;
    }
    out_.pending() += (judged.holds ? "ok    " : "FAIL  ") + printable(one.name) + "   " + place +
                      "\n      " + printable(chain.step) + " " + judged.verdict +
                      (judged.gap == 0 ? "" : std::string(" at gap ") + judged.gap) +
                      (changed ? ", " + chain.verdict + " in the run" : "") + "\n";
    if (!judged.holds) out_.pending() += judged.report;
  }

  Result<bool> finish() {
    if (arguments_.json) {
      out_.pending() += dump_json({{"run", id_}, {"chains", std::move(chains_)}}) + "\n";
    } else {
      out_.pending() += "replay of " + id_ + ": " + std::to_string(totals_.held) + " of " +
                        std::to_string(totals_.chains) + " chains hold" +
                        (totals_.changed == 0
                             ? ""
                             : ", " + std::to_string(totals_.changed) + " other than in the run") +
                        "; nothing was started\n";
    }
    if (const auto written = out_.finish(); !written) return written.error();
    return totals_.held == totals_.chains;
  }

  const ReplayArguments& arguments_;
  std::string id_;
  std::string project_;
  Totals totals_;
  Json chains_ = Json::array();
  DataOutput out_;
};

}  // namespace

Execute add_replay_command(CLI::App& app, const std::string& program) {
  auto arguments = std::make_shared<ReplayArguments>();
  arguments->program = program;
  auto* command = app.add_subcommand(
      "replay", "Judges the chains of a recorded run again, also edited ones; starts nothing");
  command->add_option("RUN", arguments->run,
                      "`latest`, the id of a run or its directory (default: latest)");
  auto* feature = command->add_option(
      "FEATURE", arguments->feature,
      "A feature file whose chains are judged instead (default: the run's own, as they are now)");
  command->add_flag("--recorded", arguments->recorded, "Judges the chains as they were in the run")
      ->excludes(feature);
  command->add_option("--project", arguments->project, "Folder whose runs are meant");
  command->add_flag("--json", arguments->json, "One JSON object on stdout");
  command->footer(
      "Scenarios of an edited feature are found again by their names. Exit 1 when a chain does not "
      "hold.\nExample: muster replay latest");
  return [arguments] {
    const auto held = Replay(*arguments).run();
    return held ? (*held ? 0 : 1) : fail(held.error());
  };
}

}  // namespace muster::app
