#include "app/plan_content.hpp"

#include <algorithm>
#include <string_view>

#include "app/version.hpp"
#include "base/digest.hpp"

namespace muster::app {
namespace {

constexpr std::string_view kOptions[] = {"paths",
                                         "tags",
                                         "name",
                                         "rerun",
                                         "last-failed",
                                         "tier",
                                         "strict-capabilities",
                                         "order",
                                         "retry",
                                         "retry-tags",
                                         "keyword-bound",
                                         "max-file-bytes",
                                         "max-line-bytes",
                                         "max-pickles",
                                         "allow-no-steps"};

std::string flag(bool on) {
  return on ? "true" : "false";
}

}  // namespace

shard::Content content_of(const PreparedRun& prepared, const run::RunSettings& settings) {
  shard::Content made;
  made.version = kVersion;
  made.library = prepared.library.digest;
  made.settings = {{"tier", settings.tier.name()},
                   {"strict-capabilities", flag(settings.strict_capabilities)},
                   {"keyword-bound", flag(settings.keyword_bound)},
                   {"retry", std::to_string(settings.retry)},
                   {"retry-tags", settings.retry_tags.to_string()}};
  for (const auto& feature : prepared.features) {
    made.files.emplace_back(feature.uri(), sha256_hex(feature.text()));
  }
  made.cases = plan_digest(prepared.plan);
  return made;
}

std::map<std::string, std::vector<std::string>> selection_of(const PreparedRun& prepared,
                                                             const run::RunSettings& settings) {
  return {{"run.paths", prepared.paths},
          {"run.tags", {settings.tags.to_string()}},
          {"run.name", settings.names},
          {"run.rerun", {""}},  // what it lists are paths now
          {"run.last-failed", {"false"}},
          {"run.tier", {settings.tier.name()}},
          {"run.strict-capabilities", {flag(settings.strict_capabilities)}},
          {"run.order", {settings.order.text()}},
          {"run.retry", {std::to_string(settings.retry)}},
          {"run.retry-tags", {settings.retry_tags.to_string()}},
          {"run.keyword-bound", {flag(settings.keyword_bound)}},
          {"run.max-file-bytes", {std::to_string(settings.limits.file_bytes)}},
          {"run.max-line-bytes", {std::to_string(settings.limits.line_bytes)}},
          {"run.max-pickles", {std::to_string(settings.limits.pickles)}},
          {"run.allow-no-steps", {flag(settings.allow_no_steps)}}};
}

bool is_option_of_plans(const std::string& option) {
  return std::find(std::begin(kOptions), std::end(kOptions), option) != std::end(kOptions);
}

}  // namespace muster::app
