#include <gtest/gtest.h>

#include "preflight/import_project_for_tests.hpp"
#include "testing/golden.hpp"

namespace muster::preflight {
namespace {

/// `text` without what differs between machines.
std::string plain(std::string text, const ImportReport& report) {
  const auto replace = [&text](const std::string& from, const std::string& to) {
    for (std::size_t at = from.empty() ? std::string::npos : text.find(from);
         at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  };
  replace(report.context.project, "PROJECT");
  replace(report.context.interpreter, "PYTHON");
  replace("Python " + report.context.version, "Python VERSION");
  return text;
}

/// A project in which most things are wrong.
void fill(const PythonProject& project) {
  project.file("pyproject.toml",
               "[project]\nname = \"app\"\ndependencies = [\n  \"not_installed_dist>=2\",\n]\n"
               "[project.optional-dependencies]\ndev = [\"PyYAML\"]\n");
  project.file("app/__init__.py", "__version__ = '1.0'\n");
  project.file("app/gateway.py", "import os\n\nfrom app import chain\n");
  project.file("app/chain.py", "import sys\nimport ann_types\n");
  project.file("app/declared.py", "import not_installed_dist\n");
  project.file("app/names.py", "from app.engine import Powr\n");
  project.file("app/engine.py", "Power = 1\n");
  project.file("app/left.py", "from app import right\nX = 1\n");
  project.file("app/right.py", "from app.left import X\n");
  project.file("app/raises.py", "print('starting')\nraise RuntimeError('no tier given')\n");
  project.file("app/ends.py", "import sys\nsys.exit('usage: app')\n");
  project.file("app/leaves.py", "import os\nos._exit(3)\n");
  project.file("app/dies.py", "import os\nos.abort()\n");
  project.file("app/stubs.py", "from app import hearth_pb2\n");
  project.file("app/folder/part.py", "");
  project.file("app/hangs.py", "import signal\nsignal.pause()\n");
  project.file("app/developer.py", "import yaml\n");
  project.file("app/soft.py",
               "try:\n    import ujson_not_there\nexcept ImportError:\n    pass\ntry:\n    import "
               "yaml\nexcept ImportError:\n    pass\n");
}

ImportReport check_all() {
  const PythonProject project;
  fill(project);
  ImportOptions options = project.options();
  options.timeout = std::chrono::milliseconds(1'000);
  return check_imports(project.path(),
                       {"app", "app.gateway", "app.declared", "app.names", "app.left", "app.raises",
                        "app.ends", "app.leaves", "app.dies", "app.stubs", "app.folder.part",
                        "app.hangs", "app.developer", "app.soft", "app.gone", "no name"},
                       options);
}

TEST(ImportReports, AreReadByPeople) {
  const ImportReport report = check_all();
  testing::expect_golden("preflight/imports.txt", plain(render(report), report));
}

TEST(ImportReports, BecomeCheckResultsWithPlaceAndHint) {
  const ImportReport report = check_all();
  const std::vector<CheckResult> results = check_results(report);
  std::string text;
  for (const CheckResult& result : results) {
    text += render(result);
    if (result.status == Status::passed) continue;
    EXPECT_FALSE(result.check.empty()) << render(result);
    EXPECT_FALSE(result.expected.empty()) << render(result);
    EXPECT_FALSE(result.found.empty()) << render(result);
    EXPECT_FALSE(result.hint.empty()) << render(result);
  }
  EXPECT_FALSE(all_passed(results));
  testing::expect_golden("preflight/imports_results.txt", plain(text, report));
}

TEST(ImportReports, AreJson) {
  const ImportReport report = check_all();
  const Json json = to_json(report);
  EXPECT_FALSE(json.at("ok").get<bool>());
  EXPECT_TRUE(json.at("closure").at("enforced").get<bool>());
  ASSERT_EQ(json.at("results").size(), 16u);
  const Json& gateway = json.at("results").at(1);
  EXPECT_EQ(gateway.at("kind"), "dependency-missing");
  EXPECT_EQ(gateway.at("chain").at(1).at("imports"), "ann_types");
  EXPECT_EQ(gateway.at("file"), "app/chain.py");
  EXPECT_EQ(gateway.at("line"), 2);
  EXPECT_EQ(json.at("results").at(4).at("loop"), (Json{"app.left", "app.right", "app.left"}));
  EXPECT_EQ(json.at("soft_missing").at(1).at("blocked"), "pyyaml");
  EXPECT_EQ(json.at("declarations").at(0).at("line"), 4);
}

}  // namespace
}  // namespace muster::preflight
