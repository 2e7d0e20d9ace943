#include "run/worker_host.hpp"

#include <typeinfo>

namespace muster::run {

steps::Extension* WorkerHost::extension(std::type_index type) {
  if (extension_ == nullptr) return nullptr;
  steps::Extension& known = *extension_;
  return std::type_index(typeid(known)) == type ? extension_ : nullptr;
}

}  // namespace muster::run
