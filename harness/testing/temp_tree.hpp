#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "testing/file_text.hpp"

namespace muster::testing {

/// A directory of a test's or a fixture's own, gone with everything in it at its end.
class TempTree {
 public:
  TempTree() : TempTree(std::filesystem::temp_directory_path()) {}
  explicit TempTree(const std::filesystem::path& below) {
    std::string pattern = (below / "muster-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("can not make " + pattern);
    path_ = pattern;
  }
  TempTree(const TempTree&) = delete;
  TempTree& operator=(const TempTree&) = delete;
  ~TempTree() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }
  std::string str(std::string_view below = {}) const { return (path_ / below).string(); }

  /// Writes a file, with the directories above it.
  void write(std::string_view below, std::string_view content) const {
    const std::filesystem::path file = path_ / below;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
  }

  std::string read(std::string_view below) const { return file_text(path_ / below); }

 private:
  std::filesystem::path path_;
};

}  // namespace muster::testing
