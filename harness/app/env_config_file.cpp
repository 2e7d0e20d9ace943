#include "app/env_config_file.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <variant>

#include "app/config_schema.hpp"
#include "base/unique_fd.hpp"
#include "config/load.hpp"

namespace muster::app {
namespace {

Error io_failed(const std::string& what, const std::string& path) {
  return error("config_file", "cannot " + what + " " + path + ": " + std::strerror(errno));
}

/// The whole of it or nothing; owner and mode as they were. Through a symbolic link its target is
/// written, as an editor does.
Result<void> replace_file(const std::string& named, const std::string& text) {
  std::error_code none;
  const auto target = std::filesystem::weakly_canonical(named, none);
  const std::string path = none ? named : target.string();
  struct stat before {};
  const bool there = ::stat(path.c_str(), &before) == 0;
  std::string temporary = path + ".XXXXXX";
  const UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return io_failed("write beside", path);
  const auto fail = [&](const std::string& what) {
    const Error why = io_failed(what, path);
    ::unlink(temporary.c_str());
    return why;
  };
  if (::fchmod(fd.get(), there ? before.st_mode & 07777 : 0644) != 0) return fail("write");
  if (there && ::geteuid() == 0) (void)!::fchown(fd.get(), before.st_uid, before.st_gid);
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t put = ::write(fd.get(), rest.data(), rest.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return fail("write");
    rest.remove_prefix(static_cast<std::size_t>(put));
  }
  if (::fsync(fd.get()) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0)
    return fail("write");
  return {};
}

}  // namespace

Result<ConfigFile> read_config_file(EnvSession& session) {
  const auto folder = session.root();
  if (!folder) return folder.error();
  config::Request request;
  if (!session.route().config.file.empty()) request.file = session.route().config.file;
  request.folder = *folder;
  request.environment = config::process_environment();
  const auto found = config::find_file(request);
  if (!found) return found.error();
  ConfigFile file;
  file.path = found->value_or(*folder + "/muster.toml");
  if (*found) {
    std::ifstream in(file.path, std::ios::binary);
    if (!in) return io_failed("read", file.path);
    file.text.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  auto parts = config::split_managed(file.path, file.text);
  if (!parts) return parts.error();
  file.parts = std::move(*parts);
  if (file.parts.block) {
    auto keys = config::read_managed_keys(config_schema(), file.path, *file.parts.block);
    if (!keys) return keys.error();
    file.keys = std::move(*keys);
  }
  return file;
}

Result<std::string> write_config_file(const ConfigFile& file, const config::ManagedKeys& keys,
                                      bool dry_run) {
  std::string text = config::join_managed(file.parts, config::write_managed_keys(keys));
  // without variables and profiles: what stands in the file has to hold by itself
  auto checked = config::load_text(config_schema(), {}, file.path, text);
  if (const auto* problems = std::get_if<std::vector<Diagnostic>>(&checked)) {
    Error first = problems->front();
    first.hint = "the file is as it was; what is written by hand is changed by hand" +
                 (first.hint.empty() ? "" : "; " + first.hint);
    return first;
  }
  if (!dry_run && text != file.text) {
    if (auto written = replace_file(file.path, text); !written) return written.error();
  }
  return text;
}

}  // namespace muster::app
