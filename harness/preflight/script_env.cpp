// What GNU env(1) makes of the one argument that a shebang can give it.
#include "base/text.hpp"
#include "preflight/script_shebang.hpp"

namespace muster::preflight {
namespace {

bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\v' || c == '\f' || c == '\r';
}

/// Splits as `env -S` does.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  Result<std::vector<std::string>> run() {
    while (pos_ < text_.size()) {
      const char c = text_[pos_];
      if (quote_ == 0 && blank(c)) {
        finish();
        ++pos_;
      } else if (quote_ == 0 && c == '#' && !open_) {
        break;  // a comment, where a word could begin
      } else if ((c == '\'' || c == '"') && (quote_ == 0 || quote_ == c)) {
        quote_ = quote_ == 0 ? c : '\0';
        open_ = true;
        ++pos_;
      } else if (c == '\\') {
        if (!escape()) break;
      } else {
        add(c);
        ++pos_;
      }
    }
    if (quote_ != 0)
      return error("env_quote", "env finds no end of the quote in `" + printable(text_) + "`");
    finish();
    return std::move(words_);
  }

 private:
  void add(char c) {
    word_ += c;
    open_ = true;
  }

  void finish() {
    if (open_) words_.push_back(word_);
    word_.clear();
    open_ = false;
  }

  /// False at `\c`, which ends everything.
  bool escape() {
    const char next = pos_ + 1 < text_.size() ? text_[pos_ + 1] : '\\';
    pos_ += 2;
    if (quote_ == '\'' && next != '\'' && next != '\\') {
      add('\\');
      add(next);
      return true;
    }
    switch (next) {
      case 'c':
        return false;
      case '_':
        if (quote_ == 0) {
          finish();
        } else {
          add(' ');
        }
        return true;
      case 'f':
        add('\f');
        return true;
      case 'n':
        add('\n');
        return true;
      case 'r':
        add('\r');
        return true;
      case 't':
        add('\t');
        return true;
      case 'v':
        add('\v');
        return true;
      default:
        add(next);
        return true;
    }
  }

  std::string_view text_;
  std::size_t pos_ = 0;
  char quote_ = 0;
  bool open_ = false;
  std::string word_;
  std::vector<std::string> words_;
};

/// Passes over env's options and assignments.
Result<EnvProgram> program_of(const std::vector<std::string>& words) {
  EnvProgram found;
  bool options = true;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (options && word == "--") {
      options = false;
    } else if (options &&
               (word == "-u" || word == "--unset" || word == "-C" || word == "--chdir")) {
      ++i;
    } else if (options && word.starts_with('-')) {
      if (word == "-S" || word.starts_with("--split-string"))
        return error("env_option", "`-S` within `-S`");
    } else if (word.find('=') != std::string::npos && word.find('=') > 0) {
      options = false;
      if (word.starts_with("PATH=")) found.path = word.substr(5);
    } else {
      found.program = word;
      return found;
    }
  }
  return error("env_empty", "env with no program to run");
}

}  // namespace

Result<EnvProgram> parse_env_argument(const std::optional<std::string>& argument) {
  if (!argument || trim(*argument).empty())
    return error("env_empty", "env with no program to run", "write `#!/usr/bin/env PROGRAM`");
  const std::string& text = *argument;
  for (const std::string_view option : {"--split-string=", "--split-string", "-vS", "-iS", "-S"}) {
    if (!text.starts_with(option)) continue;
    Result<std::vector<std::string>> words =
        Splitter(std::string_view(text).substr(option.size())).run();
    if (!words) return words.error();
    return program_of(*words);
  }
  const std::size_t gap = text.find_first_of(" \t");
  if (text.starts_with('-')) {
    return error("env_option", "env with `" + printable(text) + "` as its only argument",
                 "options need `-S`: `#!/usr/bin/env -S " + text + "`");
  }
  if (gap != std::string::npos) {
    return error(
        "env_blanks",
        "env is given one argument, so it looks for a program named `" + printable(text) + "`",
        "write `#!/usr/bin/env -S " + text + "`");
  }
  return program_of({text});
}

}  // namespace muster::preflight
