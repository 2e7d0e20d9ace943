#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Which modules of the standard library an import is going to need, by what stands in the sources.
/// A guess that costs time where it is wrong, and nothing else (import_standard.py).
namespace muster::preflight {

/// `import a.b` or `from a.b import c`, as written.
struct ImportStatement {
  std::string module;              ///< without the dots that it begins with
  int level = 0;                   ///< how many dots that were
  std::vector<std::string> names;  ///< of `from … import`
};

/// The import statements of a source that run whenever its module is imported: those at the left
/// margin and those of a `try` there.
std::vector<ImportStatement> import_statements(std::string_view source);

/// Reads sources as far as imports lead to them, each once.
class ImportNeeds {
 public:
  /// `path`: the folders of modules, in the order in which they are searched. `standard_names`: the
  /// standard library's names, which stands in the folders `standard`.
  ImportNeeds(std::vector<std::string> path, std::vector<std::string> standard_names,
              std::vector<std::string> standard);

  /// In the order in which an import of `module` comes to them; dotted.
  std::vector<std::string> standard_modules(const std::string& module);

 private:
  struct Source {
    std::string module;
    bool package = false;
    std::vector<ImportStatement> statements;
  };

  const Source* find(const std::string& module);
  void visit(const std::string& module, std::set<std::string>& seen,
             std::vector<std::string>& found);
  void follow(const Source& source, const ImportStatement& statement, std::set<std::string>& seen,
              std::vector<std::string>& found);
  bool is_standard(const std::string& module) const;
  bool has_standard_module(const std::string& module) const;

  std::vector<std::string> path_;
  std::set<std::string> standard_names_;
  std::vector<std::string> standard_;
  std::map<std::string, std::optional<Source>> sources_;  ///< by module; none: there is no source
};

}  // namespace muster::preflight
