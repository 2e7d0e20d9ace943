#include "steps/extension.hpp"

#include <stdexcept>

namespace muster::steps {
namespace {

MakeExtension& slot() {
  static MakeExtension make;
  return make;
}

}  // namespace

bool register_extension(MakeExtension make) {
  if (slot()) throw std::logic_error("a second scenario extension is registered in this program");
  slot() = std::move(make);
  return true;
}

const MakeExtension& registered_extension() {
  return slot();
}

}  // namespace muster::steps
