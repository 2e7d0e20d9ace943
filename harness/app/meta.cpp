#include "app/meta.hpp"

#include <sys/utsname.h>

#include "app/version.hpp"

namespace muster::app {

messages::Meta meta() {
  utsname system{};
  uname(&system);
  messages::Meta made;
  made.implementation = {"muster", kVersion};
  made.runtime = {"C++", std::to_string(__cplusplus / 100 % 100)};
  made.os = {system.sysname, system.release};
  made.cpu = {system.machine, std::nullopt};
  return made;
}

}  // namespace muster::app
