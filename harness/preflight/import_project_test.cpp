#include "preflight/import_project.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "preflight/check_program.hpp"
#include "preflight/import_closure.hpp"
#include "preflight/import_distributions.hpp"
#include "preflight/import_project_for_tests.hpp"
#include "preflight/import_requirement.hpp"

namespace muster::preflight {
namespace {

using Strings = std::vector<std::string>;

Strings texts(const std::vector<DeclaredRequirement>& list) {
  Strings out;
  for (const DeclaredRequirement& one : list) out.push_back(one.text);
  return out;
}

TEST(PyProjects, DeclarationsHaveTheirPlaces) {
  const PythonProject project;
  project.file("pyproject.toml", R"([project]
name = "Hearth.Console"
dependencies = [
  "uvicorn[standard] >= 0.20",
  "PyYAML",
]

[project.optional-dependencies]
Test_Tools = ["pytest"]

[project.scripts]
console = "console.app:main"
wrong = "console.app"

[project.entry-points."hearth.plugins"]
tier = "console.tiers"
)");
  const Result<PyProject> read = read_pyproject(project.path());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->name, "Hearth.Console");
  EXPECT_TRUE(read->dependencies_known);
  EXPECT_EQ(texts(read->dependencies), (Strings{"uvicorn[standard] >= 0.20", "PyYAML"}));
  EXPECT_EQ(read->dependencies[1].place, (Place{"pyproject.toml", 5, 0}));
  EXPECT_EQ(texts(read->optional.at("test-tools")), Strings{"pytest"});
  ASSERT_EQ(read->entry_points.size(), 3u);
  EXPECT_EQ(read->entry_points[0].module, "console.app");
  EXPECT_EQ(read->entry_points[0].object, "main");
  EXPECT_EQ(read->entry_points[0].place.line, 12);
  EXPECT_FALSE(read->entry_points[1].problem.empty());
  EXPECT_EQ(read->entry_points[2].group, "hearth.plugins");
  EXPECT_TRUE(read->entry_points[2].problem.empty());
}

TEST(PyProjects, OtherToolsSayTheSameInTheirTables) {
  const PythonProject poetry;
  poetry.file("pyproject.toml", R"([tool.poetry]
name = "kiln"
packages = [{include = "kiln", from = "lib"}]
[tool.poetry.dependencies]
python = "^3.9"
requests = "^2"
fast = {version = "1", optional = true}
grpcio = {version = "*", extras = ["health"], markers = "os_name == 'posix'"}
[tool.poetry.scripts]
kiln = "kiln.cli:run"
)");
  const Result<PyProject> read = read_pyproject(poetry.path());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(texts(read->dependencies), (Strings{"grpcio[health]; os_name == 'posix'", "requests"}));
  EXPECT_EQ(read->package_roots, Strings{"lib"});
  EXPECT_EQ(read->entry_points.size(), 1u);

  const PythonProject dynamic;
  dynamic.file("pyproject.toml", R"([project]
name = "x"
dynamic = ["dependencies"]
[tool.setuptools.dynamic]
dependencies = {file = ["requirements.txt"]}
)");
  dynamic.file("requirements.txt",
               "# pinned\nrequests==2.0  # why\n-r more/base.txt\n--no-index\n");
  dynamic.file("more/base.txt", "six\n");
  const Result<PyProject> second = read_pyproject(dynamic.path());
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(texts(second->dependencies), (Strings{"requests==2.0", "six"}));
  EXPECT_EQ(second->dependencies[1].place, (Place{"more/base.txt", 1, 0}));

  const PythonProject unknown;
  unknown.file("pyproject.toml", "[project]\nname = 'x'\ndynamic = ['dependencies']\n");
  EXPECT_FALSE(read_pyproject(unknown.path())->dependencies_known);
}

TEST(PyProjects, OneThatIsBrokenHasAPlace) {
  const PythonProject project;
  project.file("pyproject.toml", "[project]\nname = \"x\ndependencies = []\n");
  const Result<PyProject> read = read_pyproject(project.path());
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().place.line, 2);
  const ImportReport report = project.check({"os"});
  EXPECT_EQ(report.failures.at(0).check, "pyproject");
  EXPECT_EQ(report.failures.at(0).place.line, 2);
}

