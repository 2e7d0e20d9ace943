#include "preflight/import_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "base/text.hpp"
#include "preflight/import_project_for_tests.hpp"

namespace muster::preflight {
namespace {

TEST(Imports, OneThatWorksPasses) {
  const PythonProject project;
  project.file("app/__init__.py", "__version__ = '1.2'\n");
  project.file("app/core.py", "import json\nfrom app import __version__\n");
  const ImportReport report = project.check({"app", "app.core"});
  ASSERT_EQ(report.results.size(), 2u) << render(report);
  EXPECT_TRUE(report.ok()) << render(report);
  EXPECT_EQ(report.results[0].module, "app");
  EXPECT_GT(report.results[0].duration.count(), 0);
  ASSERT_EQ(report.results[0].attributes.size(), 1u);
  EXPECT_EQ(report.results[0].attributes[0].name, "__version__");
  EXPECT_EQ(report.results[0].attributes[0].value, "'1.2'");
}

TEST(Imports, NoModuleIsAFailure) {
  const PythonProject project;
  const ImportReport report = project.check({});
  EXPECT_FALSE(report.ok());
  EXPECT_FALSE(all_passed(check_results(report)));
}

TEST(Imports, AProjectOrInterpreterThatIsNotThereIsAFailure) {
  const ImportReport report = check_imports("/nowhere/at/all", {"os"});
  EXPECT_FALSE(report.ok());
  EXPECT_EQ(report.failures.at(0).check, "no_project");
  const PythonProject project;
  ImportOptions options = project.options();
  options.python = "python-that-is-not-there";
  EXPECT_EQ(check_imports(project.path(), {"os"}, options).failures.at(0).check, "python_missing");
  options.python = "/bin/true";
  EXPECT_EQ(check_imports(project.path(), {"os"}, options).failures.at(0).check, "python_failed");
}

TEST(Imports, TheWholeChainIsNamed) {
  const PythonProject project;
  project.file("app/__init__.py", "");
  project.file("app/gateway.py", "import os\n\nimport fa\n");
  project.file("fa/__init__.py", "from pyd import core\n");
  project.file("pyd/__init__.py", "");
  project.file("pyd/core.py", "import sys\nimport ann_types\n");
  const ImportResult result = project.import("app.gateway");
  EXPECT_EQ(result.status, Status::failed);
  EXPECT_EQ(result.kind, ImportKind::dependency_missing) << render(result);
  EXPECT_EQ(result.chain_text(), "app.gateway:3 → fa/__init__:1 → pyd.core:2 ✗ ann_types");
  EXPECT_EQ(result.place, (Place{"pyd/core.py", 2, 0}));
  EXPECT_EQ(result.chain.at(0).imports, "fa");
  EXPECT_EQ(result.chain.at(2).text, "import ann_types");
  EXPECT_EQ(result.missing, "ann_types");
}

TEST(Imports, ATargetThatIsNotThereIsNoMissingDependency) {
  const PythonProject project;
  project.file("app/__init__.py", "");
  for (const char* module : {"app.gone", "gone", "app.gone.deeper"}) {
    const ImportResult result = project.import(module);
    EXPECT_EQ(result.kind, ImportKind::target_missing) << render(result);
  }
  project.file("flat.py", "");
  EXPECT_EQ(project.import("flat.inner").kind, ImportKind::target_missing);
}

}  // namespace
}  // namespace muster::preflight
