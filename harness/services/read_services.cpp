#include <filesystem>
#include <set>
#include <utility>

#include "services/service_spec.hpp"

namespace muster::services {
namespace {

using config::Config;

/// Reads one element of the array, and keeps what is wrong with it.
class Reading {
 public:
  Reading(const Config& config, std::size_t index, std::vector<Diagnostic>& problems)
      : config_(config), at_("service[" + std::to_string(index) + "]."), problems_(problems) {}

  ServiceSpec read() {
    ServiceSpec service;
    service.name = text("name");
    check_name(service.name);
    service.command = command();
    service.cwd = (std::filesystem::path(config_.folder()) / text("cwd")).lexically_normal();
    while (service.cwd.size() > 1 && service.cwd.ends_with('/')) service.cwd.pop_back();
    for (const std::string& name : config_.names(at_ + "env"))
      service.env[name] = text("env." + name);
    service.user = text("user");
    if (const auto port = whole("port")) service.port = static_cast<int>(*port);
    if (text("port_mode") == "passed") service.port_mode = PortMode::passed;
    for (const std::string& word : list("ready")) {
      if (auto ready = kept("ready", ready_from_string(word))) service.ready.push_back(*ready);
    }
    check_ready(service);
    service.ready_within = duration("ready_within", service.ready_within);
    for (const std::string& word : list("depends_on")) {
      if (auto needed = kept("depends_on", dependency_from_string(word)))
        service.depends_on.push_back(*needed);
    }
    const std::string restart = text("restart");
    service.restart = restart == "always"       ? Restart::always
                      : restart == "on-failure" ? Restart::on_failure
                                                : Restart::never;
    service.restart_limit = static_cast<int>(whole("restart_limit").value_or(3));
    service.restart_delay = duration("restart_delay", service.restart_delay);
    if (auto signal = kept("stop.signal", signal_from_string(text("stop.signal"))))
      service.stop_signal = *signal;
    service.stop_grace = duration("stop.grace", service.stop_grace);
    service.limits = {whole("limits.open_files"), whole("limits.address_space"),
                      whole("limits.processes"), whole("limits.cpu_seconds"),
                      whole("limits.file_size")};
    service.critical = config_.get<bool>(at_ + "critical").value_or_throw();
    return service;
  }

 private:
  std::string text(const std::string& key) const {
    return config_.find<std::string>(at_ + key).value_or_throw().value_or("");
  }
  std::optional<std::int64_t> whole(const std::string& key) const {
    return config_.find<std::int64_t>(at_ + key).value_or_throw();
  }
  std::vector<std::string> list(const std::string& key) const {
    return config_.find<std::vector<std::string>>(at_ + key).value_or_throw().value_or(
        std::vector<std::string>());
  }
  std::chrono::milliseconds duration(const std::string& key,
                                     std::chrono::milliseconds fallback) const {
    return config_.find<std::chrono::milliseconds>(at_ + key).value_or_throw().value_or(fallback);
  }

  void blame(const std::string& key, Error problem) {
    problems_.push_back(config_.error_at(at_ + key, std::move(problem.code),
                                         std::move(problem.message), std::move(problem.hint)));
  }
  template <class T>
  std::optional<T> kept(const std::string& key, Result<T> read) {
    if (read) return std::move(read).value();
    blame(key, read.error());
    return std::nullopt;
  }

  void check_name(const std::string& name) {
    const bool plain = !name.empty() && name.size() <= 64 &&
                       name.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyz"
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == name.npos;
    if (!plain)
      blame("name",
            error("service_name", "a service needs a name of at most 64 letters, digits, - and _"));
  }
  void check_ready(const ServiceSpec& service) {
    for (const ReadySpec& ready : service.ready) {
      const bool port_needed = ready.kind == ReadyKind::tcp || ready.kind == ReadyKind::http ||
                               ready.kind == ReadyKind::listener;
      if (port_needed && !service.port)
        blame("ready", error("service_ready", "this readiness needs a port", "add port = 0"));
      if (ready.kind == ReadyKind::listener && service.port_mode != PortMode::passed)
        blame("ready", error("service_ready", "listener needs port_mode = \"passed\""));
    }
  }

  std::vector<std::string> command() {
    const config::Value* value = config_.value(at_ + "command");
    std::vector<std::string> words;
    if (value != nullptr) {
      if (const auto* line = std::get_if<std::string>(&value->data)) {
        if (!line->empty()) return {"/bin/sh", "-c", *line};
      } else if (const auto* array = value->array()) {
        for (const config::Value& element : *array) {
          const auto* word = std::get_if<std::string>(&element.data);
          if (word == nullptr) {
            blame("command", error("service_command", "a word of the command is no string"));
            return {};
          }
          words.push_back(*word);
        }
      }
    }
    if (words.empty() || words.front().empty())
      blame("command", error("service_command", "a service needs a command",
                             "command = [\"program\", \"argument\"] or command = \"shell line\""));
    return words;
  }

  const Config& config_;
  std::string at_;
  std::vector<Diagnostic>& problems_;
};

}  // namespace

std::variant<std::vector<ServiceSpec>, std::vector<Diagnostic>> read_services(
    const Config& config) {
  std::vector<ServiceSpec> services;
  std::vector<Diagnostic> problems;
  std::set<std::string> names;
  for (std::size_t i = 0; i < config.count("service"); ++i) {
    services.push_back(Reading(config, i, problems).read());
    const std::string& name = services.back().name;
    if (!name.empty() && !names.insert(name).second)
      problems.push_back(config.error_at("service[" + std::to_string(i) + "].name", "service_twice",
                                         "a service " + name + " is there already"));
  }
  if (problems.empty()) {
    if (auto order = start_order(services); !order) {
      // the place is that of the service which is named first in the message
      problems.push_back(order.error());
    }
  }
  if (!problems.empty()) return problems;
  return services;
}

}  // namespace muster::services