TEST(PyProjects, SearchPathsFollowTheLayout) {
  const PythonProject flat;
  flat.file("app/__init__.py", "");
  EXPECT_EQ(default_search_paths("/p", PyProject{}), Strings{"/p"});
  const PythonProject source;
  source.file("src/app/__init__.py", "");
  source.file("tests/test_app.py", "");
  EXPECT_EQ(default_search_paths(source.path(), PyProject{}).front(),
            (source.tree().path() / "src").string());
  EXPECT_EQ(project_modules(source.path()), Strings{"app"});
  EXPECT_EQ(source.import("app").status, Status::passed);
  PyProject declared;
  declared.package_roots = {"lib", "."};
  EXPECT_EQ(default_search_paths("/p", declared), (Strings{"/p/lib", "/p"}));
}

TEST(PyProjects, ModulesAreWhatTheProjectShips) {
  const PythonProject project;
  for (const char* file :
       {"app/__init__.py", "app/__main__.py", "app/core/__init__.py", "app/core/engine.py",
        "app/core/tests/test_engine.py", "app/plain/part.py", "app/data/table.json",
        "app/not-a-module.py", "one.py", "setup.py", "conftest.py", "tests/test_one.py",
        ".hidden/x.py", "env/pyvenv.cfg", "env/lib/y.py", "docs/conf.py"})
    project.file(file, "");
  EXPECT_EQ(project_modules(project.path()),
            (Strings{"app", "app.core", "app.core.engine", "app.plain.part", "one"}));
  project.file("pyproject.toml", "[tool.setuptools]\npackages = [\"app\"]\n");
  EXPECT_EQ(project_modules(project.path()),
            (Strings{"app", "app.core", "app.core.engine", "app.plain.part"}));
}

TEST(Requirements, AreReadAsPep508HasThem) {
  const Result<Requirement> full =
      parse_requirement(" Foo.Bar_Baz [a, B_c] >= 1.0 , < 2 ; python_version > '3' ");
  ASSERT_TRUE(full.ok());
  EXPECT_EQ(full->name, "foo-bar-baz");
  EXPECT_EQ(full->extras, (Strings{"a", "b-c"}));
  EXPECT_EQ(full->versions, ">= 1.0 , < 2");
  EXPECT_EQ(full->marker, "python_version > '3'");
  EXPECT_EQ(parse_requirement("x (>=1)")->versions, ">=1");
  const Result<Requirement> url = parse_requirement("x @ https://h/x;y.zip ; os_name == 'nt'");
  EXPECT_EQ(url->marker, "os_name == 'nt'");
  for (const char* bad : {"", "-x", "[a]", "x[a", "x 1.0", "x y"})
    EXPECT_FALSE(parse_requirement(bad).ok()) << bad;
}

TEST(Requirements, MarkersAreEvaluated) {
  const Markers markers{
      {"python_version", "3.11"}, {"sys_platform", "linux"}, {"os_name", "posix"}};
  const auto holds = [&](const std::string& marker, const Strings& extras = {}) {
    const Result<bool> value = marker_holds(marker, markers, extras);
    EXPECT_TRUE(value.ok()) << marker;
    return value.ok() && *value;
  };
  EXPECT_TRUE(holds(""));
  EXPECT_TRUE(holds("python_version >= '3.9'"));
  EXPECT_FALSE(holds("python_version < '3.2'"));
  EXPECT_TRUE(holds("python_version ~= '3.0' and sys_platform == \"linux\""));
  EXPECT_TRUE(holds("(os_name == 'nt' or 'lin' in sys_platform) and python_version != '3.10.*'"));
  EXPECT_FALSE(holds("sys_platform not in 'linux darwin'"));
  EXPECT_FALSE(holds("extra == 'dev'"));
  EXPECT_TRUE(holds("extra == 'Dev_Tools'", {"dev-tools"}));
  for (const char* bad : {"python_version", "python_version >", "unknown == '1'", "('a' == 'a'",
                          "'a' == 'a' or", "'a == 'a'", "os_name not 'x'", "'a' == 'a' 'b'"})
    EXPECT_FALSE(marker_holds(bad, markers, {}).ok()) << bad;
}

