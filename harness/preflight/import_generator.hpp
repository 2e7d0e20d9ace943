#pragma once

#include <string>

namespace muster::preflight {

/// How this project makes its generated modules: the place in its own scripts that calls protoc,
/// grpc_tools or buf, as what to run (`just stubs`, `scripts/generate_stubs.sh`), with that place;
/// empty when none does.
std::string find_generator(const std::string& project);

}  // namespace muster::preflight
