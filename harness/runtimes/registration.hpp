#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "runtimes/detector.hpp"
#include "runtimes/repository.hpp"
#include "runtimes/requirement.hpp"

namespace muster::runtimes {

/// Detects by the rows of the repository, see detect.
Result<Detection> detect(Repository& repository, const DetectOptions& options);

/// Enters a worker or a sensor (by the role of the detection) as active, with what it has in its
/// capabilities and a heartbeat, and notes every verdict on a row in `runtime_check`. A worker of
/// that name that is there already is taken over.
Result<Worker> register_worker(Repository& repository, const std::string& name,
                               const std::string& host, const Detection& detection,
                               const Clock& clock = system_clock());

/// It is still there. Error `not_found`.
Result<Worker> heartbeat(Repository& repository, const std::string& name,
                         const Clock& clock = system_clock());

/// Sets its status: `inactive` when it ends, `draining` when it takes nothing new, `error`.
Result<Worker> set_status(Repository& repository, const std::string& name,
                          const std::string& status);

/// Notes what a detection came to on a worker.
Result<void> note_checks(Repository& repository, const Worker& worker, const Detection& detection);

/// Whether a worker may take what has these requirements: it is active, of that role, and meets
/// each. The reason is that of the first it does not.
Answer may_take(const Worker& worker, Role role, const std::vector<Requirement>& requirements);

}  // namespace muster::runtimes
