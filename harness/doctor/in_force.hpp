#pragma once

#include <vector>

#include "doctor/doctor.hpp"

namespace muster::doctor {

/// The ways to end programs for certain, the best first; one is in force.
std::vector<InForce> reaping_backends();

/// The ways to keep the ports of environments apart: network namespaces, held ports.
std::vector<InForce> isolation_backends();

}  // namespace muster::doctor
