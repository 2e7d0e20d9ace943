#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "gherkin/feature_tree.hpp"
#include "messages/messages.hpp"
#include "run/matching.hpp"
#include "run/plan.hpp"
#include "run/plan_builder.hpp"
#include "run/run_settings.hpp"
#include "steps/library.hpp"

namespace muster::app {

/// Who is told the messages of a run.
using Tell = std::function<void(const messages::Envelope&)>;

/// Everything that is known before anything is started.
struct PreparedRun {
  steps::Library library;
  std::vector<std::string> paths;              ///< PATH[:LINE]…, lists of files read
  std::unique_ptr<run::Matching> matching;     ///< of the library
  std::vector<gherkin::FeatureTree> features;  ///< until they are told
  std::vector<run::ChosenPickle> chosen;       ///< until they are told
  run::Plan plan;
  IncrementalIds ids;
};

/// Reads, selects, orders and plans. `config` is that of the project under test, `project`
/// the folder whose last run `--last-failed` means. What is wrong with features is told
/// as well as printed.
Result<std::unique_ptr<PreparedRun>> prepare_run(const run::RunSettings& settings,
                                                 const config::Config& config,
                                                 const std::string& project, const Tell& tell);

/// The messages that stand before the run: sources, documents, pickles, the library. The features
/// are let go: workers need no more of them than what is planned.
void tell_plan(PreparedRun& prepared, const Tell& tell);
/// Those at its beginning: the cases.
void tell_cases(PreparedRun& prepared, const Tell& tell, const std::string& run_started_id);

/// SHA-256 hex over the keys of all cases.
std::string plan_digest(const run::Plan& plan);

}  // namespace muster::app
