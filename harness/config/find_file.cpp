#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/unique_fd.hpp"
#include "config/load.hpp"
#include "config/read_file.hpp"

extern char** environ;

namespace muster::config {
namespace fs = std::filesystem;

Environment process_environment() {
  Environment variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) {
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return variables;
}

namespace {

Result<std::optional<std::string>> named_file(const std::string& file, const char* by) {
  std::error_code failure;
  if (fs::is_regular_file(file, failure)) return std::optional(file);
  return error("config_file", std::string(by) + " names " + file +
                                  (fs::exists(file, failure) ? ", which is no regular file"
                                                             : ", which is not there"));
}

}  // namespace

Result<std::optional<std::string>> find_file(const Request& request) {
  if (request.file) return named_file(*request.file, "--config");
  const auto variable = request.environment.find("MUSTER_CONFIG");
  if (variable != request.environment.end() && !variable->second.empty()) {
    return named_file(variable->second, "MUSTER_CONFIG");
  }
  std::error_code failure;
  const fs::path asked(request.folder);
  const fs::path here = fs::weakly_canonical(fs::absolute(asked, failure), failure);
  std::optional<std::string> found;
  fs::path shown = asked;
  for (fs::path folder = here;; folder = folder.parent_path(), shown /= "..") {
    if (!found && fs::exists(folder / "muster.toml", failure)) {
      found = (shown / "muster.toml").lexically_normal().string();
      if (folder == here) return found;
    }
    if (fs::exists(folder / ".git", failure)) return found;
    // outside of a repository, a file above belongs to something else
    if (folder == folder.parent_path()) return std::optional<std::string>();
  }
}

Result<std::string> read_file(const std::string& path) {
  const auto fail = [&](int number) {
    return error("config_file", path + " can not be read: " + std::strerror(number));
  };
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return fail(errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail(errno);
  if (!S_ISREG(status.st_mode)) return error("config_file", path + " is no regular file");
  std::string text;
  char block[1 << 16];
  // one byte more than is allowed shows that it is too much
  while (text.size() <= kMaxFileBytes) {
    const auto got = ::read(file.get(), block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(errno);
    if (got == 0) break;
    text.append(block, static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace muster::config
