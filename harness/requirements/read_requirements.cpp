#include <algorithm>
#include <set>
#include <utility>

#include "base/diff.hpp"
#include "base/text.hpp"
#include "requirements/requirement_spec.hpp"

namespace muster::requirements {
namespace {

using config::Config;

std::vector<std::string> kinds() {
  std::vector<std::string> names;
  for (const Definition& definition : registry()) names.emplace_back(definition.kind);
  return names;
}

/// Reads one element of the array, and keeps what is wrong with it.
class Reading {
 public:
  Reading(const Config& config, std::size_t index, std::vector<Diagnostic>& problems)
      : config_(config), at_("requirement[" + std::to_string(index) + "]."), problems_(problems) {}

  std::optional<RequirementSpec> read() {
    RequirementSpec spec;
    spec.kind = text("kind");
    const Definition* definition = find_definition(spec.kind);
    if (definition == nullptr) {
      const auto near = nearest(spec.kind, kinds());
      blame("kind",
            error("requirement_kind",
                  spec.kind.empty() ? "a requirement needs a kind"
                                    : "no requirement is of kind " + spec.kind,
                  near ? "did you mean " + *near + "?" : "kinds are " + join(kinds(), ", ")));
      return std::nullopt;
    }
    refuse_keys_of_others(*definition);
    spec.id = config_.is_set(at_ + "name") ? text("name") : spec.kind;
    check_name(spec.id);
    spec.folder = config_.folder();
    read_backing(spec, *definition);
    spec.port = static_cast<int>(whole("port").value_or(definition->port));
    spec.database = text("database");
    spec.role = text("role");
    check_identifier("database", spec.database);
    check_identifier("role", spec.role);
    spec.account = text("account");
    for (const std::string& name : config_.names(at_ + "env")) spec.env[name] = text("env." + name);
    for (const std::string& name : config_.names(at_ + "variables"))
      spec.variables[name] = text("variables." + name);
    spec.command = command("command");
    spec.bootstrap = command("bootstrap");
    if (definition->kind == "custom" && spec.command.empty() && spec.image.empty())
      blame("kind", error("requirement_command", "a custom requirement needs a command or an image",
                          "command = [\"program\", \"{port}\"]"));
    read_ready(spec);
    read_stop(spec);
    spec.critical = config_.get<bool>(at_ + "critical").value_or_throw();
    return spec;
  }

 private:
  std::string text(const std::string& key) const {
    return config_.find<std::string>(at_ + key).value_or_throw().value_or("");
  }
  std::optional<std::int64_t> whole(const std::string& key) const {
    return config_.find<std::int64_t>(at_ + key).value_or_throw();
  }
  void blame(const std::string& key, Error problem) {
    problems_.push_back(config_.error_at(at_ + key, std::move(problem.code),
                                         std::move(problem.message), std::move(problem.hint)));
  }

  void read_backing(RequirementSpec& spec, const Definition& definition) {
    const std::string word = text("backing");
    spec.image = config_.is_set(at_ + "image") ? text("image") : std::string(definition.image);
    spec.container_port = static_cast<int>(
        whole("container_port")
            .value_or(definition.container_port != 0 ? definition.container_port : 0));
    if (word == "native") spec.backing = Backing::native;
    if (word == "container") spec.backing = Backing::container;
    if (spec.backing == Backing::native && !definition.native)
      blame("backing", error("requirement_backing", spec.kind + " runs as a container only"));
    if (spec.backing == Backing::container && spec.image.empty())
      blame("backing",
            error("requirement_backing", "a container needs an image", "image = \"name:tag\""));
  }

  void read_ready(RequirementSpec& spec) {
    const auto words = config_.find<std::vector<std::string>>(at_ + "ready").value_or_throw();
    for (const std::string& word : words.value_or(std::vector<std::string>())) {
      auto ready = services::ready_from_string(word);
      if (ready)
        spec.ready.push_back(*ready);
      else
        blame("ready", ready.error());
    }
    if (spec.ready.empty()) spec.ready = {{services::ReadyKind::tcp, ""}};
    spec.ready_within =
        config_.get<std::chrono::milliseconds>(at_ + "ready_within").value_or_throw();
  }

