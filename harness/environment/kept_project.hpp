#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "artifacts/repository.hpp"
#include "environment/blueprint.hpp"
#include "environment/unit.hpp"

namespace muster::environment {

/// A project while it is kept: a unit for each of its services that was ever to start.
class KeptProject {
 public:
  /// `around`: what all projects share; the project adds what is its own.
  KeptProject(const ProjectPlan& plan, const Variables& variables, Surroundings around);
  KeptProject(const KeptProject&) = delete;
  KeptProject& operator=(const KeptProject&) = delete;

  /// Makes units with ports for `names` (all selected ones when empty) and what they need, as far
  /// as they are missing; those whose life is over are made anew and keep their port. Returns the
  /// made ones in the order in which they start, requirements first. Errors: those of plan_ports,
  /// `service_unknown`.
  Result<std::vector<std::shared_ptr<Unit>>> prepare(const std::vector<std::string>& names = {});

  /// The same for requirements that are missing or whose life is over. `prepare` does it, too.
  Result<std::vector<std::shared_ptr<Unit>>> prepare_requirements();

  const ProjectPlan& plan() const { return plan_; }
  const Surroundings& around() const { return around_; }
  const std::map<std::string, std::shared_ptr<Unit>>& units() const { return units_; }
  std::shared_ptr<Unit> unit(const std::string& name) const;
  /// A unit for each requirement, by id.
  const std::map<std::string, std::shared_ptr<Unit>>& requirements() const { return needed_; }

 private:
  std::shared_ptr<Unit> make_unit(const services::ServiceSpec& spec);
  const ProjectPlan& plan_;
  const Variables& variables_;
  std::map<std::string, std::shared_ptr<Unit>> units_;
  std::map<std::string, std::shared_ptr<Unit>> needed_;
  Surroundings around_;
};

/// What is published of all projects; the readiness follows from the failures.
artifacts::Publication publication_of(const Blueprint& blueprint,
                                      const std::vector<std::unique_ptr<KeptProject>>& projects,
                                      const std::string& backend);

}  // namespace muster::environment
