#include "preflight/import_needs.hpp"

#include <unistd.h>

#include <algorithm>

#include "preflight/import_source.hpp"

namespace muster::preflight {
namespace {

constexpr std::size_t most_sources = 500;
constexpr std::size_t most_bytes = 1U << 20;  // of one source

bool in_name(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || c == '_' || (c >= '0' && c <= '9') ||
         (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// What is left of a statement.
class Words {
 public:
  explicit Words(std::string_view rest) : rest_(rest) {}

  void skip_blanks() {
    while (!rest_.empty()) {
      if (rest_.front() == '#') {
        rest_.remove_prefix(std::min(rest_.size(), rest_.find('\n')));
      } else if (rest_.starts_with("\\\n")) {
        rest_.remove_prefix(2);
      } else if (rest_.front() == ' ' || rest_.front() == '\t' ||
                 (bracket_ && (rest_.front() == '\n' || rest_.front() == '\r'))) {
        rest_.remove_prefix(1);
      } else {
        break;
      }
    }
  }
  bool take(char c) {
    skip_blanks();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    if (c == '(') bracket_ = true;
    return true;
  }
  bool take(std::string_view word) {
    skip_blanks();
    if (!rest_.starts_with(word) || (rest_.size() > word.size() && in_name(rest_[word.size()])))
      return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  /// `a.b`; empty where none stands.
  std::string name() {
    skip_blanks();
    const auto end =
        std::find_if_not(rest_.begin(), rest_.end(), [](char c) { return in_name(c) || c == '.'; });
    const std::string word(rest_.begin(), end);
    rest_.remove_prefix(word.size());
    return word;
  }

 private:
  std::string_view rest_;
  bool bracket_ = false;  ///< open, so that lines may end
};

void read_import(Words& words, std::vector<ImportStatement>& statements) {
  do {
    const std::string module = words.name();
    if (module.empty()) return;
    statements.push_back({module, 0, {}});
    if (words.take("as")) words.name();
  } while (words.take(','));
}

void read_from(Words& words, std::vector<ImportStatement>& statements) {
  ImportStatement statement;
  while (words.take('.')) ++statement.level;
  if (!words.take("import")) {
    statement.module = words.name();
    if (!words.take("import")) return;
  }
  words.take('(');
  do {
    const std::string name = words.name();
    if (name.empty()) break;
    statement.names.push_back(name);
    if (words.take("as")) words.name();
  } while (words.take(','));
  statements.push_back(std::move(statement));
}

std::string joined(const std::string& package, const std::string& name) {
  if (package.empty() || name.empty()) return package + name;
  return package + "." + name;
}

std::string parent_of(const std::string& module) {
  const std::size_t dot = module.rfind('.');
  return dot == std::string::npos ? "" : module.substr(0, dot);
}

std::string as_path(std::string module) {
  std::replace(module.begin(), module.end(), '.', '/');
  return module;
}

bool is_there(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0;
}

}  // namespace

std::vector<ImportStatement> import_statements(std::string_view source) {
  std::vector<ImportStatement> statements;
  bool in_try = false;
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t end = std::min(source.find('\n', at), source.size());
    std::string_view line = source.substr(at, end - at);
    const std::size_t margin = std::min(line.find_first_not_of(" \t"), line.size());
    line.remove_prefix(margin);
    if (margin == 0 && !line.empty() && line.front() != '#')
      in_try = line.starts_with("try:") || line.starts_with("else:");
    if (margin == 0 || in_try) {
      Words words(source.substr(at + margin));
      if (words.take("import")) {
        read_import(words, statements);
      } else if (words.take("from")) {
        read_from(words, statements);
      }
    }
    at = end + 1;
  }
  return statements;
}

ImportNeeds::ImportNeeds(std::vector<std::string> path, std::vector<std::string> standard_names,
                         std::vector<std::string> standard)
    : path_(std::move(path)),
      standard_names_(standard_names.begin(), standard_names.end()),
      standard_(std::move(standard)) {
  // What stands below the library's own folders is not to be read.
  std::erase_if(path_, [this](const std::string& folder) {
    return std::any_of(standard_.begin(), standard_.end(), [&folder](const std::string& library) {
      return folder == library || folder == library + "/lib-dynload" || folder.ends_with(".zip");
    });
  });
}

std::vector<std::string> ImportNeeds::standard_modules(const std::string& module) {
  std::set<std::string> seen;
  std::vector<std::string> found;
  visit(module, seen, found);
  return found;
}

bool ImportNeeds::is_standard(const std::string& module) const {
  return standard_names_.contains(module.substr(0, module.find('.')));
}

bool ImportNeeds::has_standard_module(const std::string& module) const {
  return std::any_of(standard_.begin(), standard_.end(), [&module](const std::string& folder) {
    const std::string file = folder + "/" + as_path(module);
    return is_there(file + ".py") || is_there(file + "/__init__.py");
  });
}

const ImportNeeds::Source* ImportNeeds::find(const std::string& module) {
  const auto known = sources_.find(module);
  if (known != sources_.end()) return known->second ? &*known->second : nullptr;
  std::optional<Source>& source = sources_[module];
  if (sources_.size() > most_sources) return nullptr;
  for (const std::string& folder : path_) {
    for (const bool package : {true, false}) {
      const std::string file = folder + "/" + as_path(module) + (package ? "/__init__.py" : ".py");
      if (!is_there(file)) continue;
      if (const std::optional<std::string> text = read_source(file, most_bytes))
        source = Source{module, package, import_statements(*text)};
      return source ? &*source : nullptr;
    }
  }
  return nullptr;
}

/// As an import does: what is above it first.
void ImportNeeds::visit(const std::string& module, std::set<std::string>& seen,
                        std::vector<std::string>& found) {
  if (module.empty() || !seen.insert(module).second) return;
  visit(parent_of(module), seen, found);
  if (is_standard(module)) {
    found.push_back(module);
    return;
  }
  const Source* source = find(module);
  if (source == nullptr) return;
  for (const ImportStatement& statement : source->statements)
    follow(*source, statement, seen, found);
}

void ImportNeeds::follow(const Source& source, const ImportStatement& statement,
                         std::set<std::string>& seen, std::vector<std::string>& found) {
  std::string base;
  if (statement.level > 0) {
    base = source.package ? source.module : parent_of(source.module);
    for (int up = 1; up < statement.level; ++up) base = parent_of(base);
  }
  const std::string module = joined(base, statement.module);
  visit(module, seen, found);
  for (const std::string& name : statement.names) {
    const std::string below = joined(module, name);
    if (is_standard(below) ? has_standard_module(below) : find(below) != nullptr)
      visit(below, seen, found);
  }
}

}  // namespace muster::preflight