  void read_stop(RequirementSpec& spec) {
    auto signal = services::signal_from_string(text("stop.signal"));
    if (signal)
      spec.stop_signal = *signal;
    else
      blame("stop.signal", signal.error());
    spec.stop_grace = config_.get<std::chrono::milliseconds>(at_ + "stop.grace").value_or_throw();
  }

  /// What a kind does not read would be set in vain.
  void refuse_keys_of_others(const Definition& definition) {
    for (const Definition& other : registry()) {
      for (const std::string& key : split(std::string(other.keys), ',')) {
        const std::string name(trim(key));
        if (name.empty() || definition.keys.find(name) != std::string_view::npos) continue;
        const bool set = name == "variables" ? !config_.names(at_ + name).empty()
                         : name == "stop"    ? config_.is_set(at_ + "stop.signal")
                                             : config_.is_set(at_ + name);
        if (!set || !told_.insert(name).second) continue;
        blame(name == "stop" ? "stop.signal" : name,
              error("requirement_key", std::string(definition.kind) + " does not read " + name,
                    "it belongs to " + std::string(other.kind)));
      }
    }
  }

  void check_name(const std::string& name) {
    const bool plain = !name.empty() && name.size() <= 64 &&
                       name.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyz"
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == name.npos;
    if (!plain)
      blame("name", error("requirement_name",
                          "a requirement needs a name of at most 64 letters, digits, - and _"));
  }

  /// It becomes part of SQL and of URLs.
  void check_identifier(const std::string& key, const std::string& name) {
    const bool plain = !name.empty() && name.size() <= 63 && !(name[0] >= '0' && name[0] <= '9') &&
                       name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == name.npos;
    if (!plain)
      blame(key, error("requirement_name",
                       "the " + key + " needs a name of lower-case letters, digits and _"));
  }

  std::vector<std::string> command(const std::string& key) {
    const config::Value* value = config_.value(at_ + key);
    if (value == nullptr) return {};
    if (const auto* line = std::get_if<std::string>(&value->data))
      return line->empty() ? std::vector<std::string>()
                           : std::vector<std::string>{"/bin/sh", "-c", *line};
    std::vector<std::string> words;
    if (const auto* array = value->array()) {
      for (const config::Value& element : *array) {
        const auto* word = std::get_if<std::string>(&element.data);
        if (word != nullptr) words.push_back(*word);
      }
      if (!words.empty() && words.size() == array->size() && !words.front().empty()) return words;
    }
    blame(key, error("requirement_command",
                     "the " + key + " is to be a list of strings or a line for /bin/sh"));
    return {};
  }

  const Config& config_;
  std::string at_;
  std::vector<Diagnostic>& problems_;
  std::set<std::string> told_;
};

}  // namespace

std::variant<std::vector<RequirementSpec>, std::vector<Diagnostic>> read_requirements(
    const Config& config, const std::vector<services::ServiceSpec>& services) {
  std::vector<RequirementSpec> requirements;
  std::vector<Diagnostic> problems;
  std::set<std::string> names;
  for (const services::ServiceSpec& service : services) names.insert(service.name);
  for (std::size_t i = 0; i < config.count("requirement"); ++i) {
    auto read = Reading(config, i, problems).read();
    if (!read) continue;
    if (!names.insert(read->id).second)
      problems.push_back(
          config.error_at("requirement[" + std::to_string(i) + "].kind", "requirement_twice",
                          "a requirement or service " + read->id + " is there already",
                          "give it a name of its own"));
    requirements.push_back(std::move(*read));
  }
  if (!problems.empty()) return problems;
  return requirements;
}

}  // namespace muster::requirements
