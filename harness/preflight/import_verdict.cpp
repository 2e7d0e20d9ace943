#include "preflight/import_verdict.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "preflight/import_facts.hpp"
#include "preflight/import_generator.hpp"
#include "process/exit_status.hpp"

namespace muster::preflight {
namespace {

bool is_stub(std::string_view name) {
  return name.ends_with("_pb2") || name.ends_with("_pb2_grpc");
}

/// `name` is `package` or stands in it.
bool within(std::string_view name, std::string_view package) {
  return name == package ||
         (name.starts_with(package) && name.substr(package.size()).starts_with("."));
}

class Judge {
 public:
  Judge(const std::string& module, const Json& ending, const VerdictSetting& setting)
      : ending_(ending),
        said_(ending.contains("said") ? ending["said"] : Json()),
        setting_(setting) {
    result_.module = module;
    result_.expected = "importable";
  }

  ImportResult judge() {
    output();
    const std::string kind = said_.is_object() ? string_at(said_, "kind") : "";
    if (kind.empty()) {
      no_word();
    } else {
      result_.chain = links_of_facts(said_, setting_);
      if (kind == "imported") {
        imported();
      } else if (kind == "left") {
        left();
      } else if (kind == "raised") {
        raised();
      } else {
        fail(ImportKind::interpreter, "no readable report: " + string_at(said_, "message"));
      }
    }
    find_place();
    return std::move(result_);
  }

 private:
  void fail(ImportKind kind, std::string found, std::string hint = {}) {
    result_.status = Status::failed;
    result_.kind = kind;
    result_.found = std::move(found);
    result_.hint = std::move(hint);
  }

  void output() {
    const double seconds = said_.is_object() && said_.contains("seconds")
                               ? said_.value("seconds", 0.0)
                               : ending_.value("seconds", 0.0);
    result_.duration = std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
    result_.out = string_at(ending_, "out");
    result_.err = string_at(ending_, "err");
    for (const char* stream : {"out", "err"}) {
      const std::size_t all = ending_.value(std::string(stream) + "_bytes", std::size_t{0});
      const std::size_t kept =
          (stream == std::string_view("out") ? result_.out : result_.err).size();
      if (all > kept + 8)
        result_.warnings.push_back("wrote " + std::to_string(all) + " bytes to std" + stream +
                                   "; the first " + std::to_string(kept) + " are kept");
    }
    if (ending_.value("left_processes", false))
      result_.warnings.push_back("started a process that outlived the import; it was ended");
    if (!said_.is_object()) return;
    if (const int threads = said_.value("threads", 0); threads > 0)
      result_.warnings.push_back("left " + std::to_string(threads) + " threads running");
    if (said_.contains("note")) result_.warnings.push_back(string_at(said_, "note"));
    result_.soft_missing = soft_missing_of_facts(said_, setting_);
  }

  void no_word() {
    result_.chain = links_of_trace(string_at(ending_, "trace"), setting_);
    const int signal = ending_.value("signal", 0);
    if (ending_.value("timed_out", false)) {
      const std::string limit = std::to_string(setting_.timeout.count()) + " ms";
      result_.missing = "timeout";
      result_.expected = "importable within " + limit;
      fail(ImportKind::timeout, "still importing after " + limit,
           "move what waits out of the module's top level");
    } else if (signal != 0) {
      result_.missing = process::signal_name(signal);
      fail(ImportKind::signalled, "the interpreter was killed by " + result_.missing,
           result_.chain.empty() ? "import the module under a debugger"
                                 : "native code called by that statement crashes");
    } else {
      const std::string code = std::to_string(ending_.value("code", -1));
      result_.missing = "exit " + code;
      fail(ImportKind::exited,
           "the process ended with status " + code + " before the import was over",
           "the module replaces its process or ends it in native code");
    }
  }

