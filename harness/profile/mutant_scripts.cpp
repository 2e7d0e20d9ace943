#include "base/text.hpp"
#include "profile/mutant.hpp"
#include "profile/mutant_text.hpp"

namespace muster::profile {
namespace {

class ScriptMutants {
 public:
  ScriptMutants(const Original& original, const ProjectFile& file, std::vector<Mutant>& into)
      : file_(file), text_(original.text(file.path)), into_(into) {}

  void make() {
    add("script-deleted", "is not there", {{Change::Kind::remove, file_.path, {}}}, "file");
    add("script-directory", "is a folder", {{Change::Kind::directory, file_.path, {}}}, "file");
    add("script-dangling", "is a link to nothing",
        {{Change::Kind::link, file_.path,
          "not-there-" + file_.path.substr(file_.path.rfind('/') + 1)}},
        "file");
    add("script-outside", "is a link to what is not shipped",
        {{Change::Kind::link, file_.path, "/bin/true"}}, "file");
    add("exec-bit", "has no exec bit on disk", {{Change::Kind::exec_bit, file_.path, {}}},
        "executable");
    if (!file_.git_mode.empty()) {
      add("git-mode", "has an exec bit that git does not ship",
          {{Change::Kind::git_mode, file_.path, {}}}, "git-mode");
      add("exec-bit-everywhere", "has no exec bit, on disk or in git",
          {{Change::Kind::git_mode, file_.path, {}}, {Change::Kind::exec_bit, file_.path, {}}},
          "git-mode");
      add("script-untracked", "is not in git", {{Change::Kind::untrack, file_.path, {}}},
          "tracked");
    }
    if (text_.starts_with("#!")) make_texts();
  }

 private:
  void make_texts() {
    const auto end = std::min(text_.find('\n'), text_.size());
    const std::string first = text_.substr(0, end);
    const std::string rest = text_.substr(end);
    std::string windows;
    for (const char c : text_) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
    write("script-crlf", "has the line ends of Windows", windows, "shebang");
    write("script-bom", "begins with a byte order mark", "\xef\xbb\xbf" + text_, "shebang");
    write("shebang-missing", "has no #! line", text_.substr(std::min(end + 1, text_.size())),
          "shebang");
    write("shebang-relative", "names an interpreter without a path", "#!bash" + rest,
          "interpreter");
    write("interpreter-missing", "names an interpreter that is not there",
          "#!/usr/bin/muster-no-such-interpreter" + rest, "interpreter");
    write("env-missing", "has env look for a program that is not there",
          "#!/usr/bin/env muster-no-such-program" + rest, "env");
    if (const std::string broken = broken_syntax(first); !broken.empty())
      write("script-syntax", "does not parse", append_line(text_, broken), "syntax");
  }

  /// A line that the interpreter of the first line refuses to parse; empty for one unknown.
  static std::string broken_syntax(const std::string& first) {
    if (first.find("python") != std::string::npos) return "def broken(:";
    const bool shell = first.ends_with("sh") || first.find("sh ") != std::string::npos;
    return shell ? "if true; then" : "";
  }

  void write(const char* kind, const char* what, std::string text, const char* check) {
    if (text == text_) return;
    add(kind, what, {{Change::Kind::write, file_.path, std::move(text)}}, check);
  }

  void add(const char* kind, const char* what, std::vector<Change> changes, const char* check) {
    into_.push_back(
        {kind, file_.path, file_.path + " " + what, std::move(changes), {check}, {file_.path}, {}});
  }

  const ProjectFile& file_;
  std::string text_;
  std::vector<Mutant>& into_;
};

}  // namespace

std::vector<Mutant> script_mutants(const Original& original) {
  std::vector<Mutant> made;
  for (const ProjectFile& file : original.files.files) {
    if (file.executable && !file.symlink) ScriptMutants(original, file, made).make();
  }
  return made;
}

}  // namespace muster::profile
