#pragma once

#include <chrono>
#include <string>

#include "preflight/migration_trip.hpp"

namespace muster::profile {

/// Where migrations are applied for real: a database of its own on the server at `url`, dropped
/// afterwards; without a URL a server that is started for it from the installed programs. Roles and
/// what else belongs to a whole server stay on a server that was named. `within`: of each
/// statement. Errors when it is opened: `no_postgres`, `postgres_failed`, those of
/// runtimes::Database.
preflight::OpenTripDatabase postgres_trip(
    std::string url = {}, std::chrono::milliseconds within = std::chrono::seconds(10));

/// By what a setting or option says: `start`, a URL, or `off` (also when empty), which gives none.
preflight::OpenTripDatabase postgres_trip_at(const std::string& where);

}  // namespace muster::profile
