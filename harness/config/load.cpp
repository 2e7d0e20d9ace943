#include "config/load.hpp"

#include <filesystem>
#include <system_error>

#include "config/envctl_file.hpp"
#include "config/read_file.hpp"
#include "config/resolver.hpp"

namespace muster::config {

std::variant<Config, std::vector<Diagnostic>> load_text(const Schema& schema,
                                                        const Request& request, std::string name,
                                                        std::string text) {
  Resolver resolver(schema, request);
  resolver.read(name, std::move(text));
  return resolver.finish();
}

namespace {

/// An `.envctl` beside muster.toml, or in the folder asked for, holds below the file.
void read_envctl_below(const Schema& schema, const std::string& folder, Resolver& resolver) {
  const std::string path = folder == "." ? kEnvctlFile : folder + "/" + kEnvctlFile;
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return;
  const auto text = read_file(path);
  if (text) resolver.read_below(path, read_envctl(schema, *text).toml);
}

std::string folder_of(const std::string& file) {
  const auto slash = file.rfind('/');
  return slash == std::string::npos ? "." : file.substr(0, slash);
}

}  // namespace

std::variant<Config, std::vector<Diagnostic>> load(const Schema& schema, const Request& request) {
  Resolver resolver(schema, request);
  const auto file = find_file(request);
  if (!file) return std::vector<Diagnostic>{file.error()};
  read_envctl_below(schema, *file ? folder_of(**file) : request.folder, resolver);
  if (*file) {
    auto text = read_file(**file);
    if (!text) return std::vector<Diagnostic>{text.error()};
    resolver.read(**file, std::move(text).value());
  }
  return resolver.finish();
}

}  // namespace muster::config
