#include "debug/session.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "base/json_members.hpp"
#include "base/text.hpp"

namespace muster::debug {
namespace {

bool is_session(const std::string& name) {
  return name.starts_with("session-") && name.find('/') == name.npos;
}

bool process_lives(std::int64_t pid) {
  return pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

std::vector<Json> lines_of(const journal::Directory& folder, const char* name,
                           std::size_t& damaged) {
  std::vector<Json> lines;
  const auto text = folder.read(name);
  if (!text) return lines;
  for (const std::string& line : split(*text, '\n')) {
    if (line.empty()) continue;
    auto json = parse_json(line);
    if (json && json->is_object() && json->contains("seq"))
      lines.push_back(std::move(*json));
    else
      ++damaged;
  }
  return lines;
}

Result<std::vector<std::string>> names_in(const journal::Directory& debug) {
  auto names = debug.names();
  if (!names) return names;
  std::erase_if(*names, [](const std::string& name) { return !is_session(name); });
  return names;
}

Result<Session> session_in(const journal::Directory& folder, const std::string& id) {
  const auto text = folder.read(kSessionFile);
  if (!text) return text.error();
  auto json = parse_json(*text);
  if (!json) return json.error();
  Session session;
  Members members(*json);
  const auto version = members.number("schema_version");
  session.id = id;
  session.command = members.text("command");
  session.started_at = members.text("started_at");
  session.pid = members.number("pid");
  session.version = members.optional_text("version").value_or("");
  session.ended_at = members.optional_text("ended_at").value_or("");
  session.run_id = members.optional_text("run_id").value_or("");
  session.failure_class = members.optional_text("failure_class").value_or("");
  if (const auto code = members.optional_number("exit_code"))
    session.exit_code = static_cast<int>(*code);
  const std::string path = folder.path() + "/" + kSessionFile;
  if (const auto judged = members.verdict("session_shape", path); !judged) return judged.error();
  if (version != kSchema)
    return error("session_shape",
                 path + " is of schema version " + std::to_string(version) + ", which is unknown");
  session.document = std::move(*json);
  session.crashed = !session.exit_code && !process_lives(session.pid);
  session.events = lines_of(folder, kEventsFile, session.damaged);
  session.anomalies = lines_of(folder, kAnomaliesFile, session.damaged);
  return session;
}

}  // namespace

Result<std::vector<std::string>> sessions(const journal::Directory& scope) {
  const auto debug = scope.sub(kFolder);
  if (!debug) {
    if (debug.error().code == "path_missing") return std::vector<std::string>();
    return debug.error();
  }
  return names_in(*debug);
}

Result<Session> read_session(const journal::Directory& scope, const std::string& id) {
  const auto known = sessions(scope);
  if (!known) return known.error();
  const std::string name = is_session(id) ? id : "session-" + id;
  if (std::find(known->begin(), known->end(), name) == known->end())
    return error("session_unknown", "there is no session " + printable(shorten(id, 80)),
                 known->empty() ? "none was recorded here" : "the newest is " + known->back());
  const auto debug = scope.sub(kFolder);
  if (!debug) return debug.error();
  const auto folder = debug->sub(name);
  if (!folder) return folder.error();
  return session_in(*folder, name);
}

Result<Session> last_session(const journal::Directory& scope) {
  const auto known = sessions(scope);
  if (!known) return known.error();
  if (known->empty())
    return error("no_session", "no debug session was recorded here",
                 "run a command such as muster env start; [debug] record must not be false");
  return read_session(scope, known->back());
}

Result<void> prune_sessions(const journal::Directory& debug, std::size_t keep) {
  auto names = names_in(debug);
  if (!names) return names.error();
  std::size_t left = names->size();
  for (const std::string& name : *names) {
    if (left <= keep) break;
    const auto folder = debug.sub(name);
    if (!folder) continue;
    // one that still records stays; of what cannot be read nobody could say that it does
    if (const auto session = session_in(*folder, name);
        session && !session->exit_code && !session->crashed)
      continue;
    const auto files = folder->names();
    if (!files) continue;
    for (const std::string& file : *files) (void)folder->remove(file);
    ::unlinkat(debug.fd(), name.c_str(), AT_REMOVEDIR);
    --left;
  }
  return {};
}

}  // namespace muster::debug
