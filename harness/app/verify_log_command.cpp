#include "app/verify_log_command.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include "app/data_output.hpp"
#include "app/recorded_run.hpp"
#include "audit/log_chain.hpp"
#include "base/json.hpp"

namespace muster::app {
namespace {

struct VerifyLogArguments {
  std::string target = "latest";
  std::string head;
  std::string project;
  bool json = false;
};

/// A log and what was kept of it.
struct Kept {
  std::string path;
  std::string head;
  std::optional<std::uint64_t> lines;
};

Result<Kept> kept_of(const VerifyLogArguments& arguments) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(arguments.target, ignored)) {
    if (arguments.head.empty())
      return error("head_missing", "the log is not that of a run, so its head has to be given",
                   "--head HEX, as the JSONL sink or an earlier verify-log told it");
    return Kept{arguments.target, arguments.head, std::nullopt};
  }
  auto run = recorded_run(arguments.target, arguments.project);
  if (!run) return run.error();
  Kept kept{run->path() + "/hatch.jsonl", run->manifest().hatch_head, std::nullopt};
  const auto extent = run->manifest().files.find("hatch.jsonl");
  if (extent != run->manifest().files.end()) kept.lines = extent->second.lines;
  if (!arguments.head.empty()) kept.head = arguments.head;
  if (kept.head.empty())
    return error("head_missing", "the manifest of the run " + run->manifest().run_id +
                                     " keeps no head" +
                                     (run->reason().empty() ? "" : ": " + run->reason()));
  return kept;
}

std::string counted(std::uint64_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

/// What is wrong, or nothing.
std::string verdict_of(const audit::LogChain& found, const Kept& kept) {
  if (found.head == kept.head && found.torn == 0) return {};
  if (found.wanted_at) {
    std::string text = "the log is whole up to line " + std::to_string(*found.wanted_at);
    if (found.lines > *found.wanted_at)
      text += "; " + counted(found.lines - *found.wanted_at, "line") + " came after it";
    if (found.torn > 0)
      text += "; half a line of " + counted(found.torn, "byte") + " stands behind";
    return text;
  }
  if (kept.lines && found.lines < *kept.lines)
    return "the log has " + std::to_string(found.lines) + " of " + counted(*kept.lines, "line");
  return "a line was changed, moved, put in or taken out";
}

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

int verify_log_command(const VerifyLogArguments& arguments) {
  const auto kept = kept_of(arguments);
  if (!kept) return fail(kept.error());
  const auto log = audit::LogFile::open(kept->path);
  if (!log) return fail(log.error());
  const auto found = audit::chain_of(*log, kept->head);
  if (!found) return fail(found.error());
  const std::string wrong = verdict_of(*found, *kept);
  DataOutput out;
  if (arguments.json) {
    Json told = {{"log", kept->path},   {"ok", wrong.empty()},    {"lines", found->lines},
                 {"head", found->head}, {"expected", kept->head}, {"torn_bytes", found->torn}};
    if (!wrong.empty()) told["problem"] = wrong;
    if (found->wanted_at) told["whole_up_to_line"] = *found->wanted_at;
    out.pending() += dump_json(told) + "\n";
  } else if (wrong.empty()) {
    out.pending() += "ok  " + counted(found->lines, "line") + "  " + found->head + "\n";
  }
  if (!wrong.empty())
    std::cerr << kept->path << ": error: " << wrong << "\n  expected head " << kept->head
              << "\n  found         " << found->head << "\n";
  if (const auto written = out.finish(); !written) return fail(written.error());
  return wrong.empty() ? 0 : 1;
}

}  // namespace

Execute add_verify_log_command(CLI::App& app, const std::string&) {
  auto arguments = std::make_shared<VerifyLogArguments>();
  auto* command = app.add_subcommand(
      "verify-log", "Checks by its hash chain that a recorded log was not changed since");
  command->add_option("TARGET", arguments->target,
                      "A run (`latest`, an id, its directory) or a JSONL file (default: latest)");
  command
      ->add_option("--head", arguments->head,
                   "The head of the chain, 64 hex digits (default: that of the run's manifest)")
      ->check(CLI::Validator(
          [](std::string& text) {
            const bool is = text.size() == 64 &&
                            text.find_first_not_of("0123456789abcdef") == std::string::npos;
            return is ? std::string() : "'" + text + "' is not 64 lower-case hex digits";
          },
          "HEX"));
  command->add_option("--project", arguments->project, "Folder whose runs are meant");
  command->add_flag("--json", arguments->json, "One JSON object on stdout");
  command->footer(
      "The chain is head = SHA-256(head ‖ line) over all lines (docs/formats/hatch.md).\n"
      "Example: muster verify-log latest");
  return [arguments] { return verify_log_command(*arguments); };
}

}  // namespace muster::app
