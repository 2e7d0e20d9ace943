#include "app/verify_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <thread>

#include "app/data_output.hpp"
#include "app/feature_text.hpp"
#include "audit/verify.hpp"
#include "base/text.hpp"
#include "chain/schemas.hpp"

namespace muster::app {
namespace {

struct VerifyArguments {
  std::string log;
  std::string chain;
  bool json = false;
  unsigned threads = 0;
};

Json values_of(const std::string& key) {
  return parse_json("[" + key + "]").value_or_throw();
}

Json to_json(const audit::Verified& verified, const VerifyArguments& arguments) {
  Json verdicts = Json::array();
  for (const auto& key : verified.listed)
    verdicts.push_back({{"key", values_of(key)}, {"verdict", "satisfied"}});
  for (const auto& failed : verified.failed)
    verdicts.push_back({{"key", values_of(failed.key)},
                        {"verdict", "violated"},
                        {"violation", audit::to_text(failed.kind)},
                        {"events", failed.events}});
  Json reports = Json::array();
  for (const auto& one : verified.explained) {
    Json report = one.failure.attachment;
    report["key"] = values_of(one.key);
    report["headline"] = one.failure.headline;
    report["text"] = one.failure.text;
    reports.push_back(std::move(report));
  }
  Json torn;
  if (verified.torn) torn = {{"line", verified.torn->line}, {"bytes", verified.torn->bytes}};
  Json unkeyed = {{"events", verified.unkeyed}};
  if (verified.unkeyed_line) unkeyed["first_line"] = *verified.unkeyed_line;
  return {{"log", arguments.log},
          {"chain", arguments.chain},
          {"verdict", verified.holds() ? "satisfied" : "violated"},
          {"bytes", verified.bytes},
          {"events", verified.events},
          {"keys",
           {{"total", verified.keys},
            {"satisfied", verified.satisfied},
            {"violated", verified.failed.size()}}},
          {"verdicts", std::move(verdicts)},
          {"reports", std::move(reports)},
          {"torn", std::move(torn)},
          {"unkeyed", std::move(unkeyed)}};
}

std::string counted(std::uint64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

/// ` (17 late, 3 unexpected)`, of those that have no report.
std::string kinds_of(const std::vector<audit::Failed>& failed, std::size_t from) {
  std::map<std::string, std::size_t> kinds;
  for (std::size_t at = from; at < failed.size(); ++at) ++kinds[audit::to_text(failed[at].kind)];
  std::vector<std::string> texts;
  for (const auto& [kind, count] : kinds) texts.push_back(std::to_string(count) + " " + kind);
  return " (" + join(texts, ", ") + ")";
}

std::string to_text(const audit::Verified& verified) {
  std::string text;
  for (const auto& key : verified.listed)
    text += "satisfied  " + (key.empty() ? std::string("the log") : printable(key)) + "\n";
  if (verified.satisfied > verified.listed.size())
    text += "satisfied  … and " + counted(verified.satisfied - verified.listed.size(), "more key") +
            "\n";
  for (const auto& one : verified.explained) text += one.failure.text;
  const std::size_t told = verified.explained.size();
  if (verified.failed.size() > told)
    text += "… and " + counted(verified.failed.size() - told, "more key") + " that " +
            (verified.failed.size() - told == 1 ? "does" : "do") + " not keep the chain" +
            kinds_of(verified.failed, told) + "\n";
  text += counted(verified.events, "event") + ", " + counted(verified.keys, "key") + ": " +
          std::to_string(verified.satisfied) + " satisfied, " +
          std::to_string(verified.failed.size()) + " violated\n";
  return text;
}

/// What people have to know besides the verdicts; data stays on stdout.
void tell(const audit::Verified& verified, const VerifyArguments& arguments) {
  if (verified.torn)
    std::cerr << arguments.log << ":" << verified.torn->line << ": warning: the last line is torn, "
              << counted(verified.torn->bytes, "byte") << " without a line end; it was left out\n";
  if (verified.unkeyed > 0)
    std::cerr << arguments.log << ":" << verified.unkeyed_line.value_or(0)
              << ": error: " << counted(verified.unkeyed, "event")
              << " of the chain without its key; this is the first\n";
  if (verified.keys == 0)
    std::cerr << arguments.log << ": error: no event of the chain came, and an empty log never "
              << "satisfies one\n";
}

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

int verify_command(const VerifyArguments& arguments) {
  // a chain longer than its limit is refused with its place
  const auto text = read_feature(arguments.chain, (1 << 20) + 1);
  if (!text) return fail(text.error());
  Place origin;
  origin.uri = arguments.chain;
  origin.line = 1;
  const std::string folder = std::filesystem::path(arguments.chain).parent_path().string();
  const auto chain =
      chain::Chain::parse(*text, origin, chain::schemas_of_folder(folder.empty() ? "." : folder));
  if (!chain) return fail(chain.error());
  const auto log = audit::LogFile::open(arguments.log);
  if (!log) return fail(log.error());
  audit::VerifyOptions options;
  options.threads =
      arguments.threads > 0 ? arguments.threads : std::max(1U, std::thread::hardware_concurrency());
  options.chain_place = arguments.chain;
  // a program reads all verdicts, a person the first
  if (arguments.json) options.listed = std::numeric_limits<std::size_t>::max();
  const auto verified = audit::verify(*log, *chain, options);
  if (!verified) return fail(verified.error());
  DataOutput out;
  out.pending() +=
      arguments.json ? dump_json(to_json(*verified, arguments)) + "\n" : to_text(*verified);
  tell(*verified, arguments);
  if (const auto written = out.finish(); !written) return fail(written.error());
  return verified->holds() ? 0 : 1;
}

}  // namespace

Execute add_verify_command(CLI::App& app, const std::string&) {
  auto arguments = std::make_shared<VerifyArguments>();
  auto* command = app.add_subcommand(
      "verify", "Checks a recorded log of events against a chain, one run of it per key");
  command
      ->add_option("EVENTS", arguments->log,
                   "JSONL file of events (docs/formats/hatch.md); - is stdin")
      ->required();
  command->add_option("--chain", arguments->chain, "File with the chain (docs/chains.md)")
      ->required();
  command->add_flag("--json", arguments->json, "One JSON object on stdout");
  command->add_option("--threads", arguments->threads, "Threads that read (default: one per core)")
      ->check(CLI::Range(1, 256));
  command->footer(
      "Exit 1 when a key does not keep the chain, with the gap reports of the first 20; a torn "
      "last "
      "line is told\nand not fatal, any other line that is no event is an error with its place.\n"
      "Example: muster verify hatch.jsonl --chain lifecycle.chain");
  return [arguments] { return verify_command(*arguments); };
}

}  // namespace muster::app
