// `muster env debug-pack`, `debug-report`, `debug-last`.
#include <fmt/format.h>

#include <filesystem>

#include "app/env_commands.hpp"
#include "app/env_session.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"
#include "debug/bundle.hpp"

namespace muster::app {
namespace {

/// The session that the route names; empty: the newest. Error `usage` for several.
Result<std::string> named_session(const EnvSession& session) {
  const auto& words = session.route().words;
  if (words.size() > 1)
    return error("usage", "one session at a time", "muster env debug-report SESSION");
  return words.empty() ? std::string() : words.front();
}

Json to_json(const debug::Packed& packed, const std::string& session) {
  return {{"bundle", packed.path},
          {"bytes", packed.bytes},
          {"sha256", packed.sha256},
          {"session_id", session},
          {"issues", packed.diagnosis.issues.size()}};
}

EnvEnd debug_pack(EnvSession& session) {
  const auto named = named_session(session);
  if (!named) return env_failed(named.error());
  const auto repository = session.repository();
  if (!repository) return env_failed(repository.error());
  const auto folder = session.route().text("output").value_or("");
  std::error_code ignored;
  const auto packed =
      debug::pack(**repository, *named,
                  folder.empty() ? "" : std::filesystem::absolute(folder, ignored).string());
  if (!packed) return env_failed(packed.error());
  if (session.route().json) {
    session.print(to_json(*packed, packed->diagnosis.session_id));
  } else {
    session.print(fmt::format("{}\n  {} bytes, {} issues, sha256 {}\n", packed->path, packed->bytes,
                              packed->diagnosis.issues.size(), packed->sha256));
  }
  return env_done();
}

EnvEnd debug_report(EnvSession& session) {
  const auto named = named_session(session);
  if (!named) return env_failed(named.error());
  const auto repository = session.repository();
  if (!repository) return env_failed(repository.error());
  const auto what = debug::gather(**repository, *named);
  if (!what) return env_failed(what.error());
  const auto diagnosis = debug::diagnose(*what);
  if (session.route().json)
    session.print(redacted_json(debug::to_json(diagnosis)));
  else
    session.print(redact(debug::summary(*what, diagnosis)));
  return env_done();
}

EnvEnd debug_last(EnvSession& session) {
  const auto repository = session.repository();
  if (!repository) return env_failed(repository.error());
  const auto last = debug::last_session((*repository)->folder());
  if (!last) return env_failed(last.error());
  const std::string path = (*repository)->folder().path() + "/" + debug::kFolder + "/" + last->id;
  const auto bundle = debug::last_bundle(**repository);
  if (session.route().json) {
    Json document = redacted_json(last->document);
    document["path"] = path;
    document["crashed"] = last->crashed;
    document["latest_bundle"] = bundle ? Json(*bundle) : Json();
    session.print(document);
    return env_done();
  }
  const std::string end = last->exit_code ? fmt::format("exit {}", *last->exit_code)
                          : last->crashed ? "ended without saying how"
                                          : "still runs";
  session.print(fmt::format("{}\n  {}, {}, {} events, {} anomalies\n", path,
                            printable(last->command), end, last->events.size(),
                            last->anomalies.size()));
  if (bundle) session.print(fmt::format("  latest bundle: {}\n", *bundle));
  return env_done();
}

constexpr EnvOption kPackOptions[] = {
    {"-o,--output", EnvKind::text,
     "Folder for the bundle (default: debug/ of the runtime directory's scope)"},
};

}  // namespace

const EnvCommand kEnvDebugPack{
    .name = "debug-pack",
    .family = EnvFamily::debug,
    .about = "Packs a recorded session and its run into a bundle to give away",
    .example = "muster env debug-pack --output /tmp",
    .more =
        "Takes the session that is named, else the newest. The bundle is redacted; what it "
        "holds, its\nbundle_contract.json and manifest.json say.",
    .words = EnvWords::arguments,
    .options = kPackOptions,
    .run = debug_pack,
};

const EnvCommand kEnvDebugReport{
    .name = "debug-report",
    .family = EnvFamily::debug,
    .about = "Tells what went wrong in a recorded session, and why it probably did",
    .example = "muster env debug-report --json",
    .words = EnvWords::arguments,
    .run = debug_report,
};

const EnvCommand kEnvDebugLast{
    .name = "debug-last",
    .family = EnvFamily::debug,
    .about = "Names the newest recorded session and the newest bundle",
    .example = "muster env debug-last",
    .run = debug_last,
};

}  // namespace muster::app
