#include "parity/proof.hpp"

#include <algorithm>

#include "base/secret_names.hpp"
#include "base/text.hpp"

namespace muster::parity {
namespace {

bool is_canary(const Attempt& attempt) {
  return attempt.program == kCanaryProgram && attempt.host == kCanaryName &&
         attempt.port == kCanaryPort;
}

Json to_json(const Attempt& attempt) {
  return {{"pid", attempt.pid},   {"program", attempt.program}, {"command", attempt.command},
          {"call", attempt.call}, {"address", attempt.address}, {"port", attempt.port},
          {"host", attempt.host}};
}

}  // namespace

bool Proof::canary_recorded() const {
  return std::any_of(attempts.begin(), attempts.end(), is_canary) &&
         std::find(names.begin(), names.end(), kCanaryName) != names.end();
}

std::vector<Attempt> Proof::others() const {
  std::vector<Attempt> found;
  for (const Attempt& attempt : attempts)
    if (!is_canary(attempt)) found.push_back(attempt);
  return found;
}

std::vector<std::string> Proof::other_names() const {
  std::vector<std::string> found;
  for (const std::string& name : names)
    if (name != kCanaryName) found.push_back(name);
  return found;
}

std::string Proof::verdict() const {
  const bool alone = interfaces == std::vector<std::string>{"lo"};
  if (!problems.empty() || !alone || !canary_recorded()) return "unproven";
  return others().empty() && other_names().empty() ? "proven" : "egress";
}

Json to_json(const Proof& proof) {
  Json attempts = Json::array();
  for (const Attempt& attempt : proof.attempts) attempts.push_back(to_json(attempt));
  Json json = Json::object();
  json["schema_version"] = 1;
  json["verdict"] = proof.verdict();
  json["method"] = proof.method;
  json["interfaces"] = proof.interfaces;
  json["attempts"] = std::move(attempts);
  json["names"] = proof.names;
  json["canary"] = {{"program", kCanaryProgram},
                    {"host", kCanaryName},
                    {"port", kCanaryPort},
                    {"recorded", proof.canary_recorded()}};
  json["problems"] = proof.problems;
  return json;
}

std::string to_text(const Attempt& attempt) {
  const std::string where = attempt.host.empty() ? attempt.address : attempt.host;
  std::string text = attempt.program + " (pid " + std::to_string(attempt.pid) + ") " +
                     attempt.call + " → " + where + ":" + std::to_string(attempt.port);
  if (!attempt.host.empty()) text += " (" + attempt.address + ")";
  return printable(text);
}

bool is_scrubbed(const std::string& name) {
  const std::string lower = to_lower(name);
  for (const char* prefix : {"aws_", "azure_", "google_", "gcloud_", "polar_", "stripe_", "github_",
                             "gitlab_", "openai_", "anthropic_", "vercel_", "supabase_"})
    if (lower.starts_with(prefix)) return true;
  for (const char* exact : {"http_proxy", "https_proxy", "all_proxy", "no_proxy", "ftp_proxy",
                            "ssh_auth_sock", "kubeconfig", "netrc"})
    if (lower == exact) return true;
  return !lower.starts_with("rocky_") && (names_secret(name) || lower.ends_with("_key"));
}

}  // namespace muster::parity