  void left() {
    const std::string how = string_at(said_, "how");
    const std::string code = std::to_string(said_.value("code", 0));
    result_.missing = how + "(" + code + ")";
    result_.message = said_.contains("errors") ? string_at(said_["errors"].at(0), "message") : "";
    fail(ImportKind::exited,
         how + "(" + code + ") during the import" +
             (result_.message.empty() ? "" : ": " + shorten(result_.message, 300)),
         "keep what ends the program below `if __name__ == \"__main__\":`");
  }

  // -- exceptions

  void raised() {
    const Json& errors = said_["errors"];
    const Json& first = errors.front();
    const Json& last = errors.back();
    result_.message = string_at(first, "type") + ": " + string_at(first, "message");
    if (errors.size() > 1)
      result_.message +=
          " (from " + string_at(last, "type") + ": " + string_at(last, "message") + ")";
    if (last.contains("file")) {
      syntax(last);
    } else if (last.value("not_found", false) && !string_at(last, "name").empty()) {
      not_found(string_at(last, "name"), string_at(last, "message"));
    } else if (!string_at(last, "wanted").empty() && last.value("import_error", false)) {
      name_missing(string_at(last, "name"), string_at(last, "wanted"));
    } else if (string_at(last, "message").find("partially initialized module '") !=
               std::string::npos) {
      const std::string module = split(string_at(last, "message"), '\'').at(1);
      const std::string wanted = string_at(last, "wanted");
      circular(module, wanted.empty() ? module : module + "." + wanted);
    } else {
      other(last);
    }
  }

  void syntax(const Json& last) {
    ImportLink link;
    link.file = shown_file(string_at(last, "file"), setting_);
    link.module = module_of_file(string_at(last, "file"), setting_);
    link.line = last.value("line", 0);
    link.function = "<module>";
    link.text = string_at(last, "text");
    if (!result_.chain.empty()) result_.chain.back().imports = link.module;
    result_.chain.push_back(std::move(link));
    result_.missing = string_at(last, "type");
    fail(ImportKind::exception, string_at(last, "type") + ": " + string_at(last, "message"),
         "no Python " + setting_.interpreter + " can read this line");
  }

  void not_found(const std::string& name, const std::string& message) {
    result_.missing = name;
    result_.expected = "module " + name;
    if (!result_.chain.empty()) result_.chain.back().imports = name;
    if (said_.contains("blocked")) return dev_only(said_["blocked"], name);
    if (is_stub(name)) return stub_missing(name);
    const std::size_t package = message.find("' is not a package");
    if (result_.chain.empty() && within(result_.module, name))
      return fail(ImportKind::target_missing, "no module named " + name,
                  package != std::string::npos
                      ? "a module stands where a package was meant: look for a file of that name"
                      : "looked in " + join(setting_.search_paths, ", ") + " and in " +
                            setting_.interpreter + "'s packages");
    fail(ImportKind::dependency_missing, "no module named " + name, dependency_hint(name));
  }

  std::string dependency_hint(const std::string& name) const {
    for (const std::string& root : setting_.search_paths) {
      const std::string top = split(name, '.').front();
      if (is_project_module(root, top))
        return name == top
                   ? "it is a module of the project: look at its name"
                   : "the project's " + top + " has no such module: was it moved or never added?";
    }
    const std::string distribution = distribution_for(whole_name(name));
    for (const DeclaredRequirement& declared : setting_.pyproject.dependencies) {
      if (requirement_name(declared.text) == distribution)
        return "declared at " + to_string(declared.place) +
               " but not installed: " + setting_.interpreter + " -m pip install '" + declared.text +
               "'";
    }
    for (const auto& [extra, list] : setting_.pyproject.optional) {
      for (const DeclaredRequirement& declared : list) {
        if (requirement_name(declared.text) == distribution)
          return "declared only for the extra " + extra + " (" + to_string(declared.place) +
                 "): declare it in [project] dependencies";
      }
    }
    return "declare " + distribution + " in [project] dependencies and install it";
  }

