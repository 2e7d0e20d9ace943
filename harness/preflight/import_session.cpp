#include <algorithm>
#include <cctype>
#include <deque>
#include <filesystem>
#include <optional>

#include "base/text.hpp"
#include "preflight/import_check.hpp"
#include "preflight/import_interpreter.hpp"
#include "preflight/import_verdict.hpp"

namespace muster::preflight {
namespace {

namespace fs = std::filesystem;

/// `a.b` of letters, digits and `_`: what can be imported by name.
bool is_module_name(const std::string& name) {
  const std::vector<std::string> parts = split(name, '.');
  return std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
      return static_cast<unsigned char>(c) >= 0x80 ||
             std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    });
  });
}

ImportResult no_module_name(const std::string& name) {
  ImportResult result;
  result.module = name;
  result.status = Status::failed;
  result.kind = ImportKind::target_missing;
  result.missing = name.empty() ? "(nothing)" : name;
  result.expected = "the name of a module";
  result.found = "\"" + name + "\" is none";
  result.hint = "write it as an import statement does: package.module";
  return result;
}

/// What the interpreter may take beyond the time of a module: to fork, to kill, to tell.
constexpr std::chrono::milliseconds grace{5'000};

struct Order {
  std::string module;
  std::vector<std::string> attributes;
  bool listed = true;  ///< among the results; one for an attribute alone is not
  std::optional<ImportResult> result;
};

}  // namespace

struct ImportSession::Impl {
  ImportOptions options;
  ImportContext context;
  ImportInterpreter interpreter;
  VerdictSetting setting;
  std::deque<Order> orders;  ///< their numbers are their ids; references to results stay valid
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();

  std::size_t order(const std::string& module, const std::vector<std::string>& attributes,
                    bool listed);
  void send(std::size_t id);
  void take(const Json& ending);
  void finish(std::size_t id);
  void recover();
  void give_up(std::size_t id, const std::string& why);
  ImportReport report_of(std::vector<ImportResult> of_modules) const;
};

ImportSession::ImportSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ImportSession::ImportSession(ImportSession&&) noexcept = default;
ImportSession& ImportSession::operator=(ImportSession&&) noexcept = default;
ImportSession::~ImportSession() = default;

Result<ImportSession> ImportSession::start(const std::string& project,
                                           const ImportOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  std::error_code failed;
  const fs::path folder = fs::canonical(project, failed);
  if (failed || !fs::is_directory(folder, failed))
    return error("no_project", "no folder " + project, "name the folder of the project");
  Result<ImportInterpreter> interpreter = ImportInterpreter::start(folder.string(), options);
  if (!interpreter) return interpreter.error();
  impl->interpreter = std::move(*interpreter);

  const ImportInterpreter& ready = impl->interpreter;
  ImportContext& context = impl->context;
  context.project = folder.string();
  context.interpreter = ready.python();
  context.version = ready.facts().version;
  context.search_paths = ready.search_paths();
  context.closure = ready.closure().enforced;
  context.closure_reason = ready.closure().reason;
  context.allowed.assign(ready.closure().allowed.begin(), ready.closure().allowed.end());
  context.declarations = ready.closure().declarations;

  VerdictSetting& setting = impl->setting;
  setting.project = context.project;
  setting.search_paths = context.search_paths;
  setting.path = ready.facts().path;
  setting.interpreter = ready.python();
  setting.pyproject = ready.pyproject();
  setting.namespace_packages = options.namespace_packages;
  setting.timeout = options.timeout;
  return ImportSession(std::move(impl));
}

const ImportContext& ImportSession::context() const {
  return impl_->context;
}

std::size_t ImportSession::Impl::order(const std::string& module,
                                       const std::vector<std::string>& attributes, bool listed) {
  for (std::size_t id = 0; id < orders.size(); ++id) {
    Order& known = orders[id];
    if (known.module != module ||
        !std::all_of(attributes.begin(), attributes.end(), [&known](const std::string& name) {
          return std::find(known.attributes.begin(), known.attributes.end(), name) !=
                 known.attributes.end();
        }))
      continue;
    known.listed = known.listed || listed;
    return id;
  }
  Order made;
  made.module = module;
  made.attributes = attributes;
  made.listed = listed;
  // A module asked for again with more attributes is listed once, as what was asked last.
  if (listed) {
    for (Order& known : orders) {
      if (known.module == module) known.listed = false;
    }
  }
  if (!is_module_name(module)) made.result = no_module_name(module);
  orders.push_back(std::move(made));
  if (!orders.back().result) send(orders.size() - 1);
  return orders.size() - 1;
}

void ImportSession::Impl::send(std::size_t id) {
  const Order& order = orders[id];
  interpreter.import(id, order.module, order.attributes);
}

void ImportSession::Impl::take(const Json& ending) {
  const std::size_t id = ending.value("id", orders.size());
  if (id >= orders.size() || orders[id].result) return;
  Order& order = orders[id];
  const Json said = ending.contains("said") ? ending["said"] : Json();
  if (said.is_object() && said.contains("namespaces") && !said["namespaces"].empty())
    setting.regular_packages = interpreter.has_regular_packages();
  order.result = judge_import(order.module, ending, setting);
}