TEST(Requirements, VersionsAreOrderedAsPep440HasThem) {
  const char* ascending[] = {"1.0.dev1", "1.0a1.dev2", "1.0a1", "1.0a2", "1.0b1", "1.0rc1",
                             "1.0",      "1.0.post1",  "1.1",   "1.10",  "2!0.1"};
  for (std::size_t i = 0; i + 1 < std::size(ascending); ++i)
    EXPECT_EQ(compare_versions(ascending[i], ascending[i + 1]), -1) << ascending[i];
  EXPECT_EQ(compare_versions("1.0", "1.0.0"), 0);
  EXPECT_EQ(compare_versions("v1.0", "1.0+local"), 0);
  EXPECT_EQ(compare_versions("1.0-alpha.1", "1.0a1"), 0);
  EXPECT_EQ(compare_versions("one", "1"), std::nullopt);
  EXPECT_EQ(version_among("2.5", ">=2,<3,!=2.4.*"), true);
  EXPECT_EQ(version_among("2.4.1", ">=2,!=2.4.*"), false);
  EXPECT_EQ(version_among("1.4.9", "~=1.4.2"), true);
  EXPECT_EQ(version_among("1.5", "~=1.4.2"), false);
  EXPECT_EQ(version_among("x", ">=1"), std::nullopt);
}

/// A virtual environment as `python -m venv --without-pip` leaves it, with what a test installs.
class Environment : public ::testing::Test {
 protected:
  void SetUp() override {
    ProgramCall call{"venv",
                     {"/usr/bin/python3", "-m", "venv", "--without-pip", "--symlinks",
                      project.tree().str(".venv")},
                     plain_environment(),
                     ""};
    const auto made = run_program(call, Deadline(std::chrono::seconds(60)));
    ASSERT_TRUE(made.ok() && made->exit.success()) << (made.ok() ? made->err : "");
    for (const auto& entry :
         std::filesystem::directory_iterator(project.tree().path() / ".venv" / "lib"))
      site = ".venv/lib/" + entry.path().filename().string() + "/site-packages/";
  }

  void install(const std::string& name, const std::string& module, const std::string& content,
               const std::string& headers = "") const {
    const std::string info = site + name + "-1.0.dist-info/";
    project.file(info + "METADATA",
                 "Metadata-Version: 2.1\nName: " + name + "\nVersion: 1.0\n" + headers + "\n");
    project.file(info + "RECORD",
                 module + "/__init__.py,,\n" + name + "-1.0.dist-info/METADATA,,\n");
    project.file(site + module + "/__init__.py", content);
  }

  void declare(const std::string& dependencies) const {
    project.file("pyproject.toml", "[project]\nname = \"app\"\ndependencies = [" + dependencies +
                                       "]\n[project.optional-dependencies]\ndev = [\"checker\"]\n");
  }

  ImportReport check(const Strings& modules, const Strings& extras = {}) const {
    ImportOptions options;
    options.extras = extras;
    return check_imports(project.path(), modules, options);
  }

  PythonProject project;
  std::string site;
};

TEST_F(Environment, OnlyWhatIsDeclaredIsThere) {
  install("base-lib", "base", "import deep\n",
          "Requires-Dist: deep-lib>=0.5\nRequires-Dist: winlib; sys_platform == "
          "'win32'\nRequires-Dist: orjson_x; extra == 'fast'\n");
  install("deep-lib", "deep", "");
  install("winlib", "winlib", "");
  install("orjson_x", "orjson_x", "");
  install("checker", "checker", "import deep\n");
  declare("\"base_lib\"");
  project.file("app/__init__.py", "import base\n");
  project.file("app/dev.py", "import checker\n");
  project.file("app/win.py", "import winlib\n");
  project.file("app/fast.py", "import orjson_x\n");
  project.file(
      "app/soft.py",
      "import importlib.util\ntry:\n    import checker\nexcept ImportError:\n    checker = None\n"
      "assert importlib.util.find_spec('checker') is None\n"
      "import importlib.metadata as m\nnames = {d.metadata['Name'] for d in m.distributions()}\n"
      "assert 'checker' not in names and 'base-lib' in names, names\n");
  const ImportReport report =
      check({"app", "app.dev", "app.win", "app.fast", "app.soft", "deep", "json"});
  EXPECT_TRUE(report.context.closure) << render(report);
  EXPECT_EQ(report.context.allowed, (Strings{"app", "base-lib", "deep-lib"}));
  EXPECT_NE(report.context.interpreter.find("/.venv/bin/python"), std::string::npos);
  EXPECT_EQ(report.results[0].status, Status::passed) << render(report);
  EXPECT_EQ(report.results[1].kind, ImportKind::dev_only) << render(report);
  EXPECT_EQ(report.results[1].chain_text(), "app.dev:1 ✗ checker");
  EXPECT_EQ(report.results[1].hint, "declare it in [project] dependencies");
  EXPECT_EQ(report.results[2].kind, ImportKind::dev_only);
  EXPECT_EQ(report.results[2].hint, "declare winlib in [project] dependencies");
  EXPECT_EQ(report.results[3].kind, ImportKind::dev_only);
  EXPECT_EQ(report.results[4].status, Status::passed) << render(report);
  EXPECT_EQ(report.results[5].status, Status::passed);
  EXPECT_EQ(report.results[6].status, Status::passed);
  ASSERT_FALSE(report.soft_missing.empty());
  EXPECT_EQ(report.soft_missing[0].blocked_by, "checker");

  EXPECT_EQ(check({"app.dev"}, {"dev"}).results[0].status, Status::passed);
  EXPECT_FALSE(check({"app"}, {"unheard-of"}).ok());
  declare("\"base_lib[fast]\"");
  EXPECT_EQ(check({"app.fast"}).results[0].status, Status::passed);

  ImportOptions open;
  open.production_closure = false;
  EXPECT_TRUE(check_imports(project.path(), {"app.dev"}, open).ok());
}

