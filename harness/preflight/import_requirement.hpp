#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Requirements as PEP 508 writes them, versions as PEP 440 orders them.
namespace muster::preflight {

/// Values of environment markers: `sys_platform` → `linux`.
using Markers = std::map<std::string, std::string>;

struct Requirement {
  std::string name;                 ///< normalised
  std::vector<std::string> extras;  ///< normalised
  std::string versions;             ///< `>=1.0,<2`; empty: any, or a URL
  std::string marker;               ///< or empty
};

/// Error `requirement`.
Result<Requirement> parse_requirement(std::string_view text);

/// The value of a marker; `extra` compares with any of `extras` (or with none). Error `marker`.
Result<bool> marker_holds(const std::string& marker, const Markers& markers,
                          const std::vector<std::string>& extras);

/// -1, 0 or 1; none when one of them is no version of PEP 440. Local parts are not compared.
std::optional<int> compare_versions(std::string_view a, std::string_view b);

/// Whether `version` is among `versions`; none when they can not be compared.
std::optional<bool> version_among(std::string_view version, std::string_view versions);

}  // namespace muster::preflight
