#pragma once

#include <sys/stat.h>

#include <string>
#include <vector>

#include "runtimes/runtime.hpp"
#include "testing/temp_tree.hpp"

/// What the tests of this folder stand on.
namespace muster::runtimes::testing {

/// A row whose commands are `commands`.
inline Runtime row(const std::string& ref, Json commands, Json more = Json::object()) {
  Runtime made;
  made.ref = ref;
  made.pack_ref = ref.substr(0, ref.find('.'));
  made.name = ref.substr(ref.rfind('.') + 1);
  made.distributions = std::move(more);
  made.distributions["verification"]["commands"] = std::move(commands);
  return made;
}

inline Json command(const std::string& binary, Json more = Json::object()) {
  more["binary"] = binary;
  if (!more.contains("args")) more["args"] = {"--version"};
  return more;
}

/// Programs of a test's own, found in their folder.
class Programs {
 public:
  std::string add(const std::string& name, const std::string& script, mode_t mode = 0755) {
    tree_.write(name, script);
    const std::string path = tree_.str(name);
    ::chmod(path.c_str(), mode);
    return path;
  }
  std::string folder() const { return tree_.str(); }
  /// The folder and what scripts need.
  std::string path() const { return folder() + ":/usr/bin:/bin"; }
  std::string read(const std::string& name) const { return tree_.read(name); }

 private:
  muster::testing::TempTree tree_;
};

}  // namespace muster::runtimes::testing