TEST_F(Environment, DeclaredIsNotInstalled) {
  install("old", "old", "");
  declare("\"gone_dist>=2\", \"old>=3\", \"never; sys_platform == 'win32'\", \"=broken=\"");
  project.file("app/__init__.py", "import gone_dist\n");
  const ImportReport report = check({"app"});
  EXPECT_EQ(report.results[0].kind, ImportKind::dependency_missing);
  EXPECT_NE(report.results[0].hint.find("declared at pyproject.toml:3 but not installed"),
            std::string::npos)
      << report.results[0].hint;
  ASSERT_EQ(report.context.declarations.size(), 3u) << render(report);
  EXPECT_EQ(report.context.declarations[0].check, "installed");
  EXPECT_EQ(report.context.declarations[1].check, "version");
  EXPECT_EQ(report.context.declarations[2].check, "requirement");
  EXPECT_EQ(report.context.declarations[2].status, Status::failed);
}

TEST_F(Environment, NamespacesAreSharedByPart) {
  for (const char* part : {"one", "two"}) {
    const std::string name = std::string("space-") + part;
    const std::string info = site + "space_" + part + "-1.0.dist-info/";
    project.file(info + "METADATA", "Name: " + name + "\nVersion: 1.0\n\n");
    project.file(info + "RECORD", std::string("space/") + part + "/__init__.py,,\n");
    project.file(site + "space/" + part + "/__init__.py", "");
  }
  declare("\"space-one\"");
  const ImportReport report = check({"space.one", "space.two"});
  EXPECT_EQ(report.results[0].status, Status::passed) << render(report);
  EXPECT_EQ(report.results[1].kind, ImportKind::dev_only) << render(report);
  EXPECT_NE(report.results[1].found.find("space-two"), std::string::npos);
}

TEST_F(Environment, PathFilesAndEditableInstallsAreHonoured) {
  const muster::testing::TempTree elsewhere;
  elsewhere.write("lib/linked/__init__.py", "");
  elsewhere.write("lib/other.py", "");
  const std::string info = site + "linked-1.0.dist-info/";
  project.file(info + "METADATA", "Name: linked\nVersion: 1.0\n\n");
  project.file(info + "RECORD", "__editable__.linked-1.0.pth,,\n");
  project.file(site + "__editable__.linked-1.0.pth", elsewhere.str("lib") + "\n");
  project.file(site + "hook.pth", "import sys; sys.from_path_file = 1\n");
  project.file("app/__init__.py", "import sys, linked\nassert sys.from_path_file\n");
  declare("\"linked\"");
  EXPECT_TRUE(check({"app"}).ok()) << render(check({"app"}));
  declare("");
  EXPECT_EQ(check({"app"}).results[0].kind, ImportKind::dev_only);
}

