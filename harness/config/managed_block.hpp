#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster::config {

/// The lines between which `muster env config` writes (docs/formats/managed_block.md). They are the
/// last in a file, so that what stands above them keeps its section.
inline constexpr std::string_view kBlockBegins =
    "# >>> muster: written by `muster env config`, which writes these lines anew >>>";
inline constexpr std::string_view kBlockEnds = "# <<< muster <<<";

/// A file of configuration in three pieces, which together are every byte of it.
struct ManagedFile {
  std::string before;
  std::optional<std::string> block;  ///< the lines between the marks; unset: there are no marks
  std::string after;
};

/// Takes a file apart. Error `managed_block_broken`, located, when one mark stands without the
/// other, or twice.
Result<ManagedFile> split_managed(const std::string& name, std::string_view text);

/// Puts the file together with `block` between the marks, behind everything when there were none;
/// an empty block takes the marks away, so that the file is what it was before there was one.
std::string join_managed(const ManagedFile& file, std::string_view block);

}  // namespace muster::config
