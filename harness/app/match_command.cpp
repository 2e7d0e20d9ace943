#include "app/match_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>

#include "app/data_output.hpp"
#include "app/expression_cases.hpp"
#include "app/near_definition.hpp"
#include "app/step_library.hpp"
#include "app/step_source.hpp"
#include "base/text.hpp"
#include "expressions/tag_expression.hpp"

namespace muster::app {
namespace {

/// The arguments of `muster match`.
struct MatchArguments {
  std::string steps;  ///< a runner or a library of steps; empty: this program
  std::string expression;
  std::string tags;
  std::string cases;
  std::vector<std::string> words;  ///< the text; with --tags the tags
  bool json = false;
  bool with_expression = false;
  bool with_tags = false;
};

int fail(const Error& problem) {
  std::cerr << render(problem);
  return 1;
}

/// Asks the other's definitions the same.
int ask_others(const MatchArguments& arguments) {
  std::vector<std::string> words = {"match"};
  if (arguments.json) words.emplace_back("--json");
  if (!arguments.cases.empty()) words.push_back("--cases=" + arguments.cases);
  if (arguments.with_expression) words.push_back("--expression=" + arguments.expression);
  words.emplace_back("--");
  words.insert(words.end(), arguments.words.begin(), arguments.words.end());
  return ask_steps_of(arguments.steps, std::move(words));
}

std::string argument_lines(const std::vector<expressions::Argument>& arguments) {
  std::string lines;
  for (const auto& argument : arguments) {
    const std::string type = argument.registered ? "{" + argument.parameter_type + "}" : "( )";
    if (!argument.group.value) {
      lines += fmt::format("  {} took no part\n", type);
      continue;
    }
    lines += fmt::format("  {} at column {}: {}\n", type, argument.group.start.value_or(0) + 1,
                         printable(*argument.group.value));
  }
  return lines;
}

int tell_definitions(const steps::Library& library, const std::string& text) {
  std::vector<std::size_t> exceeded;
  const auto matches = library.match(text, &exceeded);
  for (const std::size_t definition : exceeded) {
    std::cerr << render(too_slow(library.steps[definition]));
  }
  for (const auto& found : matches) {
    const auto& step = library.steps[found.definition];
    std::cout << step.file << ':' << step.line << ": " << as_written(step) << '\n'
              << argument_lines(found.match.arguments);
  }
  if (matches.size() == 1) return 0;
  if (matches.size() > 1) {
    return fail(
        error("ambiguous", fmt::format("{} definitions fit: {}", matches.size(), printable(text))));
  }
  const auto near = near_definition(library, text);
  return fail(error("undefined", "no definition fits: " + printable(text),
                    near ? "did you mean " + *near + "?" : "muster steps lists the definitions"));
}

int tell_json(const Json& answer, bool fits) {
  DataOutput out;
  out.pending() = dump_json(answer) + "\n";
  if (const auto written = out.finish(); !written) return fail(written.error());
  return fits ? 0 : 1;
}

/// Answers one line of --cases.
Result<Json> answer(const steps::Library& library, const std::string& line) {
  const auto read = parse_json(line);
  if (!read) return read.error();
  if (!read->is_object()) return error("case", "a case is a JSON object");
  const std::string text = string_at(*read, "text");
  if (read->contains("expression")) {
    return match_expression(library.types, string_at(*read, "expression"), text);
  }
  if (!read->contains("tags")) return match_definitions(library, text);
  std::vector<std::string> given;
  for (const auto& tag : read->value("given", Json::array())) {
    if (!tag.is_string()) return error("case", "given is an array of tags");
    given.push_back(tag.get<std::string>());
  }
  return match_tags(string_at(*read, "tags"), given);
}

int match_cases(const steps::Library& library, const std::string& path) {
  std::ifstream file;
  if (path != "-") {
    file.open(path);
    if (!file) return fail(error("file_unreadable", "cannot read " + path));
  }
  std::istream& in = path == "-" ? std::cin : file;
  DataOutput out;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.empty()) continue;
    auto answered = answer(library, line);
    if (!answered) {
      Error problem = answered.error();
      problem.place = {path, number, problem.place.column};
      problem.excerpt.clear();
      (void)out.finish();
      return fail(problem);
    }
    out.pending() += dump_json(*answered) + "\n";
    out.maybe_flush();
  }
  const auto written = out.finish();
  return written ? 0 : fail(written.error());
}

