#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "runtimes/probe.hpp"
#include "runtimes/runtime.hpp"
#include "runtimes/verdict.hpp"

namespace muster::runtimes {

class ProbeCache;

struct VerifyOptions {
  ProbeLimits limits;
  std::string search_path;      ///< folders with `:` between; empty: PATH of this process
  ProbeCache* cache = nullptr;  ///< outlives the call; nullptr: nothing is remembered
  bool fresh = false;           ///< probe even what is remembered
  std::stop_token stop;         ///< ends all probes; the call then returns `cancelled`
};

/// One verdict for each of `rows`, in their order. Rows are probed in parallel; the commands of a
/// row one after another by their priority, and the first that succeeds decides. When none does,
/// the verdict is that of the first which was there at all, optional ones last. Blocks, for at most
/// the timeout and 2 s for each command of a row that hangs. Errors: `cancelled`, and those of
/// process::Group.
Result<std::vector<Verdict>> verify(const std::vector<Runtime>& rows, const VerifyOptions& options);

}  // namespace muster::runtimes
