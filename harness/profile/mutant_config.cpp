#include <re2/re2.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "base/text.hpp"
#include "profile/config_check.hpp"
#include "profile/mutant.hpp"
#include "profile/mutant_text.hpp"

namespace muster::profile {
namespace {

namespace fs = std::filesystem;

class ConfigMutants {
 public:
  ConfigMutants(const Original& original, std::vector<Mutant>& into)
      : original_(original), main_(original.settings.config.file), into_(into) {}

  void make() {
    LoadedConfig loaded = load_config(original_.settings);
    if (!loaded.config) return;
    for (const std::string& path : loaded.config->paths()) paths_.insert(path);
    list_files(main_);
    for (const std::string& file : files_) make_file(file);
    make_cycles();
    // a value that others refer to has several paths
    std::map<std::pair<std::string, int>, std::vector<std::string>> places;
    for (const std::string& path : paths_) {
      const Place& place = loaded.config->find(path)->place;
      places[{place.uri, place.line}].push_back(path);
    }
    for (const auto& [place, paths] : places)
      make_key(place.first, place.second, paths, *loaded.config->find(paths.front()));
  }

 private:
  /// The file and what it includes, by what stands in them.
  void list_files(const std::string& file) {
    if (std::find(files_.begin(), files_.end(), file) != files_.end()) return;
    files_.push_back(file);
    for (const auto& [line, name] : includes_of(original_.text(file))) {
      const std::string below_it =
          (fs::path(file).parent_path() / name).lexically_normal().string();
      for (const char* end : {"", ".conf", ".json", ".properties"}) {
        std::error_code failed;
        if (fs::is_regular_file(below(original_.settings.project, below_it + end), failed))
          list_files(below_it + end);
      }
    }
  }

