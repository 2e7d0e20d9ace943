#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "preflight/import_verdict.hpp"

/// The facts that import_autopsy.py puts down, as values, with files and modules named for people.
namespace muster::preflight {

/// `file` below the project, else as it is.
std::string shown_file(const std::string& file, const VerdictSetting& setting);

/// The dotted name that `file` has below the longest folder of the paths that holds it.
std::string module_of_file(const std::string& file, const VerdictSetting& setting);

/// The file of a module of the project, else the deepest folder on the way to it; below the
/// project.
std::string place_of_module(const std::string& module, const VerdictSetting& setting);

/// The module of a link without the `/__init__` of a package.
std::string plain_module(const ImportLink& link);

std::vector<ImportLink> links_of_facts(const Json& said, const VerdictSetting& setting);
std::vector<SoftMissing> soft_missing_of_facts(const Json& said, const VerdictSetting& setting);
ImportAttribute attribute_of_facts(const Json& facts);

/// `root` has the package or module `top`.
bool is_project_module(const std::string& root, const std::string& top);

/// `pkg.hearth_pb2_grpc` → `hearth.proto`.
std::string proto_of_stub(const std::string& module);

/// The normalised name with which a requirement begins.
std::string requirement_name(std::string_view text);

}  // namespace muster::preflight
