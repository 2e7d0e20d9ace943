#include "app/env_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <optional>

#include "app/env_recording.hpp"
#include "base/diff.hpp"
#include "base/text.hpp"

namespace muster::app {
namespace {

/// The words by which a target may be called, the shown one first.
std::vector<std::string> words_for(const EnvTarget& target) {
  if (target.service.empty()) return {target.name};
  return {target.name, target.service, target.project, target.project + "/" + target.service};
}

bool means(const std::string& word, const EnvTarget& target) {
  const auto words = words_for(target);
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& known) { return iequals(known, word); });
}

Error unknown(const std::string& word, const std::vector<EnvTarget>& targets) {
  std::vector<std::string> known;
  for (const EnvTarget& target : targets)
    for (const std::string& name : words_for(target)) known.push_back(name);
  const auto near = nearest(word, known);
  return error("target_unknown", "there is no project or service " + word,
               near ? "did you mean " + *near + "?" : "muster env list-targets");
}

/// All that `words` name, in the order of the targets.
Result<std::vector<EnvTarget>> named(const std::vector<EnvTarget>& targets,
                                     const std::vector<std::string>& words) {
  std::vector<bool> wanted(targets.size());
  for (const std::string& word : words) {
    bool known = false;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (!means(word, targets[i])) continue;
      wanted[i] = known = true;
    }
    if (!known) return unknown(word, targets);
  }
  std::vector<EnvTarget> found;
  for (std::size_t i = 0; i < targets.size(); ++i)
    if (wanted[i]) found.push_back(targets[i]);
  return found;
}

/// Numbers and names of one line, `all`, or nothing to leave.
Result<std::vector<EnvTarget>> ask(const std::vector<EnvTarget>& targets, EnvRecording* recording) {
  for (std::size_t i = 0; i < targets.size(); ++i)
    std::cerr << fmt::format("{:>3}  {}\n", i + 1, printable(targets[i].name));
  for (;;) {
    std::cerr << "Which? (numbers or names, all; nothing to leave) " << std::flush;
    std::string line;
    if (!std::getline(std::cin, line) || trim(line).empty())
      return error("interrupted", "nothing was chosen");
    if (recording != nullptr) recording->input(line);
    if (iequals(trim(line), "all")) return targets;
    std::vector<std::string> words;
    for (std::string word : split(line, line.find(',') == line.npos ? ' ' : ',')) {
      word = std::string(trim(word));
      if (word.empty()) continue;
      const bool number = word.find_first_not_of("0123456789") == word.npos && word.size() < 6;
      const std::size_t at = number ? std::stoul(word) : 0;
      words.push_back(at >= 1 && at <= targets.size() ? targets[at - 1].name : word);
    }
    auto found = named(targets, words);
    if (found) return found;
    std::cerr << render(found.error());
  }
}

EnvWish wish_of(const EnvRoute& route) {
  return {route.words, route.services, route.projects, route.all};
}

/// What the command line itself says; nullopt: nothing.
std::optional<Result<std::vector<EnvTarget>>> said(const EnvWish& wish,
                                                   std::vector<EnvTarget>& targets) {
  const auto keep = [&targets](const std::vector<std::string>& words,
                               auto member) -> std::optional<Error> {
    for (const std::string& word : words) {
      if (std::none_of(targets.begin(), targets.end(),
                       [&](const EnvTarget& target) { return iequals(target.*member, word); }))
        return unknown(word, targets);
    }
    if (!words.empty())
      std::erase_if(targets, [&](const EnvTarget& target) {
        return std::none_of(words.begin(), words.end(),
                            [&](const std::string& word) { return iequals(target.*member, word); });
      });
    return std::nullopt;
  };
  if (const auto wrong = keep(wish.projects, &EnvTarget::project)) return *wrong;
  if (const auto wrong = keep(wish.services, &EnvTarget::service)) return *wrong;
  if (!wish.words.empty()) return named(targets, wish.words);
  if (wish.all || targets.size() < 2 || !wish.services.empty()) return targets;
  return std::nullopt;
}

}  // namespace

std::vector<EnvTarget> targets_of(const artifacts::RunState& state) {
  std::vector<EnvTarget> targets;
  for (const auto& [name, service] : state.services)
    targets.push_back({service.project, service.type, name});
  return targets;
}

namespace {

Result<std::vector<EnvTarget>> chosen(const EnvWish& wish, std::vector<EnvTarget> targets,
                                      EnvRecording* recording) {
  if (auto found = said(wish, targets)) return std::move(*found);
  if (EnvSession::interactive()) return ask(targets, recording);
  std::vector<std::string> names;
  for (const EnvTarget& target : targets) names.push_back(printable(target.name));
  return error("selection_required", "several could be meant: " + join(names, ", "),
               "name some of them, or --all");
}

}  // namespace

Result<std::vector<EnvTarget>> choose(const EnvWish& wish, std::vector<EnvTarget> targets) {
  return chosen(wish, std::move(targets), nullptr);
}

Result<std::vector<EnvTarget>> choose(const EnvSession& session, std::vector<EnvTarget> targets) {
  return chosen(wish_of(session.route()), std::move(targets), session.recording());
}

Result<std::vector<EnvTarget>> choose_or_all(const EnvSession& session,
                                             std::vector<EnvTarget> targets) {
  if (auto found = said(wish_of(session.route()), targets)) return std::move(*found);
  return targets;
}

}  // namespace muster::app
