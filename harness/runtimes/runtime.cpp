#include "runtimes/runtime.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace muster::runtimes {
namespace {

Error bad_metadata(const std::string& member, const std::string& wanted) {
  return error("bad_metadata", "distributions." + member + " is not " + wanted);
}

/// Reads the member `name` of `object` where it is present.
Result<void> read(const Json& object, const char* name, const std::string& path, bool& value) {
  const auto member = object.find(name);
  if (member == object.end()) return {};
  if (!member->is_boolean()) return bad_metadata(path + name, "true or false");
  value = member->get<bool>();
  return {};
}

Result<void> read(const Json& object, const char* name, const std::string& path, int& value) {
  const auto member = object.find(name);
  if (member == object.end()) return {};
  if (!member->is_number_integer() || *member < -1'000'000 || *member > 1'000'000)
    return bad_metadata(path + name, "a whole number");
  value = member->get<int>();
  return {};
}

Result<void> read(const Json& object, const char* name, const std::string& path,
                  std::string& value) {
  const auto member = object.find(name);
  if (member == object.end() || member->is_null()) return {};
  if (!member->is_string() || member->get_ref<const std::string&>().find('\0') != std::string::npos)
    return bad_metadata(path + name, "a text");
  value = member->get<std::string>();
  return {};
}

Result<VerificationCommand> read_command(const Json& json, const std::string& path) {
  if (!json.is_object()) return bad_metadata(path, "an object");
  const std::string inside = path + ".";
  VerificationCommand command;
  if (Result<void> r = read(json, "binary", inside, command.binary); !r) return r.error();
  if (command.binary.empty()) return bad_metadata(inside + "binary", "the name of a program");
  if (Result<void> r = read(json, "exit_code", inside, command.exit_code); !r) return r.error();
  if (Result<void> r = read(json, "pattern", inside, command.pattern); !r) return r.error();
  if (Result<void> r = read(json, "priority", inside, command.priority); !r) return r.error();
  if (Result<void> r = read(json, "optional", inside, command.optional); !r) return r.error();
  const auto args = json.find("args");
  if (args == json.end()) return command;
  if (!args->is_array()) return bad_metadata(inside + "args", "a list of texts");
  for (const Json& arg : *args) {
    if (!arg.is_string() || arg.get_ref<const std::string&>().find('\0') != std::string::npos)
      return bad_metadata(inside + "args", "a list of texts");
    command.args.push_back(arg.get<std::string>());
  }
  return command;
}

bool valid_ref(const std::string& ref) {
  const std::vector<std::string> segments = split(ref, '.');
  return segments.size() >= 2 &&
         std::all_of(segments.begin(), segments.end(), [](const std::string& segment) {
           return !segment.empty() &&
                  segment.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") ==
                      std::string::npos;
         });
}

constexpr int most_depth = 60;  // parse_json reads it back

/// What both databases can hold: PostgreSQL refuses NUL in text, and bytes that are not UTF-8.
bool storable(const std::string& text) {
  return text.find('\0') == std::string::npos && valid_utf8(text) == text;
}

bool storable(const Json& json, int depth = 0) {
  if (json.is_string()) return storable(json.get_ref<const std::string&>());
  if (!json.is_structured()) return true;
  if (depth >= most_depth) return false;
  for (const auto& [key, value] : json.items()) {
    if (!storable(key) || !storable(value, depth + 1)) return false;
  }
  return true;
}

}  // namespace

