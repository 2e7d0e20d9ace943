#include "app/scratch_directory.hpp"

#include <stdlib.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace muster::app {

namespace {

/// A socket path has 107 bytes; names below the scratch directory take up to 60 of them.
constexpr std::size_t kLongestParent = 40;

}  // namespace

Result<ScratchDirectory> ScratchDirectory::make() {
  const char* parent = std::getenv("TMPDIR");
  std::string path = parent != nullptr && *parent == '/' ? parent : "/tmp";
  if (path.size() > kLongestParent) path = "/tmp";
  path += "/muster-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    return error("scratch_failed", "cannot make a directory like " + path);
  }
  return ScratchDirectory(std::move(path));
}

ScratchDirectory::ScratchDirectory(ScratchDirectory&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace muster::app
