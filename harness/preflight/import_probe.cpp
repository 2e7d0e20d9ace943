// Checks a project from a shell: `import_probe PROJECT [--python P] [--json] (MODULE… | --all |
// --entry-points | --stubs)`. For measurements and for looking at what a check says; exits 0 when
// all is well, else 1.
#include <cstdio>
#include <string>
#include <vector>

#include "preflight/import_check.hpp"

int main(int argc, char** argv) {
  using namespace muster;
  using namespace muster::preflight;
  if (argc < 3) {
    std::fputs(
        "usage: import_probe PROJECT [--python P] [--json] [--no-closure] [--jobs N] "
        "(MODULE... | --all | --entry-points | --stubs)\n",
        stderr);
    return 2;
  }
  const std::string project = argv[1];
  ImportOptions options;
  std::vector<std::string> modules;
  std::string mode;
  bool json = false;
  for (int i = 2; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--python" && i + 1 < argc)
      options.python = argv[++i];
    else if (word == "--jobs" && i + 1 < argc)
      options.jobs = static_cast<unsigned>(std::stoul(argv[++i]));
    else if (word == "--json")
      json = true;
    else if (word == "--no-closure")
      options.production_closure = false;
    else if (word.starts_with("--"))
      mode = word;
    else
      modules.push_back(word);
  }
  if (mode == "--all") modules = project_modules(project);
  const ImportReport report = mode == "--stubs"          ? check_stubs(project, options)
                              : mode == "--entry-points" ? check_entry_points(project, options)
                                                         : check_imports(project, modules, options);
  std::fputs(json ? (dump_json(to_json(report)) + "\n").c_str() : render(report).c_str(), stdout);
  if (!json) std::printf("%.1f ms\n", static_cast<double>(report.duration.count()) / 1e6);
  return report.ok() ? 0 : 1;
}
