#include "app/completion_command.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "app/command_tree.hpp"
#include "app/completion.hpp"
#include "app/data_output.hpp"
#include "app/manual.hpp"

namespace muster::app {
namespace {

struct CompletionArguments {
  std::string shell;
  std::string output;  ///< file, or folder for `man`; empty: standard output
};

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

Result<void> write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.flush();
  if (!file) return error("output_failed", "cannot write " + path.string());
  return {};
}

Result<void> write_manual(const CommandInfo& root, const std::string& folder) {
  for (const CommandInfo* command : all_commands(root)) {
    const auto path = std::filesystem::path(folder) / manual_file(*command);
    if (auto written = write_file(path, manual_page(*command, root)); !written) return written;
  }
  return {};
}

int completion_command(const CommandInfo& root, const CompletionArguments& arguments) {
  if (arguments.shell == "man") {
    if (arguments.output.empty()) {
      return fail(error("no_output", "the manual is many pages",
                        "name a folder: --output DIR; one page is shown by --help"));
    }
    const auto written = write_manual(root, arguments.output);
    return written ? 0 : fail(written.error());
  }
  std::string script = arguments.shell == "bash"  ? bash_completion(root)
                       : arguments.shell == "zsh" ? zsh_completion(root)
                                                  : fish_completion(root);
  if (!arguments.output.empty()) {
    const auto written = write_file(arguments.output, script);
    return written ? 0 : fail(written.error());
  }
  DataOutput out;
  out.pending() = std::move(script);
  const auto written = out.finish();
  return written ? 0 : fail(written.error());
}

}  // namespace

Execute add_completion_command(CLI::App& app, const std::string& program) {
  auto shared = std::make_shared<CompletionArguments>();
  auto* command =
      app.add_subcommand("completion", "Prints what a shell completes this command line by");
  command
      ->add_option("shell", shared->shell,
                   "bash, zsh or fish; man writes the manual pages into the folder --output")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish", "man"}));
  command->add_option("-o,--output", shared->output, "File, or folder, instead of standard output");
  command->footer(
      "Examples: source <(muster completion bash)\n"
      "          muster completion zsh > ~/.zfunc/_muster\n"
      "          muster completion fish > ~/.config/fish/completions/muster.fish");
  return
      [shared, &app, program] { return completion_command(command_tree(app, program), *shared); };
}

}  // namespace muster::app