void ImportSession::Impl::give_up(std::size_t id, const std::string& why) {
  ImportResult result;
  result.module = orders[id].module;
  result.status = Status::failed;
  result.kind = ImportKind::interpreter;
  result.expected = "an interpreter that survives the import";
  result.found = why;
  result.missing = "interpreter";
  result.hint = "the import ends or stops processes that are not its own";
  orders[id].result = std::move(result);
}

/// The interpreter is gone or stuck. What was under way is imported again one by one, and each that
/// hits it once more is given up, so that the one that did it is named and costs no other.
void ImportSession::Impl::recover() {
  std::string why = interpreter.last_words();
  Result<void> alive = interpreter.restart();
  for (std::size_t id = 0; id < orders.size(); ++id) {
    if (orders[id].result) continue;
    if (!alive) {
      give_up(id, why + "; it can not be started again: " + alive.error().message);
      continue;
    }
    send(id);
    interpreter.dispatch();
    const Deadline deadline(options.timeout + grace);
    while (!orders[id].result) {
      if (const std::optional<Json> ending = interpreter.next(deadline)) {
        take(*ending);
        continue;
      }
      why = "the interpreter that starts the imports was hit: " + interpreter.last_words();
      give_up(id, why);
      alive = interpreter.restart();
    }
  }
}

void ImportSession::Impl::finish(std::size_t id) {
  interpreter.dispatch();
  while (!orders[id].result) {
    const std::optional<Json> ending = interpreter.next(Deadline(options.timeout + grace));
    if (ending) {
      take(*ending);
    } else {
      recover();
    }
  }
}

void ImportSession::begin(const std::string& module, const std::vector<std::string>& attributes) {
  impl_->order(module, attributes, true);
}

void ImportSession::dispatch() {
  impl_->interpreter.dispatch();
}

const ImportResult& ImportSession::wait(const std::string& module) {
  std::size_t id = impl_->orders.size();
  for (std::size_t known = 0; known < impl_->orders.size(); ++known) {
    if (impl_->orders[known].module == module && impl_->orders[known].listed) id = known;
  }
  if (id == impl_->orders.size()) id = impl_->order(module, {}, true);
  impl_->finish(id);
  return *impl_->orders[id].result;
}

std::vector<ImportResult> ImportSession::results() {
  std::vector<ImportResult> list;
  for (std::size_t id = 0; id < impl_->orders.size(); ++id) {
    if (!impl_->orders[id].listed) continue;
    impl_->finish(id);
    list.push_back(*impl_->orders[id].result);
  }
  return list;
}

ImportAttribute ImportSession::attribute(const std::string& module, const std::string& name) {
  const auto in = [&name](const ImportResult& result) -> const ImportAttribute* {
    for (const ImportAttribute& attribute : result.attributes) {
      if (attribute.name == name) return &attribute;
    }
    return nullptr;
  };
  for (std::size_t id = 0; id < impl_->orders.size(); ++id) {
    if (impl_->orders[id].module != module) continue;
    impl_->finish(id);
    if (const ImportAttribute* known = in(*impl_->orders[id].result)) return *known;
  }
  const std::size_t id = impl_->order(module, {name}, false);
  impl_->finish(id);
  const ImportResult& result = *impl_->orders[id].result;
  if (const ImportAttribute* known = in(result)) return *known;
  ImportAttribute absent;
  absent.name = name;
  absent.value = module + " does not import: " + result.found;
  return absent;
}

ImportReport ImportSession::report() {
  return impl_->report_of(results());
}

ImportReport ImportSession::report(const std::vector<std::string>& modules) {
  std::vector<ImportResult> of_these;
  for (const std::string& module : modules) of_these.push_back(wait(module));
  return impl_->report_of(std::move(of_these));
}

ImportReport ImportSession::Impl::report_of(std::vector<ImportResult> of_modules) const {
  ImportReport report;
  report.context = context;
  report.results = std::move(of_modules);
  for (const ImportResult& result : report.results) {
    for (const SoftMissing& soft : result.soft_missing) {
      const bool known = std::any_of(report.soft_missing.begin(), report.soft_missing.end(),
                                     [&soft](const SoftMissing& other) {
                                       return other.name == soft.name && other.place == soft.place;
                                     });
      if (!known) report.soft_missing.push_back(soft);
    }
  }
  if (report.results.empty())
    report.failures.push_back(nothing_checked("imports", "at least one module",
                                              "name the modules that the deployment imports"));
  report.duration = std::chrono::steady_clock::now() - begun;
  return report;
}

ImportReport check_imports(const std::string& project, const std::vector<std::string>& modules,
                           const ImportOptions& options) {
  Result<ImportSession> session = ImportSession::start(project, options);
  if (!session) return failed_report(project, session.error());
  for (const std::string& module : modules) session->begin(module);
  return session->report();
}

}  // namespace muster::preflight
