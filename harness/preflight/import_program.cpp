#include "preflight/import_program.hpp"

namespace muster::preflight {
namespace {
#include MUSTER_EMBEDDED
}  // namespace

std::string_view import_boot_source() {
  return import_boot_py;
}
std::string_view import_standard_source() {
  return import_standard_py;
}
std::string_view import_autopsy_source() {
  return import_autopsy_py;
}
std::string_view import_zygote_source() {
  return import_zygote_py;
}

}  // namespace muster::preflight
