#pragma once

#include <memory>
#include <vector>

#include "audit/verify.hpp"

namespace muster::audit {

/// Reads the events of the first `options.reports` failing keys again and explains each, as a
/// scenario that fails is explained.
Result<std::vector<Explained>> explain_keys(const LogFile& log,
                                            const std::shared_ptr<const chain::Chain>& chain,
                                            const std::vector<Failed>& failed,
                                            const VerifyOptions& options);

}  // namespace muster::audit