  static std::vector<std::pair<int, std::string>> includes_of(const std::string& text) {
    static const RE2 include(
        R"re(^\s*include\s+(?:required\s*\()?\s*(?:file\s*\()?\s*"([^"]+)")re");
    std::vector<std::pair<int, std::string>> found;
    int number = 0;
    for (const std::string& line : split(text, '\n')) {
      ++number;
      std::string name;
      if (RE2::PartialMatch(line, include, &name)) found.emplace_back(number, name);
    }
    return found;
  }

  void make_file(const std::string& file) {
    const std::string text = original_.text(file);
    static const RE2 needed(R"(\$\{([^?}][^}]*)\})");
    static const RE2 optional(R"(\$\{\?([A-Z][A-Z0-9_]*)\})");
    int number = 0;
    for (const std::string& line : split(text, '\n')) {
      ++number;
      const std::string place = file + ":" + std::to_string(number);
      std::string name;
      re2::StringPiece rest(line);
      while (RE2::FindAndConsume(&rest, needed, &name)) {
        const std::string gone = name + "_undefined";
        write("substitution-undefined", place + ":" + name, "refers to " + gone, file,
              replace_in_line(text, number, "${" + name + "}", "${" + gone + "}"),
              {"config-substitution"}, {gone});
      }
      rest = line;
      while (RE2::FindAndConsume(&rest, optional, &name)) {
        if (!declared(name)) continue;
        write("variable-misspelt", place + ":" + name, "reads the variable " + name + "X", file,
              replace_in_line(text, number, "${?" + name + "}", "${?" + name + "X}"),
              {"config-unknown-environment"}, {name + "X"});
      }
    }
    for (const auto& [line, name] : includes_of(text)) {
      write_if_felt("include-removed", file + ":" + std::to_string(line),
                    "does not include " + name, file, without_line(text, line));
    }
    write("config-syntax", file, "does not parse", file, append_line(text, "muster = {"),
          {"config-syntax"}, {file});
    if (const auto brace = text.rfind('}'); brace != std::string::npos) {
      std::string open = text;
      open.erase(brace, 1);
      write("brace-dropped", file, "has an object that does not end", file, std::move(open),
            {"config-syntax"}, {file});
    }
    make_deleted(file);
  }

  bool declared(const std::string& name) const {
    const auto& settings = original_.settings.config;
    return std::find(settings.declared.begin(), settings.declared.end(), name) !=
               settings.declared.end() &&
           std::find(settings.errors.begin(), settings.errors.end(), "unknown_environment") !=
               settings.errors.end();
  }

  void make_deleted(const std::string& file) {
    const Felt felt = after(file, std::nullopt);
    if (!felt.any) return;
    Mutant made{"config-deleted",
                file,
                file + " is not there",
                {{Change::Kind::remove, file, {}}},
                felt.checks,
                felt.naming,
                {}};
    into_.push_back(std::move(made));
  }

  void make_cycles() {
    const std::string text = original_.text(main_);
    write("substitution-cycle", main_, "has two values that wait for each other", main_,
          append_line(text,
                      "muster_cycle_a = ${muster_cycle_b}\nmuster_cycle_b = "
                      "${muster_cycle_a}"),
          {"config-cycle"}, {"muster_cycle"});
    for (const std::string& file : files_) {
      const std::string back =
          fs::path(main_).lexically_relative(fs::path(file).parent_path()).string();
      write("include-cycle", file, "is included by itself", file,
            append_line(original_.text(file), "include required(\"" + back + "\")"),
            {"config-cycle", "config-include", "config-limit"}, {file, main_});
    }
  }

  void make_key(const std::string& uri, int number, const std::vector<std::string>& paths,
                const hocon::Value& value) {
    if (!uri.starts_with(original_.settings.project + "/")) return;
    const std::string file = uri.substr(original_.settings.project.size() + 1);
    const std::string text = original_.text(file);
    // the line that the value stands on has to be that of its key, and of nothing else
    static const RE2 entry(R"(^\s*([\w.-]+)\s*[=:]\s*([^{}\[\]]*)$)");
    std::string key;
    std::string written;
    if (!RE2::FullMatch(std::string(line_of(text, number)), entry, &key, &written)) return;
    const auto own = std::find_if(paths.begin(), paths.end(), [&](const std::string& path) {
      return path == key || path.ends_with("." + key);
    });
    if (own == paths.end()) return;
    const std::string where = file + ":" + std::to_string(number) + ":" + key;
    write_if_felt("key-removed", where, "is gone", file, without_line(text, number), paths);
    if (value.kind != hocon::Kind::number) return;
    write("number-lost", where, "is no number", file,
          replace_in_line(text, number, std::string(trim(written)), "\"none\""), {"config-number"},
          paths);
  }

  /// What a deployment would notice of a change.
  struct Felt {
    bool any = false;
    std::vector<std::string> checks;
    std::vector<std::string> naming;
  };

  /// What a failed load names: the references of its message, else the file without its ending.
  static std::vector<std::string> references_in(const std::string& message,
                                                const std::string& file) {
    static const RE2 reference(R"((\$\{[^}]+\}))");
    std::vector<std::string> found;
    re2::StringPiece rest(message);
    std::string name;
    while (RE2::FindAndConsume(&rest, reference, &name)) found.push_back(name);
    if (found.empty()) found.push_back(fs::path(file).replace_extension().string());
    return found;
  }

  /// Loads with `text` for `file` (nullopt: it is not there).
  Felt after(const std::string& file, const std::optional<std::string>& text) const {
    const std::string changed = below(original_.settings.project, file);
    hocon::Options options;
    options.environment.emplace();
    options.declared = original_.settings.config.declared;
    options.reader = [&](const std::string& path) -> Result<std::optional<std::string>> {
      std::error_code failed;
      if (fs::weakly_canonical(path, failed) == fs::weakly_canonical(changed, failed)) return text;
      if (!fs::is_regular_file(path, failed)) return std::optional<std::string>();
      std::ifstream in(path, std::ios::binary);
      return std::optional(
          std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()));
    };
    const auto loaded = hocon::load(below(original_.settings.project, main_), options);
    Felt felt;
    if (!loaded) {
      std::string check = "config-" + loaded.error().code;
      std::replace(check.begin(), check.end(), '_', '-');
      return {true, {check}, references_in(loaded.error().message, file)};
    }
    for (const std::string& path : paths_) {
      if (loaded->has(path)) continue;
      felt.any = true;
      felt.naming.push_back(path);
    }
    felt.checks = {"config-field"};
    for (const hocon::Lint& lint : loaded->lints()) {
      const auto& errors = original_.settings.config.errors;
      if (std::find(errors.begin(), errors.end(), lint.code) == errors.end()) continue;
      felt.any = true;
      std::string check = "config-" + lint.code;
      std::replace(check.begin(), check.end(), '_', '-');
      felt.checks.push_back(check);
      felt.naming.push_back(file);
    }
    return felt;
  }

  /// A mutant only if values go or loading fails: a value that another place sets too is not felt.
  void write_if_felt(const char* kind, const std::string& subject, const std::string& what,
                     const std::string& file, std::string text,
                     const std::vector<std::string>& paths = {}) {
    Felt felt = after(file, text);
    if (!felt.any) return;
    if (felt.naming.empty()) felt.naming = paths;
    write(kind, subject, what, file, std::move(text), felt.checks, felt.naming);
  }

  void write(const char* kind, const std::string& subject, const std::string& what,
             const std::string& file, std::optional<std::string> text,
             std::vector<std::string> checks, std::vector<std::string> naming) {
    if (!text || *text == original_.text(file)) return;
    into_.push_back({kind,
                     subject,
                     subject + " " + what,
                     {{Change::Kind::write, file, std::move(*text)}},
                     std::move(checks),
                     std::move(naming),
                     {}});
  }

  const Original& original_;
  std::string main_;
  std::vector<std::string> files_;
  std::set<std::string> paths_;
  std::vector<Mutant>& into_;
};

}  // namespace

std::vector<Mutant> config_mutants(const Original& original) {
  std::vector<Mutant> made;
  ConfigMutants(original, made).make();
  return made;
}

}  // namespace muster::profile
