#include "app/parse_command.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/data_output.hpp"
#include "app/feature_text.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"
#include "gherkin/dialect.hpp"
#include "gherkin/feature_tree.hpp"
#include "gherkin/gherkin.hpp"
#include "messages/messages.hpp"
#include "run/feature_files.hpp"

namespace muster::app {
namespace {

/// The arguments of `muster parse`.
struct ParseArguments {
  std::vector<std::string> files;
  bool no_source = false;
  bool no_ast = false;
  bool no_pickles = false;
  bool predictable_ids = false;
  bool tokens = false;
  bool quiet = false;
  gherkin::ParseOptions options;
};

/// Prints what was asked for of one file; false if it has errors.
bool print_file(const ParseArguments& arguments, const std::string& file, std::string text,
                IncrementalIds& ids, DataOutput& out) {
  const auto tree = gherkin::parse_tree(file, std::move(text), ids, arguments.options);
  for (const auto& problem : tree.errors()) {
    std::cerr << render(run::to_diagnostic(problem, tree.text()));
  }
  if (arguments.quiet) return tree.ok();
  if (arguments.tokens) {
    if (tree.ok()) out.pending() += gherkin::dump_tokens(file, tree.text(), arguments.options);
    return tree.ok();
  }
  if (!arguments.no_source) messages::append_message(out.pending(), tree.source_message());
  for (const auto& problem : tree.errors()) messages::append_message(out.pending(), problem);
  if (!tree.ok()) return false;
  if (!arguments.no_ast) messages::append_message(out.pending(), tree.document_message());
  if (arguments.no_pickles) return true;
  for (const auto& pickle : tree.pickles()) {
    messages::append_message(out.pending(), tree.message(pickle));
    out.maybe_flush();
  }
  return true;
}

int parse_command(const ParseArguments& arguments) {
  DataOutput out;
  IncrementalIds ids = arguments.predictable_ids ? IncrementalIds() : IncrementalIds::unique();
  bool good = true;
  for (const std::string& file : arguments.files) {
    // one byte more than allowed tells that it is too long
    auto text = read_feature(file, arguments.options.limits.file_bytes + 1);
    if (!text) {
      std::cerr << render(text.error());
      good = false;
      continue;
    }
    good = print_file(arguments, file, std::move(*text), ids, out) && good;
    out.maybe_flush();
  }
  if (const auto written = out.finish(); !written) {
    std::cerr << render(written.error());
    good = false;
  }
  return good ? 0 : 1;
}

}  // namespace

Execute add_parse_command(CLI::App& app, const std::string&) {
  auto shared = std::make_shared<ParseArguments>();
  auto& arguments = *shared;
  auto* command = app.add_subcommand("parse", "Prints the Cucumber Messages of feature files");
  command
      ->add_option("files", arguments.files, "Feature files; those that end with .md are Markdown")
      ->required();
  command->add_flag("--no-source", arguments.no_source, "Leaves out the source envelopes");
  command->add_flag("--no-ast", arguments.no_ast, "Leaves out the gherkinDocument envelopes");
  command->add_flag("--no-pickles", arguments.no_pickles, "Leaves out the pickle envelopes");
  command->add_flag("--predictable-ids", arguments.predictable_ids,
                    "Ids 0, 1, 2, … instead of UUIDs");
  command->add_flag("--tokens", arguments.tokens, "Prints the tokens instead, a line each");
  command->add_flag("--quiet", arguments.quiet,
                    "Parses and compiles only; errors on standard error");
  command
      ->add_option("--language", arguments.options.language,
                   "Language of files without a \"# language:\" header (default: en)")
      ->check([](const std::string& language) {
        return gherkin::find_dialect(language) != nullptr ? std::string()
                                                          : "there is no language " + language;
      });
  auto& limits = arguments.options.limits;
  const auto limit = [&](const char* name, std::size_t& value, const char* what) {
    command->add_option(name, value, what)->check(CLI::Range(1, 1 << 30))->capture_default_str();
  };
  limit("--max-file-bytes", limits.file_bytes, "A larger file is an error");
  limit("--max-line-bytes", limits.line_bytes, "A longer line is an error");
  limit("--max-pickles", limits.pickles, "More pickles of a file are an error");
  limit("--max-errors", limits.errors, "So many errors end the parse of a file");
  command->footer(
      "NDJSON on standard output; a file with errors gives its parseError envelopes. Exit 1 when "
      "a\n"
      "file has errors.\n"
      "Example: muster parse --no-source --predictable-ids features/lifecycle/play.feature");
  return [shared] { return parse_command(*shared); };
}

}  // namespace muster::app