  /// Of `from google.protobuf import …` only `google` is named as missing.
  std::string whole_name(const std::string& name) const {
    if (result_.chain.empty()) return name;
    for (const std::string& word : split(result_.chain.back().text, ' ')) {
      const std::string plain = word.ends_with(",") ? word.substr(0, word.size() - 1) : word;
      if (plain.starts_with(name + ".")) return plain;
    }
    return name;
  }

  void dev_only(const Json& blocked, const std::string& name) {
    const std::string distribution = string_at(blocked, "distribution");
    const std::string whose = distribution.empty() ? name : distribution;
    result_.expected = name + " declared for production";
    for (const auto& [extra, list] : setting_.pyproject.optional) {
      for (const DeclaredRequirement& declared : list) {
        if (requirement_name(declared.text) != whose) continue;
        return fail(ImportKind::dev_only,
                    whose + " is installed, but declared only for the extra " + extra + " (" +
                        to_string(declared.place) + ")",
                    "declare it in [project] dependencies");
      }
    }
    if (distribution.empty())
      return fail(ImportKind::dev_only,
                  name + " is there (" + shown_file(string_at(blocked, "location"), setting_) +
                      "), but belongs to no distribution that pyproject.toml declares",
                  "declare what brings it in [project] dependencies");
    fail(ImportKind::dev_only,
         distribution + " is installed, but no production dependency in pyproject.toml leads to it",
         "declare " + distribution + " in [project] dependencies");
  }

  void stub_missing(const std::string& name) {
    result_.expected = "generated module " + name;
    fail(ImportKind::stub_missing, "no module named " + name,
         run_generator() + ": it is made from " + proto_of_stub(name));
  }

  void stub_stale(const std::string& stub, const std::string& wanted, const std::string& found) {
    result_.missing = wanted;
    result_.expected = wanted + " in " + stub;
    fail(ImportKind::stub_stale, found,
         run_generator() + ": " + stub + " is not what its .proto or protobuf says now");
  }

  std::string run_generator() const {
    const std::string generator = find_generator(setting_.project);
    return generator.empty() ? "run the generator" : "run the generator: " + generator;
  }

  void name_missing(const std::string& source, const std::string& wanted) {
    if (!result_.chain.empty()) result_.chain.back().imports = source + "." + wanted;
    for (const ImportLink& link : result_.chain) {
      if (link.function == "<module>" && plain_module(link) == source)
        return circular(source, source + "." + wanted);
    }
    result_.missing = wanted;
    result_.expected = wanted + " in " + source;
    const Json facts = said_.contains("source") ? said_["source"] : Json();
    const bool folder = facts.is_object() && string_at(facts, "file").empty() &&
                        facts.contains("path") && !facts["path"].empty();
    if (is_stub(wanted)) return stub_missing(source + "." + wanted);
    if (is_stub(source)) return stub_stale(source, wanted, source + " has no " + wanted);
    if (folder && missing_init(source)) return;
    const std::string nearest = facts.is_object() ? string_at(facts, "nearest") : "";
    const std::string file = facts.is_object() ? string_at(facts, "file") : "";
    fail(ImportKind::name_missing,
         source + " has no " + wanted +
             (file.empty() ? "" : " (" + shown_file(file, setting_) + ")"),
         nearest.empty() ? "was it renamed, or is another version of " +
                               split(source, '.').front() + " installed?"
                         : "did you mean " + nearest + "?");
  }

  void circular(const std::string& source, const std::string& missing) {
    result_.missing = missing;
    bool inside = false;
    for (const ImportLink& link : result_.chain) {
      inside = inside || plain_module(link) == source;
      if (inside && (result_.loop.empty() || result_.loop.back() != plain_module(link)))
        result_.loop.push_back(plain_module(link));
    }
    if (result_.loop.empty()) result_.loop.push_back(source);
    if (result_.loop.size() == 1 || result_.loop.back() != source) result_.loop.push_back(source);
    result_.expected = "no circular import";
    fail(ImportKind::circular, "circular import: " + join(result_.loop, " → "),
         "move what both need into a third module, or import inside the function that needs it");
  }

