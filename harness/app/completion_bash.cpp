#include <fmt/format.h>

#include "app/completion.hpp"
#include "app/replaced.hpp"
#include "base/text.hpp"

namespace muster::app {
namespace {

/// The part that is the same for every program. bash splits words at `:` and `=` too, which stand
/// in ours (PATH:LINE, --format=json): the words are read from the line, and the replies lose again
/// what bash has split off.
constexpr const char* kMachine = R"sh(
_PROGRAM_complete() {
  local line=${COMP_LINE:0:COMP_POINT} words word cur prev path=PROGRAM commands options valued values i
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  cur=${words[-1]}
  prev=
  _PROGRAM_command "$path"
  for ((i = 1; i < ${#words[@]} - 1; i++)); do
    word=${words[i]}
    prev=
    if [[ " $valued " == *" $word "* ]]; then
      prev=$word
      # its value is a word of its own, which names no command
      ((i + 1 < ${#words[@]} - 1)) && { ((i++)); prev=; }
    elif [[ " $commands " == *" $word "* ]]; then
      path="$path $word"
      _PROGRAM_command "$path"
    fi
  done
  COMPREPLY=()
  local before=
  if [[ -z $prev && $cur == --*=* ]]; then
    prev=${cur%%=*}
    before=$prev=
    cur=${cur#*=}
  fi
  if [[ -n $prev ]]; then
    _PROGRAM_values "$path" "$prev"
    if [[ -n $values ]]; then
      COMPREPLY=($(compgen -W "$values" -- "$cur"))
    else
      _PROGRAM_files "$cur"
    fi
  elif [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  elif [[ -n $commands ]]; then
    COMPREPLY=($(compgen -W "$commands" -- "$cur"))
  else
    _PROGRAM_values "$path" ARGUMENT
    if [[ -n $values ]]; then
      COMPREPLY=($(compgen -W "$values" -- "$cur"))
    else
      _PROGRAM_files "$cur"
    fi
  fi
  [[ -n $before ]] && COMPREPLY=("${COMPREPLY[@]/#/$before}")
  # readline replaces what stands behind the last break only
  local full=$before$cur breaks=${COMP_WORDBREAKS//[^:=]/}
  [[ $full == *["${breaks:-:}"]* && -n $breaks ]] || return 0
  local kept=${full%"${full##*["$breaks"]}"}
  COMPREPLY=("${COMPREPLY[@]#"$kept"}")
}

_PROGRAM_files() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$1"))
}

complete -F _PROGRAM_complete PROGRAM
)sh";

std::string words(const std::vector<std::string>& all) {
  return join(all, " ");
}

}  // namespace

std::string bash_completion(const CommandInfo& root) {
  const std::string program = root.name();
  std::string table, values;
  for (const CommandInfo* command : all_commands(root)) {
    std::vector<std::string> commands, options, valued;
    for (const auto& below : command->commands) commands.push_back(below.name());
    for (const auto& option : command->options) {
      for (const auto& name : option.names) {
        options.push_back(name);
        if (option.takes_value) valued.push_back(name);
        if (!option.choices.empty()) {
          values += fmt::format("    '{} {}') values='{}' ;;\n", command->joined(), name,
                                words(option.choices));
        }
      }
    }
    for (const auto& argument : command->positionals) {
      if (argument.choices.empty()) continue;
      values += fmt::format("    '{} ARGUMENT') values='{}' ;;\n", command->joined(),
                            words(argument.choices));
    }
    table += fmt::format("    '{}')\n      commands='{}'\n      options='{}'\n      valued='{}'\n",
                         command->joined(), words(commands), words(options), words(valued));
    table += "      ;;\n";
  }
  return fmt::format("# bash completion of {0}, made by `{0} completion bash`\n", program) +
         replaced(fmt::format("_PROGRAM_command() {{\n  case $1 in\n{}  "
                              "esac\n}}\n\n_PROGRAM_values() {{\n  values=\n"
                              "  case \"$1 $2\" in\n{}  esac\n}}\n{}",
                              table, values, kMachine),
                  "PROGRAM", program);
}

}  // namespace muster::app
