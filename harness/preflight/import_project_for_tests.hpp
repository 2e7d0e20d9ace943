#pragma once

#include <cstdlib>
#include <string>
#include <vector>

#include "preflight/import_check.hpp"
#include "testing/temp_tree.hpp"

namespace muster::preflight {

/// A Python project in a folder of a test's own.
class PythonProject {
 public:
  void file(const std::string& path, const std::string& content) const {
    tree_.write(path, content);
  }

  std::string path() const { return tree_.str(); }
  const muster::testing::TempTree& tree() const { return tree_; }

  /// The distribution's interpreter, which has its packages beside it; or, to try others,
  /// MUSTER_TEST_PYTHON.
  static ImportOptions options() {
    ImportOptions options;
    const char* other = std::getenv("MUSTER_TEST_PYTHON");
    options.python = other == nullptr ? "/usr/bin/python3" : other;
    return options;
  }

  ImportReport check(const std::vector<std::string>& modules) const {
    return check_imports(path(), modules, options());
  }

  ImportResult import(const std::string& module) const { return check({module}).results.at(0); }

 private:
  muster::testing::TempTree tree_;
};

}  // namespace muster::preflight
