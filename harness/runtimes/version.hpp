#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster::runtimes {

/// A version as Semantic Versioning 2.0.0 orders it, read leniently. Build metadata is dropped.
struct Version {
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  std::uint64_t patch = 0;
  std::string pre;  ///< pre-release without its hyphen, e.g. `beta.1`; empty for a release
  int given = 3;    ///< how many of the three numbers were written

  /// Precedence (section 11): `1.0.0-rc.2 < 1.0.0-rc.10 < 1.0.0`. `given` plays no part.
  int compare(const Version& other) const;
  friend bool operator==(const Version& a, const Version& b) { return a.compare(b) == 0; }
  friend bool operator<(const Version& a, const Version& b) { return a.compare(b) < 0; }
};

/// `3.12.0`, `3.13.0-rc.1`.
std::string to_string(const Version& version);

/// Reads `3`, `3.12`, `3.12.1`, `v3.12.1`, `3.13.0-rc.1`, `3.13.0rc1`, `1.8.0_292`, `1.2.3+build`;
/// a missing number counts as 0, a fourth and later ones are dropped, blanks around are ignored.
/// Error `bad_version`.
Result<Version> parse_version(std::string_view text);

/// The first version in what a program prints: two or more numbers with dots between
/// (`Python 3.11.2`, `go version go1.19.8 linux/amd64`), else the number behind the word `version`
/// (`openjdk version "21"`).
std::optional<Version> find_version(std::string_view text);

}  // namespace muster::runtimes
