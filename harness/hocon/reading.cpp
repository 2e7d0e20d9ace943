#include "hocon/reading.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "hocon/merge.hpp"

namespace muster::hocon {
namespace {

constexpr std::size_t most_bytes = 64U << 20;  // of one file; what a load takes is in Limits

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

bool is_url(std::string_view name) {
  const std::string lower = to_lower(name.substr(0, 10));
  for (const std::string_view scheme : {"http:", "https:", "ftp:", "file:", "jar:", "mailto:"})
    if (std::string_view(lower).starts_with(scheme)) return true;
  return false;
}

}  // namespace

Result<std::optional<std::string>> read_regular_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (fd.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<std::string>();
    return error("read", path + " cannot be read: " + std::strerror(errno));
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return error("read", path + " is not a regular file");
  std::string bytes;
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return error("read", path + " cannot be read: " + std::strerror(errno));
    if (count == 0) return std::optional<std::string>(std::move(bytes));
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
    if (bytes.size() > most_bytes) return error("limit", path + " is larger than 64 MiB");
  }
}

void Notes::add(const std::string& code, const std::string& message, const Spot& spot,
                std::string hint) {
  if (full()) return;
  if (!seen_.insert(code + ' ' + to_string(place_of(spot))).second) return;
  lints_.push_back({code, located(code, message, spot, std::move(hint))});
}

Reading::Reading(const Options& options, Tree& tree, Notes& notes)
    : options_(options),
      tree_(tree),
      notes_(notes),
      reader_(options.reader ? options.reader : Reader(read_regular_file)) {}

const Node* Reading::file(const std::string& path) {
  std::optional<std::string> bytes = read(path, nullptr);
  if (!bytes) throw Failure{error("read", path + " does not exist")};
  sources_.push_back(make_source(path, *bytes, syntax_of(path)));
  return object_of(sources_.back(), {});
}

const Node* Reading::text(const std::string& name, std::string_view text) {
  bytes_ = text.size();
  if (bytes_ > options_.limits.input_bytes)
    throw Failure{error("limit", name + " has more than " +
                                     std::to_string(options_.limits.input_bytes) + " bytes")};
  sources_.push_back(make_source(name, text, syntax_of(name)));
  return object_of(sources_.back(), {});
}

// A file that cannot be read counts as absent where it is optional: so does the reference.
std::optional<std::string> Reading::read(const std::string& path, const FieldSyntax* statement) {
  Result<std::optional<std::string>> bytes = reader_(path);
  if (!bytes.ok()) {
    if (!statement) throw Failure{bytes.error()};
    if (statement->required || bytes.error().code == "limit")
      refuse("include", bytes.error().message, statement->spot);
    notes_.add("unreadable_include", bytes.error().message + ", so it is left out",
               statement->spot);
    return std::nullopt;
  }
  if (!*bytes) return std::nullopt;
  bytes_ += (**bytes).size();
  if (bytes_ > options_.limits.input_bytes) {
    const std::string message =
        "more than " + std::to_string(options_.limits.input_bytes) + " bytes are to be read";
    if (!statement) throw Failure{error("limit", message)};
    refuse("limit", message, statement->spot);
  }
  return std::move(*bytes);
}

const Node* Reading::object_of(const Source& source, const Position& position) {
  if (source.syntax == Syntax::properties)
    return read_properties(tree_, source, options_.limits.nesting);
  const ValueSyntax root =
      parse(source, options_.limits.nesting, position.depth, options_.environment_lists,
            [this](std::size_t bytes, const Spot& spot) { tree_.charge(bytes, spot); });
  const Node* made = build(*this, source, root, position);
  if (!made->is_object())
    refuse("type", "a file has an object at its root, not " + describe(*made), made->spot);
  return made;
}

const Node* Reading::include(const FieldSyntax& statement, const Source& from,
                             const Position& position) {
  const Node* nothing = tree_.object(nullptr, false, statement.spot);
  if (++includes_ > options_.limits.includes)
    refuse("limit",
           "more than " + std::to_string(options_.limits.includes) + " includes are followed",
           statement.spot, "the files may include each other");
  if (statement.include_kind == IncludeKind::classpath) {
    if (options_.classpath == Classpath::refuse)
      refuse("unsupported", "classpath(…) can only be answered by a Java program", statement.spot,
             "include the file by its path");
    if (statement.required)
      refuse("include", "there is no class path with " + statement.name, statement.spot);
    return nothing;
  }
  if (statement.include_kind == IncludeKind::url || is_url(statement.name))
    refuse("unsupported", "a configuration is not fetched from a URL", statement.spot,
           "include a file");
  if (statement.name.find('\0') != std::string::npos)
    refuse("include", "a file's name has no NUL character", statement.spot);

  const std::string path =
      statement.name.starts_with('/') ? statement.name : folder_of(from.name) + statement.name;
  const std::string& name = statement.name;
  if (name.ends_with(".conf") || name.ends_with(".json") || name.ends_with(".properties")) {
    const bool by_ending =
        statement.include_kind == IncludeKind::file || options_.included == Included::by_ending;
    const Node* brought =
        include_file(statement, path, by_ending ? syntax_of(path) : Syntax::hocon, position);
    if (!brought && statement.required) refuse("include", path + " does not exist", statement.spot);
    return brought ? brought : nothing;
  }
  const Node* merged = nullptr;
  for (const char* ending : {".conf", ".json", ".properties"}) {
    const Node* brought = include_file(statement, path + ending, syntax_of(ending), position);
    if (brought) merged = merged ? over(tree_, merged, brought) : brought;
  }
  if (!merged && statement.required)
    refuse("include", path + " does not exist with .conf, .json or .properties", statement.spot);
  return merged ? merged : nothing;
}

const Node* Reading::include_file(const FieldSyntax& statement, const std::string& path,
                                  Syntax syntax, const Position& position) {
  std::optional<std::string> bytes = read(path, &statement);
  if (!bytes) return nullptr;
  if (depth_ >= options_.limits.include_depth)
    refuse("limit",
           "files include each other more than " + std::to_string(options_.limits.include_depth) +
               " deep",
           statement.spot, "there may be a cycle of includes");
  ++depth_;
  sources_.push_back(make_source(path, *bytes, syntax));
  const Node* made = object_of(sources_.back(), position);
  --depth_;
  return made;
}

}  // namespace muster::hocon
