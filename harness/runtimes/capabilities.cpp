#include "runtimes/capabilities.hpp"

#include <algorithm>
#include <filesystem>
#include <future>
#include <map>

#include "base/text.hpp"
#include "process/launcher.hpp"
#include "runtimes/verify.hpp"
#include "runtimes/version.hpp"

namespace muster::runtimes {
namespace {

namespace fs = std::filesystem;

std::string path_of(const Environment& environment) {
  return absolute_folders(environment("PATH").value_or("/usr/local/bin:/usr/bin:/bin"));
}

bool is_program(const std::string& file) {
  std::vector<std::string> searched;
  return process::find_program(file, "", "/", searched).ok();
}

/// Runs `binary --version` as a row of a runtime would.
Verdict ask_version(const std::string& binary, const std::string& path) {
  Runtime row;
  row.ref = "host.program";
  row.name = binary;
  row.distributions = {
      {"verification",
       {{"commands", Json::array({{{"binary", binary}, {"args", {"--version"}}}})}}}};
  VerifyOptions options;
  options.search_path = path;
  const Result<std::vector<Verdict>> verdicts = verify({row}, options);
  if (verdicts.ok()) return verdicts->front();
  Verdict failed;
  failed.reason = Reason::not_executable;
  failed.detail = verdicts.error().message;
  return failed;
}

/// Where a distribution puts servers that are not on PATH, the highest version first.
std::vector<std::string> server_folders() {
  std::vector<std::pair<Version, std::string>> found;
  std::error_code ignored;
  for (const fs::directory_entry& each : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
    const Result<Version> version = parse_version(each.path().filename().string());
    if (version.ok()) found.emplace_back(*version, (each.path() / "bin").string());
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return b.first < a.first; });
  std::vector<std::string> folders;
  for (auto& [version, folder] : found) folders.push_back(std::move(folder));
  return folders;
}

}  // namespace

Json to_json(const Capability& capability) {
  Json json{{"name", capability.name},
            {"available", capability.available},
            {"reason", capability.reason}};
  if (!capability.version.empty()) json["version"] = capability.version;
  return json;
}

std::string postgres_folder(const Environment& environment) {
  std::vector<std::string> folders = split(path_of(environment), ':');
  const std::vector<std::string> servers = server_folders();
  folders.insert(folders.end(), servers.begin(), servers.end());
  if (const auto told = environment("PGBIN"); told && !told->empty()) folders = {*told};
  for (const std::string& folder : folders) {
    if (folder.starts_with('/') && is_program(folder + "/initdb") &&
        is_program(folder + "/postgres"))
      return folder;
  }
  return {};
}

Capability postgres(const Environment& environment) {
  const std::string folder = postgres_folder(environment);
  if (folder.empty()) {
    return {"postgres",
            false,
            "initdb and postgres are neither on PATH nor in /usr/lib/postgresql",
            {}};
  }
  const Verdict verdict = ask_version(folder + "/postgres", path_of(environment));
  if (!verdict.available) return {"postgres", false, folder + "/postgres: " + verdict.detail, {}};
  return {"postgres", true, folder + "/postgres", verdict.version};
}

Capability browser(const Environment& environment) {
  const std::string path = path_of(environment);
  std::vector<std::string> candidates;
  for (const char* name : {"BROWSER_BIN", "CHROME_BIN"}) {
    if (const auto told = environment(name); told && !told->empty()) candidates.push_back(*told);
  }
  candidates.insert(candidates.end(), {"chromium", "chromium-browser", "google-chrome",
                                       "google-chrome-stable", "chrome", "firefox-esr", "firefox"});
  std::string seen;
  for (const std::string& candidate : candidates) {
    const Verdict verdict = ask_version(candidate, path);
    if (verdict.available) return {"browser", true, verdict.binary_path, verdict.version};
    if (verdict.reason == Reason::binary_missing) continue;
    if (!seen.empty()) seen += "; ";
    seen += candidate + ": " + to_string(verdict.reason);
  }
  return {"browser",
          false,
          seen.empty() ? "neither chromium, chrome nor firefox is on PATH" : seen,
          {}};
}

const std::vector<std::string>& capability_names() {
  static const std::vector<std::string> names{"browser", "cgroup-kill", "docker", "egress-proof",
                                              "netns",   "postgres",    "userns"};
  return names;
}

Capability capability(std::string_view name, const Environment& environment) {
  if (name == "browser") return browser(environment);
  if (name == "cgroup-kill") return cgroup_kill();
  if (name == "docker") return docker(environment);
  if (name == "egress-proof") return egress_proof();
  if (name == "netns") return netns();
  if (name == "postgres") return postgres(environment);
  if (name == "userns") return userns();
  return {std::string(name),
          false,
          "'" + printable(name) + "' is no capability; there are " + join(capability_names(), ", "),
          {}};
}

std::vector<Capability> capabilities(const std::vector<std::string>& names,
                                     const Environment& environment) {
  std::vector<std::future<Capability>> tries;
  for (const std::string& name : names) {
    tries.push_back(std::async(std::launch::async,
                               [&name, &environment] { return capability(name, environment); }));
  }
  std::vector<Capability> found;
  for (std::future<Capability>& each : tries) found.push_back(each.get());
  return found;
}

}  // namespace muster::runtimes
