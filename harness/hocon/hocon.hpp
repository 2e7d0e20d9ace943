#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

/// HOCON, as lightbend/config's HOCON.md and its reference implementation define it, with the
/// origin of every value. Nothing here touches the network; `url(…)` and `classpath(…)` includes
/// are refused with the code `unsupported`.
namespace muster::hocon {

/// Bounds of one load. What passes one is refused with a located error of code `limit`.
struct Limits {
  std::size_t nesting = 512;              ///< objects and arrays within each other, key elements
  std::size_t include_depth = 50;         ///< as the reference
  std::size_t includes = 1'000;           ///< include statements followed in all
  std::size_t input_bytes = 8U << 20;     ///< of all files together
  std::size_t output_bytes = 1U << 20;    ///< of the resolved tree as JSON
  std::size_t work_bytes = 160U << 20;    ///< memory that reading and resolving may take
  std::size_t resolve_depth = 16'384;     ///< values that wait for each other
  std::size_t resolve_steps = 1'000'000;  ///< visits to unresolved values
};

/// What becomes of `include classpath(…)`, which the JVM alone can answer.
enum class Classpath {
  refuse,  ///< an error of code `unsupported`
  absent,  ///< as the reference on an empty class path: nothing is included unless `required`
};

/// How `include "x.properties"` and `include "x.json"` are read. (`file("x.properties")` and
/// `include "x"` go by the ending always.)
enum class Included {
  as_hocon,   ///< as the reference does (lightbend/config issue 360), and pyhocon too
  by_ending,  ///< as HOCON.md says: all values of a .properties file are strings
};

/// Reads a file that may be included: its bytes, nothing when there is none, or why not.
using Reader = std::function<Result<std::optional<std::string>>(const std::string& path)>;

struct Options {
  /// What `${X}` falls back to. Unset: the environment of this process.
  std::optional<std::map<std::string, std::string>> environment;
  /// Names that the deployment says it may set; an optional name that is neither set nor here is a
  /// lint.
  std::vector<std::string> declared;
  /// `${X[]}` is the list X_0, X_1, … of the environment. The reference up to 1.4.3 refuses it.
  bool environment_lists = false;
  Classpath classpath = Classpath::refuse;
  Included included = Included::as_hocon;
  Reader reader;  ///< unset: regular files of the file system
  Limits limits;
};

enum class Kind { null, boolean, number, string, list, object };

/// `null`, `boolean`, …
std::string_view name_of(Kind kind);

struct Field;

/// A resolved value. `text` is a string's text or a number as it was written.
struct Value {
  Kind kind = Kind::null;
  bool boolean = false;
  std::string text;
  std::vector<Value> items;
  std::vector<Field> fields;             ///< in the order of their first mention
  Place place;                           ///< where the file says it
  std::vector<std::string> environment;  ///< variables that its text came from

  /// The field of an object, or null.
  const Value* field(std::string_view key) const;
};

/// A key of an object and its value.
struct Field {
  std::string key;
  Value value;
};

/// Where a value comes from: a place, or environment variables named at that place.
struct Origin {
  Place place;
  std::vector<std::string> environment;
};

/// `file:line`, or `environment PORT (file:line)`.
std::string to_string(const Origin& origin);

/// Something that loads and may still not be what was meant.
struct Lint {
  std::string code;  ///< `unknown_environment`, `unused_environment`, `unreadable_include`,
                     ///< `included_properties` or `pyhocon_…`
  Diagnostic diagnostic;
};

/// What a rendering shows of values that came from the environment.
enum class Secrets { hidden, shown };

/// A resolved configuration. Paths are path expressions (`a.b."c.d"`).
///
/// Errors of the getters: `path` (malformed), `missing`, `null`, `type`, `value`, each with the
/// place of the value and never with a value that came from the environment.
class Config {
 public:
  Config(Value root, std::vector<Lint> lints, std::map<std::string, std::string> texts);

  const Value& root() const { return root_; }
  const std::vector<Lint>& lints() const { return lints_; }

  /// The value at `path`, or null when there is none; null values are found.
  const Value* find(std::string_view path) const;
  bool has(std::string_view path) const { return find(path) != nullptr; }
  Result<Origin> origin(std::string_view path) const;

  Result<std::string> get_string(std::string_view path) const;  ///< also of numbers and booleans
  Result<bool> get_bool(std::string_view path) const;           ///< also of yes/no/on/off
  Result<std::int64_t> get_int(std::string_view path) const;    ///< whole numbers only
  Result<double> get_double(std::string_view path) const;
  /// `500`, `"2 s"`, `1.5h`; a bare number is in milliseconds. Fractions are cut.
  Result<std::int64_t> get_duration_ms(std::string_view path) const;
  Result<std::int64_t> get_duration_ns(std::string_view path) const;
  /// `512`, `128K` (1024), `128kB` (1000), `1.5MiB`; a bare number is in bytes.
  Result<std::int64_t> get_bytes(std::string_view path) const;
  /// An object whose keys are numbers counts as a list, as in the reference.
  Result<std::vector<Value>> get_list(std::string_view path) const;
  Result<std::vector<std::string>> get_strings(std::string_view path) const;

  /// Every path that leads to something other than an object, as path expressions.
  std::vector<std::string> paths() const;

  /// JSON, keys in the order of the file. A value from the environment is
  /// `[from environment NAME]` unless shown.
  std::string to_json(Secrets secrets = Secrets::hidden, bool indented = false) const;

 private:
  Result<const Value*> require(std::string_view path) const;
  Error refuse(std::string code, std::string message, const Value& value) const;

  Value root_;
  std::vector<Lint> lints_;
  std::map<std::string, std::string> texts_;  // of the files, for excerpts
};

/// JSON of one value, as `Config::to_json`.
std::string to_json(const Value& value, Secrets secrets = Secrets::hidden, bool indented = false);

/// Loads and resolves the file at `path`: `.json` is read as JSON, `.properties` as Java
/// properties, all else as HOCON. Errors: `read`, `syntax`, `path`, `include`, `unsupported`,
/// `substitution`, `cycle`, `type`, `limit`.
Result<Config> load(const std::string& path, const Options& options = {});

/// The same for text; `name` stands in messages, includes are relative to its folder.
Result<Config> load_text(const std::string& name, std::string_view text,
                         const Options& options = {});

/// The elements of a path expression: `a."b.c"` is `a`, `b.c`. Error code `path`.
Result<std::vector<std::string>> parse_path(std::string_view expression);

/// A path expression of `elements`, quoted where needed.
std::string render_path(const std::vector<std::string>& elements);

/// Nanoseconds of `2 s`; a bare number is in milliseconds. Error code `value`.
Result<std::int64_t> parse_duration_ns(std::string_view text);

/// Bytes of `128K`. Error code `value`.
Result<std::int64_t> parse_bytes(std::string_view text);

}  // namespace muster::hocon