  void other(const Json& last) {
    const std::string message = string_at(last, "message");
    result_.missing = string_at(last, "type");
    if (const std::size_t module = message.find("module '");
        module != std::string::npos && !string_at(last, "wanted").empty()) {
      const std::string stub = split(message.substr(module), '\'').at(1);
      if (missing_init(stub)) return;
      if (is_stub(stub))
        return stub_stale(stub, string_at(last, "wanted"),
                          stub + " has no " + string_at(last, "wanted"));
    }
    // Generated code that the installed protobuf refuses.
    if (!result_.chain.empty() && is_stub(plain_module(result_.chain.back())) &&
        (message.find("generated code") != std::string::npos ||
         message.find("Gencode") != std::string::npos))
      return stub_stale(plain_module(result_.chain.back()), string_at(last, "type"),
                        shorten(message, 400));
    if (const std::size_t at = message.find(": cannot open shared object file");
        at != std::string::npos && last.value("import_error", false)) {
      const std::string library = message.substr(0, at);
      result_.missing = library;
      result_.expected = "shared library " + library;
      return fail(ImportKind::dependency_missing, message,
                  "install the package that has " + library);
    }
    fail(ImportKind::exception, string_at(last, "type") + ": " + shorten(message, 400),
         message.find("environ") != std::string::npos || string_at(last, "type") == "KeyError"
             ? "if that is an environment variable: read it when it is needed, not at import"
             : "it is raised while the module is imported");
  }

  // -- imported, or not as it was meant

  /// A folder with sources that was imported as a package: the one that is `module` or around it,
  /// or any at all, as what the import needed may be left out of the deployment.
  bool missing_init(const std::optional<std::string>& module) {
    if (!said_.contains("namespaces")) return false;
    for (const Json& found : said_["namespaces"]) {
      const std::string name = string_at(found, "name");
      if ((module && !within(*module, name)) || found.value("sources", 0) == 0 ||
          !setting_.regular_packages)
        continue;
      if (std::any_of(
              setting_.namespace_packages.begin(), setting_.namespace_packages.end(),
              [&name](const std::string& meant) { return meant == "*" || within(name, meant); }))
        continue;
      const std::string folder = shown_file(string_at(found, "path"), setting_);
      result_.missing = folder + "/__init__.py";
      result_.expected = "package " + name;
      result_.place.uri = folder;
      fail(ImportKind::missing_init, "a folder without __init__.py: a namespace package",
           "add " + folder + "/__init__.py: packaging tools leave such folders out");
      return true;
    }
    return false;
  }

  void imported() {
    for (const Json& attribute : said_.value("attributes", Json::array()))
      result_.attributes.push_back(attribute_of_facts(attribute));
    if (!missing_init(result_.module)) missing_init(std::nullopt);
  }

  /// The last statement that someone of the project can change.
  void find_place() {
    if (!result_.place.uri.empty()) return;
    for (const ImportLink& link : result_.chain) {
      const bool ours = !link.file.starts_with("/");
      if (ours || result_.place.uri.empty() || result_.place.uri.starts_with("/"))
        result_.place = Place{link.file, link.line, 0};
    }
    if (result_.status == Status::failed && result_.place.uri.empty())
      result_.place.uri = place_of_module(result_.module, setting_);
  }

  const Json& ending_;
  const Json said_;
  const VerdictSetting& setting_;
  ImportResult result_;
};

}  // namespace

ImportResult judge_import(const std::string& module, const Json& ending,
                          const VerdictSetting& setting) {
  return Judge(module, ending, setting).judge();
}

}  // namespace muster::preflight
