#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "requirements/requirement_spec.hpp"

namespace muster::requirements {

/// Whose a container is: its labels, by which it is found again and swept.
struct ContainerOwner {
  std::string run_id;
  std::string scope;
  std::string project;
};

/// How a container is made. Texts of variables and readiness may have {port}, the port of this
/// host.
struct ContainerPlan {
  std::string name;   ///< `muster-<scope>-<project>-<id>`, the same at each start
  std::string image;  ///< with its tag
  std::map<std::string, std::string> env;
  int inner_port = 0;
  std::vector<services::ReadySpec>
      ready;  ///< tcp and http; and its own health check, if it has one
  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> labels;

  /// The body of `POST /containers/create` (Docker Engine API 1.41), published at 127.0.0.1:`port`.
  Json body(int port) const;
};

/// The plan of a definition that has an image. `password`: of its server, new at each creation.
/// Error `requirement_backing` when it has none.
Result<ContainerPlan> plan_container(const RequirementSpec& spec, const ContainerOwner& owner,
                                     const std::string& password);

}  // namespace muster::requirements
