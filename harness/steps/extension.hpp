#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "muster/scenario.hpp"
#include "muster/table.hpp"

namespace muster::steps {

class Host;

/// A step of a pickle as its extension sees it. Its texts live as long as the run.
struct PickleStepInfo {
  std::string_view keyword;
  std::string_view text;
  int line = 0;
  int doc_string_line = 0;                      ///< of the opening delimiter
  std::shared_ptr<const DocString> doc_string;  ///< null: none
};

/// A pickle about to run.
struct PickleInfo {
  ScenarioInfo scenario;
  std::vector<PickleStepInfo> steps;
};

/// A step that failed or timed out.
struct StepFailure {
  std::size_t step = 0;  ///< index into PickleInfo::steps
  std::string message;
  std::string code;  ///< of an Error, e.g. `program_not_found`; `timed_out`; empty
};

/// What an extension has to say about a failure: it becomes the headline, the failed step's own
/// message its evidence.
struct Explanation {
  std::string text;
  std::string json;  ///< attached as application/json; empty for none
};

/// Accompanies one scenario on the service thread, where it survives a body that hangs. All calls
/// are made there.
class Extension {
 public:
  virtual ~Extension() = default;

  /// Before the first step, with all of them: arm what is to be watched. An error fails the
  /// scenario before anything is spawned.
  virtual boost::asio::awaitable<Result<void>> begin() = 0;

  /// The step's own time instead of the default.
  virtual std::optional<std::chrono::milliseconds> step_timeout(std::size_t step) const = 0;

  /// True while failures of steps are evidence and not verdicts (`@expects-gap`), asked for each
  /// failed step.
  virtual bool expects_failure(std::size_t step) const = 0;

  /// A step failed whose failure is only evidence.
  virtual void tolerated(const StepFailure& failure) = 0;

  /// A step failed for good: lets the system settle and explains.
  virtual boost::asio::awaitable<std::optional<Explanation>> explain(
      const StepFailure& failure) = 0;

  /// The scenario has ended, fixtures are destroyed: stops everything that is left. Returns what
  /// was wrong then.
  virtual boost::asio::awaitable<std::vector<std::string>> end() = 0;
};

using MakeExtension = std::function<std::unique_ptr<Extension>(Host&, const PickleInfo&)>;

/// Registers an extension made for every scenario; one per program. Always true.
bool register_extension(MakeExtension make);

/// The registered one, or an empty function.
const MakeExtension& registered_extension();

}  // namespace muster::steps
