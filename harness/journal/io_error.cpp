#include "journal/io_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace muster::journal {
namespace {

struct Kind {
  const char* code;
  const char* hint;
};

Kind kind_of(int errno_value) {
  switch (errno_value) {
    case ENOSPC:
    case EDQUOT:
      return {"disk_full", "free some space, or set MUSTER_RUNTIME_DIR to another disk"};
    case ELOOP:
      return {"path_symlink", "symbolic links are not followed beneath the runtime directory"};
    case EXDEV:
      return {"path_escape", "the path leads out of the runtime directory"};
    case ENOENT:
      return {"path_missing", ""};
    case EEXIST:
      return {"path_exists", ""};
    case EACCES:
    case EPERM:
      return {"path_denied", ""};
    case EMFILE:
    case ENFILE:
      return {"too_many_files", "raise the limit of open files (ulimit -n)"};
    default:
      return {"io", ""};
  }
}

}  // namespace

Error io_error(std::string_view doing, const std::string& path, int errno_value) {
  const Kind kind = kind_of(errno_value);
  return error(
      kind.code,
      fmt::format("can not {} {}: {}", doing, path, std::generic_category().message(errno_value)),
      kind.hint);
}

}  // namespace muster::journal
