#include "preflight/import_generator.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "preflight/import_source.hpp"

namespace muster::preflight {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes = 256U << 10;

bool calls_generator(std::string_view line) {
  const auto has = [line](std::string_view word) {
    return line.find(word) != std::string_view::npos;
  };
  if (trim(line).starts_with("#")) return false;
  return (has("protoc") && has("python_out")) || has("grpc_tools.protoc") || has("buf generate") ||
         has("python-betterproto");
}

/// Files beside each other in a folder that may call it, by name.
std::vector<fs::path> candidates(const fs::path& project) {
  std::vector<fs::path> files;
  for (const char* name :
       {"justfile", "Justfile", "Makefile", "makefile", "GNUmakefile", "Taskfile.yml", "tox.ini",
        "noxfile.py", "tasks.py", "pyproject.toml", "setup.py", "package.json", "buf.gen.yaml"})
    files.push_back(project / name);
  for (const char* folder :
       {"", "scripts", "bin", "tools", "ci", "hack", "dev", "proto", "protos"}) {
    std::vector<fs::path> found;
    std::error_code failed;
    for (fs::directory_iterator at(project / folder, failed), end; !failed && at != end;
         at.increment(failed)) {
      const std::string extension = at->path().extension().string();
      if (extension == ".sh" || extension == ".py" || extension == ".mk" || extension.empty())
        found.push_back(at->path());
    }
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

/// The rule of a Makefile or justfile that the line stands in.
std::string rule_above(const std::vector<std::string>& lines, std::size_t at) {
  for (std::size_t i = at + 1; i-- > 0;) {
    const std::string& line = lines[i];
    if (line.empty() || line[0] == ' ' || line[0] == '\t' || line[0] == '#') continue;
    const std::size_t end = line.find_first_of(" :");
    return line.find(':') == std::string::npos ? "" : line.substr(0, end);
  }
  return "";
}

}  // namespace

std::string find_generator(const std::string& project) {
  for (const fs::path& file : candidates(project)) {
    std::error_code failed;
    if (!fs::is_regular_file(file, failed)) continue;
    const std::string shown = file.lexically_relative(project).string();
    if (shown == "buf.gen.yaml") return "buf generate";
    const std::optional<std::string> text = read_source(file.string(), most_bytes);
    if (!text) continue;
    const std::vector<std::string> lines = split(*text, '\n');
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!calls_generator(lines[i])) continue;
      const std::string place = shown + ":" + std::to_string(i + 1);
      const std::string name = to_lower(file.filename().string());
      const bool just = name == "justfile";
      if (just || name.ends_with("makefile")) {
        const std::string rule = rule_above(lines, i);
        if (!rule.empty()) return (just ? "just " : "make ") + rule + " (" + place + ")";
      }
      return place;
    }
  }
  return "";
}

}  // namespace muster::preflight