Result<void> check(const Runtime& runtime) {
  const auto bad = [&runtime](const std::string& why) {
    return error("bad_runtime", "the runtime '" + printable(runtime.ref) + "' " + why);
  };
  if (!valid_ref(runtime.ref)) {
    return error("bad_ref", "'" + printable(shorten(runtime.ref, 80)) + "' is no ref of a runtime",
                 "write pack.name in lower case, as in core.python");
  }
  if (runtime.name.empty()) return bad("has no name");
  if (!runtime.distributions.is_object()) return bad("has distributions that are no object");
  if (!runtime.installation.is_null() && !runtime.installation.is_object())
    return bad("has an installation that is no object");
  bool whole = storable(runtime.name) && storable(runtime.pack_ref) &&
               storable(runtime.description) && storable(runtime.distributions) &&
               storable(runtime.installation);
  for (const std::string& alias : runtime.aliases) whole = whole && storable(alias);
  if (!whole) return bad("holds a NUL, malformed UTF-8 or deep nesting");
  return {};
}

Result<Verification> verification_of(const Json& distributions) {
  const Error none = error("no_metadata", "the row does not say how to verify it",
                           "give distributions.verification a command, or always_available");
  if (!distributions.is_object()) return none;
  Verification found;
  if (Result<void> r = read(distributions, "min_version", "", found.min_version); !r)
    return r.error();
  const auto verification = distributions.find("verification");
  if (verification == distributions.end() || verification->is_null()) return none;
  if (!verification->is_object()) return bad_metadata("verification", "an object");
  const std::string inside = "verification.";
  bool check_required = true;
  if (Result<void> r = read(*verification, "always_available", inside, found.always_available); !r)
    return r.error();
  if (Result<void> r = read(*verification, "check_required", inside, check_required); !r)
    return r.error();
  found.always_available = found.always_available || !check_required;
  const auto commands = verification->find("commands");
  if (commands != verification->end()) {
    if (!commands->is_array()) return bad_metadata("verification.commands", "a list");
    for (std::size_t i = 0; i < commands->size(); ++i) {
      Result<VerificationCommand> command =
          read_command((*commands)[i], "verification.commands[" + std::to_string(i) + "]");
      if (!command) return command.error();
      found.commands.push_back(std::move(*command));
    }
  }
  if (!found.always_available && found.commands.empty()) return none;
  std::stable_sort(found.commands.begin(), found.commands.end(),
                   [](const VerificationCommand& a, const VerificationCommand& b) {
                     return a.priority < b.priority;
                   });
  return found;
}

Json to_json(const Runtime& runtime) {
  Json json{{"ref", runtime.ref},
            {"name", runtime.name},
            {"aliases", runtime.aliases},
            {"distributions", runtime.distributions}};
  if (!runtime.pack_ref.empty()) json["pack_ref"] = runtime.pack_ref;
  if (!runtime.description.empty()) json["description"] = runtime.description;
  if (!runtime.installation.is_null()) json["installation"] = runtime.installation;
  return json;
}

Result<Runtime> runtime_from_json(const Json& json) {
  const auto bad = [](const std::string& why) { return error("bad_runtime", "a runtime " + why); };
  if (!json.is_object()) return bad("is an object");
  Runtime runtime;
  for (const auto& [name, text] : {std::pair<const char*, std::string*>{"ref", &runtime.ref},
                                   {"pack_ref", &runtime.pack_ref},
                                   {"name", &runtime.name},
                                   {"description", &runtime.description}}) {
    const auto member = json.find(name);
    if (member == json.end() || member->is_null()) continue;
    if (!member->is_string()) return bad(std::string("has a text as its ") + name);
    *text = member->get<std::string>();
  }
  if (const auto aliases = json.find("aliases"); aliases != json.end()) {
    if (!aliases->is_array()) return bad("has a list of texts as its aliases");
    for (const Json& alias : *aliases) {
      if (!alias.is_string()) return bad("has a list of texts as its aliases");
      runtime.aliases.push_back(alias.get<std::string>());
    }
  }
  if (const auto member = json.find("distributions"); member != json.end())
    runtime.distributions = *member;
  if (const auto member = json.find("installation"); member != json.end())
    runtime.installation = *member;
  if (Result<void> checked = check(runtime); !checked) return checked.error();
  return runtime;
}

}  // namespace muster::runtimes