TEST_F(Environment, AModuleOfNobodyIsBlocked) {
  project.file(site + "stray.py", "");
  declare("");
  const ImportReport report = check({"stray"});
  EXPECT_EQ(report.results[0].kind, ImportKind::dev_only) << render(report);
  EXPECT_NE(report.results[0].found.find("belongs to no distribution"), std::string::npos);
}

TEST(Distributions, OldMetadataAreReadToo) {
  const muster::testing::TempTree tree;
  tree.write("old_thing-1.2-py3.11.egg-info/PKG-INFO",
             "Name: old-thing\nVersion: 1.2\n\nRequires-Dist: body\n");
  tree.write("old_thing-1.2-py3.11.egg-info/requires.txt",
             "six\n\n[fast]\nspeed\n\n[:os_name == 'posix']\nunix\n");
  tree.write("old_thing-1.2-py3.11.egg-info/top_level.txt", "oldthing\n");
  tree.write("oldthing.py", "");
  tree.write("flat-3.egg-info", "Name: flat\nVersion: 3\n\n");
  auto found = find_distributions({tree.str(), "/nowhere"});
  ASSERT_EQ(found.size(), 2u);
  Distribution& old = found.at("old-thing");
  read_metadata(old);
  EXPECT_EQ(old.version, "1.2");
  EXPECT_EQ(old.requires_,
            (Strings{"six", "speed ; extra == 'fast'", "unix ; (os_name == 'posix')"}));
  EXPECT_EQ(holdings_of(old, false).modules, Strings{"oldthing"});
  EXPECT_FALSE(holdings_of(found.at("flat"), false).known);
}

TEST(EntryPoints, EachIsJudged) {
  const PythonProject project;
  project.file("pyproject.toml", R"([project]
name = "app"
[project.scripts]
good = "app.cli:main"
typo = "app.cli:mian"
value = "app.cli:VERSION"
method = "app.cli:Tool.run"
gone = "app.gone:main"
shapeless = "app.cli"
[project.gui-scripts]
breaks = "app.breaks:main"
[project.entry-points.plugins]
whole = "app.cli"
constant = "app.cli:VERSION"
)");
  project.file("app/__init__.py", "");
  project.file(
      "app/cli.py",
      "VERSION = 1\ndef main(): pass\nclass Tool:\n    @staticmethod\n    def run(): pass\n");
  project.file("app/breaks.py", "import does_not_exist_anywhere\ndef main(): pass\n");
  const ImportReport report = check_entry_points(project.path(), project.options());
  std::map<std::string, const ImportResult*> by;
  for (const ImportResult& result : report.results) by[result.module] = &result;
  ASSERT_EQ(report.results.size(), 9u) << render(report);
  EXPECT_EQ(by.at("app.cli:main")->status, Status::passed) << render(report);
  EXPECT_EQ(by.at("app.cli:Tool.run")->status, Status::passed) << render(report);
  const ImportResult& typo = *by.at("app.cli:mian");
  EXPECT_EQ(typo.kind, ImportKind::attribute_missing);
  EXPECT_EQ(typo.hint, "did you mean main?");
  EXPECT_EQ(typo.place, (Place{"pyproject.toml", 5, 0}));
  const ImportResult& gone = *by.at("app.gone:main");
  EXPECT_EQ(gone.kind, ImportKind::target_missing);
  EXPECT_EQ(gone.place, (Place{"pyproject.toml", 8, 0}));
  EXPECT_EQ(by.at("shapeless")->place.line, 9);
  EXPECT_EQ(by.at("shapeless")->status, Status::failed);
  const ImportResult& breaks = *by.at("app.breaks:main");
  EXPECT_EQ(breaks.kind, ImportKind::dependency_missing);
  EXPECT_EQ(breaks.place.uri, "app/breaks.py");
  EXPECT_EQ(by.at("app.cli")->status, Status::passed);
  // The value is no script's target, but a plugin may be anything.
  EXPECT_EQ(std::count_if(report.results.begin(), report.results.end(),
                          [](const ImportResult& r) { return r.kind == ImportKind::not_callable; }),
            1);
}

TEST(EntryPoints, NoneIsAFailure) {
  const PythonProject project;
  EXPECT_FALSE(check_entry_points(project.path(), project.options()).ok());
  project.file("pyproject.toml", "[project]\nname = \"x\"\n");
  EXPECT_FALSE(all_passed(check_results(check_entry_points(project.path(), project.options()))));
}

}  // namespace
}  // namespace muster::preflight
