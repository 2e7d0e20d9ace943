#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "schema/schema.hpp"
#include "schema/uri.hpp"

namespace muster::schema {
namespace {

constexpr std::string_view kHere = "file:///";
constexpr std::size_t kMostBytes = 8 * 1024 * 1024;

/// Only downwards: no absolute path, no `..`, no empty name.
bool stays_below(const std::string& path) {
  for (const std::string& part : split(path, '/')) {
    if (part.empty() || part == "." || part == ".." || part.find('\0') != part.npos) return false;
  }
  return true;
}

Result<Json> read_document(const std::string& folder, const std::string& path) {
  const std::string whole = folder + "/" + path;
  const auto failed = [&](const std::string& why) {
    return error("schema_file", "cannot read the schema " + printable(whole) + ": " + why);
  };
  if (!stays_below(path)) return failed("the path leaves its folder");
  const UniqueFd file(::open(whole.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about {};
  if (!file || ::fstat(file.get(), &about) != 0) return failed(std::strerror(errno));
  if (!S_ISREG(about.st_mode)) return failed("it is no regular file");
  std::string text;
  char buffer[16 * 1024];
  for (ssize_t got = 0; (got = ::read(file.get(), buffer, sizeof buffer)) != 0;) {
    if (got < 0) return failed(std::strerror(errno));
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.size() > kMostBytes) return failed("it is larger than 8 MiB");
  }
  auto parsed = parse_json(text);
  if (!parsed) {
    Error located = parsed.error();
    located.place.uri = whole;
    return located;
  }
  return parsed;
}

}  // namespace

Result<Json> resolve_nothing(const std::string& uri) {
  return error("schema_reference", "there is no schema " + printable(shorten(uri, 200)),
               "schemas are never fetched from a network: refer to a file beside this one");
}

Resolver resolve_folder(std::string folder, std::string prefix) {
  return [folder = std::move(folder),
          prefix = std::move(prefix)](const std::string& uri) -> Result<Json> {
    if (!uri.starts_with(prefix)) return resolve_nothing(uri);
    return read_document(folder, percent_decoded(uri.substr(prefix.size())));
  };
}

Result<Schema> Schema::open(const std::string& reference, const std::string& folder,
                            Limits limits) {
  const auto [path, fragment] = split_fragment(reference);
  if (!stays_below(path)) {
    return error(
        "schema_file",
        "`" + printable(shorten(reference, 200)) + "` is no file below " + printable(folder),
        "write `frames.json` or `frames.json#/definitions/frame`");
  }
  const Json root = {{"$ref", std::string(kHere) + reference}};
  return compile(root, {}, resolve_folder(folder, std::string(kHere)), limits);
}

}  // namespace muster::schema
