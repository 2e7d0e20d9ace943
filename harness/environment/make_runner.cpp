#include "environment/container_runner.hpp"
#include "environment/native_runner.hpp"
#include "environment/program_runner.hpp"

namespace muster::environment {
namespace {

/// What `auto` comes to here.
requirements::Backing backing_of(const requirements::RequirementSpec& spec,
                                 const Surroundings& around) {
  using requirements::Backing;
  if (spec.backing != Backing::automatic) return spec.backing;
  if (!spec.definition().native) return Backing::container;
  const char* path = process::env_value(around.base_environment, "PATH");
  const bool here = static_cast<bool>(requirements::installed(spec, path != nullptr ? path : ""));
  // without an image there is nothing but the native server to tell what is missing
  return here || spec.image.empty() ? Backing::native : Backing::container;
}

}  // namespace

std::unique_ptr<Runner> make_runner(Unit& unit, const Surroundings& around) {
  if (!unit.requirement) return std::make_unique<ProgramRunner>(unit, around);
  if (backing_of(unit.requirement->spec, around) == requirements::Backing::container)
    return std::make_unique<ContainerRunner>(unit, around);
  return std::make_unique<NativeRunner>(unit, around);
}

}  // namespace muster::environment
