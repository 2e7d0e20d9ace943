#include <signal.h>
#include <string.h>

#include <array>
#include <charconv>
#include <utility>

#include "base/diff.hpp"
#include "services/service_spec.hpp"

// The small languages inside [[service]]: readiness, dependencies, signals.
namespace muster::services {
namespace {

struct ReadyWord {
  std::string_view word;
  ReadyKind kind;
  bool argument_needed;
  bool argument_allowed;
};

constexpr std::array<ReadyWord, 7> kReadyWords{{
    {"notify", ReadyKind::notify, false, false},
    {"listener", ReadyKind::listener, false, false},
    {"tcp", ReadyKind::tcp, false, false},
    {"http", ReadyKind::http, false, true},
    {"log", ReadyKind::log, true, true},
    {"unix", ReadyKind::unix_socket, true, true},
    {"exec", ReadyKind::exec, true, true},
}};

constexpr std::array<std::pair<std::string_view, Condition>, 3> kConditions{{
    {"started", Condition::started},
    {"ready", Condition::ready},
    {"completed", Condition::completed},
}};

template <class Words, class Name>
std::string hint_for(std::string_view given, const Words& words, Name name) {
  std::vector<std::string> known;
  for (const auto& word : words) known.emplace_back(name(word));
  if (const auto near = nearest(std::string(given), known)) return "did you mean " + *near + "?";
  std::string all = "one of";
  for (const auto& word : known) all += " " + word;
  return all;
}

}  // namespace

std::string_view to_string(Condition condition) {
  for (const auto& [word, value] : kConditions)
    if (value == condition) return word;
  return "ready";
}

std::string to_string(const ReadySpec& ready) {
  for (const ReadyWord& known : kReadyWords) {
    if (known.kind == ready.kind)
      return std::string(known.word) + (ready.argument.empty() ? "" : ":" + ready.argument);
  }
  return "notify";
}

Result<ReadySpec> ready_from_string(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view word = text.substr(0, colon);
  const std::string argument(colon == text.npos ? std::string_view() : text.substr(colon + 1));
  for (const ReadyWord& known : kReadyWords) {
    if (known.word != word) continue;
    if (known.argument_needed && argument.empty())
      return error("service_ready", std::string(text) + " needs an argument",
                   "write " + std::string(word) + ":SOMETHING");
    if (!known.argument_allowed && colon != text.npos)
      return error("service_ready", std::string(word) + " takes no argument");
    if (known.kind == ReadyKind::http && !argument.empty() && argument.front() != '/')
      return error("service_ready", "the target of http has to begin with /",
                   "write http:/" + argument);
    return ReadySpec{known.kind, argument};
  }
  return error("service_ready", std::string(word) + " is no kind of readiness",
               hint_for(word, kReadyWords, [](const ReadyWord& known) { return known.word; }));
}

Result<Dependency> dependency_from_string(std::string_view text) {
  const std::size_t at = text.rfind('@');
  Dependency dependency{std::string(text.substr(0, at)), Condition::ready};
  if (dependency.name.empty()) return error("service_depends", "a dependency names no service");
  if (at == text.npos) return dependency;
  const std::string_view word = text.substr(at + 1);
  for (const auto& [known, condition] : kConditions) {
    if (known != word) continue;
    dependency.condition = condition;
    return dependency;
  }
  return error("service_depends", "@" + std::string(word) + " is no condition",
               hint_for(word, kConditions, [](const auto& known) { return known.first; }));
}

Result<int> signal_from_string(std::string_view name) {
  int number = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
  if (read.ec == std::errc() && read.ptr == name.data() + name.size()) {
    if (number > 0 && number < NSIG) return number;
  } else {
    const std::string_view bare = name.starts_with("SIG") ? name.substr(3) : name;
    for (int signal = 1; signal < NSIG; ++signal) {
      const char* known = ::sigabbrev_np(signal);
      if (known != nullptr && bare == known) return signal;
    }
  }
  return error("service_signal", std::string(name) + " is no signal",
               "a name such as TERM, INT, QUIT, or a number");
}

}  // namespace muster::services