/// The parameter types of this program's definitions; the built-in ones where it has none.
Result<steps::Library> library_for(const MatchArguments& arguments) {
  const bool needs_steps = !arguments.with_expression && arguments.cases.empty();
  if (!needs_steps && steps::registered().steps.empty()) return steps::Library();
  return compile_library();
}

int match_command(const MatchArguments& arguments) {
  if (!arguments.steps.empty()) return ask_others(arguments);
  if (arguments.with_tags) {
    const auto parsed = expressions::TagExpression::parse(arguments.tags);
    if (!parsed) return fail(parsed.error());
    const bool selected = parsed->evaluate(arguments.words);
    if (arguments.json) {
      return tell_json(match_tags(arguments.tags, arguments.words), selected);
    }
    std::cout << (selected ? "selected" : "not selected") << '\n';
    return selected ? 0 : 1;
  }
  const auto library = library_for(arguments);
  if (!library) return fail(library.error());
  if (!arguments.cases.empty()) return match_cases(*library, arguments.cases);
  if (arguments.words.size() != 1) return fail(error("text_missing", "give one step text"));
  const std::string& text = arguments.words.front();
  if (!arguments.with_expression) {
    if (!arguments.json) return tell_definitions(*library, text);
    return tell_json(match_definitions(*library, text), library->match(text).size() == 1);
  }
  const auto expression = expressions::compile(arguments.expression, library->types);
  if (!expression) return fail(expression.error());
  const auto tried = expression->attempt(text);
  if (!tried) return fail(tried.error());
  const auto& match = *tried;
  if (arguments.json) {
    return tell_json(match_expression(library->types, arguments.expression, text),
                     match.has_value());
  }
  std::cout << (match ? "fits\n" + argument_lines(match->arguments) : "does not fit\n");
  return match ? 0 : 1;
}

}  // namespace

Execute add_match_command(CLI::App& app, const std::string&) {
  auto shared = std::make_shared<MatchArguments>();
  auto& arguments = *shared;
  auto* command = app.add_subcommand(
      "match", "Prints the step definitions that fit a text, with their arguments");
  auto* steps = command->add_option(
      "--steps", arguments.steps,
      "Runner, or shared library of steps, whose definitions are asked (default: this program)");
  auto* expression =
      command->add_option("--expression", arguments.expression,
                          "Matches against this Cucumber or regular expression instead");
  auto* tags = command->add_option(
      "--tags", arguments.tags, "Tells whether this tag expression selects the tags that follow");
  auto* cases = command->add_option("--cases", arguments.cases,
                                    "Answers every line of a file (-: standard input): {\"text\"}, "
                                    "{\"expression\", \"text\"} or\n"
                                    "{\"tags\", \"given\": [\"@tag\", …]}");
  tags->excludes(expression)->excludes(cases)->excludes(steps);
  expression->excludes(cases);
  command->add_flag("--json", arguments.json, "Prints JSON");
  command->add_option("text", arguments.words, "The step text, without its keyword");
  command->footer(
      "Exit 0 when exactly one definition fits, 1 when none or several do.\n"
      "Example: muster match 'the workspace is active'\n"
      "         muster match --expression 'I have {int} cuke(s)' 'I have 5 cukes'\n"
      "         muster match --tags '@smoke and not @slow' @smoke @fast");
  return [shared, expression, tags] {
    shared->with_expression = expression->count() > 0;
    shared->with_tags = tags->count() > 0;
    return match_command(*shared);
  };
}

}  // namespace muster::app
