#pragma once

#include <string_view>

/// The program of the interpreter that forks for imports, embedded at build time. In the order in
/// which it is given to it: `-c boot`, then standard, autopsy and zygote as messages.
namespace muster::preflight {

std::string_view import_boot_source();
std::string_view import_standard_source();
std::string_view import_autopsy_source();
std::string_view import_zygote_source();

}  // namespace muster::preflight
