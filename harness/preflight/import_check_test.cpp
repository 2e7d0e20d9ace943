#include "preflight/import_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

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
    // Where it was looked for.
    EXPECT_EQ(result.place.uri, std::string(module).starts_with("app") ? "app" : ".");
  }
  project.file("flat.py", "");
  EXPECT_EQ(project.import("flat.inner").kind, ImportKind::target_missing);
}

TEST(Imports, ADependencyOfTheProjectItselfIsTold) {
  const PythonProject project;
  project.file("app/__init__.py", "import app.moved\n");
  const ImportResult result = project.import("app");
  EXPECT_EQ(result.kind, ImportKind::dependency_missing) << render(result);
  EXPECT_NE(result.hint.find("the project's app"), std::string::npos) << result.hint;
}

TEST(Imports, ANameThatIsNotInItsModule) {
  const PythonProject project;
  project.file("app.py", "import lib\nfrom lib import conect\n");
  project.file("lib.py", "def connect(): pass\n");
  const ImportResult result = project.import("app");
  EXPECT_EQ(result.kind, ImportKind::name_missing) << render(result);
  EXPECT_EQ(result.missing, "conect");
  EXPECT_EQ(result.chain_text(), "app:2 ✗ conect");
  EXPECT_EQ(result.hint, "did you mean connect?");
  EXPECT_EQ(result.place, (Place{"app.py", 2, 0}));
}

TEST(Imports, ACircleIsNamed) {
  const PythonProject project;
  project.file("a.py", "from b import B\nclass A: pass\n");
  project.file("b.py", "import c\nclass B: pass\n");
  project.file("c.py", "from a import A\n");
  const ImportResult result = project.import("a");
  EXPECT_EQ(result.kind, ImportKind::circular) << render(result);
  EXPECT_EQ(result.loop, (std::vector<std::string>{"a", "b", "c", "a"}));
  EXPECT_EQ(result.chain_text(), "a:1 → b:1 → c:1 ✗ a.A");

  // Entered from outside, the entrance is no part of the circle.
  project.file("entrance.py", "import a\n");
  EXPECT_EQ(project.import("entrance").loop, (std::vector<std::string>{"a", "b", "c", "a"}));

  // As an attribute instead of a name.
  project.file("d.py", "import e\nX = 1\n");
  project.file("e.py", "import d\nprint(d.X)\n");
  const ImportResult attribute = project.import("d");
  EXPECT_EQ(attribute.kind, ImportKind::circular) << render(attribute);
  EXPECT_EQ(attribute.loop, (std::vector<std::string>{"d", "e", "d"}));
  EXPECT_EQ(attribute.missing, "d.X");

  // Through the file of a package.
  project.file("pkg/__init__.py", "from pkg.one import One\n");
  project.file("pkg/one.py", "from pkg import Two\n");
  const ImportResult package = project.import("pkg.one");
  EXPECT_EQ(package.kind, ImportKind::circular) << render(package);
  EXPECT_EQ(package.loop, (std::vector<std::string>{"pkg", "pkg.one", "pkg"}));
}

TEST(Imports, WhatIsRaisedAtImport) {
  const PythonProject project;
  project.file("value.py",
               "import os\n\ndef load():\n    raise ValueError('no such tier')\n\nload()\n");
  const ImportResult value = project.import("value");
  EXPECT_EQ(value.kind, ImportKind::exception) << render(value);
  EXPECT_EQ(value.chain_text(), "value:6 → value:4 (load) ✗ ValueError");
  EXPECT_EQ(value.message, "ValueError: no such tier");

  project.file("broken.py", "import value2\n");
  project.file("value2.py", "x = 1\ndef f(:\n    pass\n");
  const ImportResult syntax = project.import("broken");
  EXPECT_EQ(syntax.kind, ImportKind::exception) << render(syntax);
  EXPECT_EQ(syntax.place, (Place{"value2.py", 2, 0}));
  EXPECT_EQ(syntax.chain_text(), "broken:1 → value2:2 ✗ SyntaxError");

  project.file("variable.py", "import os\nKEY = os.environ['A_KEY_THAT_NOBODY_SETS']\n");
  const ImportResult variable = project.import("variable");
  EXPECT_NE(variable.hint.find("environment variable"), std::string::npos) << render(variable);

  project.file("deep.py", "def f(): f()\nf()\n");
  EXPECT_EQ(project.import("deep").kind, ImportKind::exception);

  project.file("library.py",
               "raise ImportError('libodd.so.3: cannot open shared object file: No such file or "
               "directory')\n");
  const ImportResult library = project.import("library");
  EXPECT_EQ(library.kind, ImportKind::dependency_missing) << render(library);
  EXPECT_EQ(library.missing, "libodd.so.3");
}

TEST(Imports, AnErrorRaisedForAnotherIsTheOthers) {
  const PythonProject project;
  project.file("app.py", R"py(
try:
    import pandas_that_is_not_there
except ImportError as error:
    raise RuntimeError("install app[frames]") from error
)py");
  const ImportResult result = project.import("app");
  EXPECT_EQ(result.kind, ImportKind::dependency_missing) << render(result);
  EXPECT_EQ(result.missing, "pandas_that_is_not_there");
  EXPECT_EQ(result.chain_text(), "app:3 ✗ pandas_that_is_not_there");
  EXPECT_NE(result.message.find("install app[frames]"), std::string::npos);

  // Neither of two alternatives is there.
  project.file("either.py", "try:\n    import first_x\nexcept ImportError:\n    import second_x\n");
  EXPECT_EQ(project.import("either").kind, ImportKind::dependency_missing);
}

TEST(Imports, ChainsThroughFunctionsAndMachinery) {
  const PythonProject project;
  project.file("app.py", "import importlib\nimportlib.import_module('lazy').thing\n");
  project.file("lazy.py",
               "def __getattr__(name):\n    from inner import value\n    return value\n");
  project.file("inner.py", "def load():\n    import gone_for_good\nload()\n");
  EXPECT_EQ(project.import("app").chain_text(),
            "app:2 → lazy:2 (__getattr__) → inner:3 → inner:2 (load) ✗ gone_for_good");
}

struct Crash {
  const char* code;
  ImportKind kind;
  const char* missing;
  const char* chain;
};

class Crashes : public ::testing::TestWithParam<Crash> {};

TEST_P(Crashes, CostOneModule) {
  const PythonProject project;
  project.file("crash.py", GetParam().code);
  project.file("outer.py", "import os\nimport crash\n");
  project.file("fine.py", "import os\n");
  const ImportReport report = project.check({"fine", "outer", "os"});
  ASSERT_EQ(report.results.size(), 3u) << render(report);
  EXPECT_EQ(report.results[0].status, Status::passed) << render(report);
  EXPECT_EQ(report.results[2].status, Status::passed) << render(report);
  const ImportResult& result = report.results[1];
  EXPECT_EQ(result.status, Status::failed);
  EXPECT_EQ(result.kind, GetParam().kind) << render(report);
  EXPECT_EQ(result.missing, GetParam().missing) << render(report);
  EXPECT_EQ(result.chain_text(), std::string(GetParam().chain) + " ✗ " + result.missing);
}

INSTANTIATE_TEST_SUITE_P(
    Imports, Crashes,
    ::testing::Values(
        Crash{"import sys\nsys.exit('bye')\n", ImportKind::exited, "sys.exit(1)",
              "outer:2 → crash:2"},
        Crash{"import sys\nsys.exit()\n", ImportKind::exited, "sys.exit(0)", "outer:2 → crash:2"},
        Crash{"import os\nos._exit(0)\n", ImportKind::exited, "os._exit(0)", "outer:2 → crash:2"},
        Crash{"import os\nos._exit(7)\n", ImportKind::exited, "os._exit(7)", "outer:2 → crash:2"},
        Crash{"raise KeyboardInterrupt\n", ImportKind::exception, "KeyboardInterrupt",
              "outer:2 → crash:1"},
        Crash{"import os\nos.abort()\n", ImportKind::signalled, "SIGABRT", "outer:2 → crash:2"},
        Crash{"import faulthandler\ndef f():\n    faulthandler._sigsegv()\nf()\n",
              ImportKind::signalled, "SIGSEGV", "outer:2 → crash:4 → crash:3 (f)"}));

TEST(Imports, SignalsWithoutATraceAreNamed) {
  const PythonProject project;
  project.file("killed.py", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n");
  project.file("replaced.py", "import os\nos.execv('/bin/true', ['true'])\n");
  const ImportReport report = project.check({"killed", "replaced"});
  EXPECT_EQ(report.results[0].kind, ImportKind::signalled) << render(report);
  EXPECT_EQ(report.results[0].missing, "SIGKILL");
  EXPECT_EQ(report.results[1].kind, ImportKind::exited) << render(report);
  EXPECT_EQ(report.results[1].missing, "exit 0");
}

TEST(Imports, NothingThatAModuleDoesToDescriptorsHidesItsOutcome) {
  const PythonProject project;
  project.file("closer.py", "import os\nos.closerange(0, 4096)\nimport gone_one\n");
  project.file("opener.py",
               "import os\nos.closerange(0, 4096)\n"
               "held = [open('/dev/null', 'w') for _ in range(64)]\n");
  project.file("replacer.py",
               "import os, sys\nfor fd in range(0, 300):\n    try: os.dup2(os.open('/dev/null', "
               "os.O_RDWR), fd)\n"
               "    except OSError: pass\nsys.stdout = None\n");
  project.file("writer.py",
               "import os\nfor fd in range(3, 300):\n    try: os.write(fd, b'{\"id\":0}\\n')\n    "
               "except OSError: pass\n");
  project.file("chatty.py",
               "import sys\nprint('hello')\nprint('x' * 1500000)\nsys.stderr.write('warned\\n')\n");
  const ImportReport report = project.check({"closer", "opener", "replacer", "writer", "chatty"});
  ASSERT_EQ(report.results.size(), 5u);
  EXPECT_EQ(report.results[0].kind, ImportKind::dependency_missing) << render(report);
  EXPECT_EQ(report.results[0].missing, "gone_one");
  for (std::size_t i = 1; i < 5; ++i)
    EXPECT_EQ(report.results[i].status, Status::passed) << render(report);
  const ImportResult& chatty = report.results[4];
  EXPECT_TRUE(chatty.out.starts_with("hello\nxxx")) << chatty.out.substr(0, 40);
  EXPECT_EQ(chatty.out.size(), 65536u);
  EXPECT_EQ(chatty.err, "warned\n");
  ASSERT_EQ(chatty.warnings.size(), 1u);
  EXPECT_EQ(chatty.warnings[0], "wrote 1500007 bytes to stdout; the first 65536 are kept");
}

TEST(Imports, AModuleThatForksReportsOnce) {
  const PythonProject project;
  project.file("forker.py", "import os\npid = os.fork()\nif pid: os.waitpid(pid, 0)\n");
  project.file("daemon.py", "import subprocess\nsubprocess.Popen(['sleep', '1000'])\n");
  project.file("away.py",
               "import subprocess\nsubprocess.Popen(['sleep', '1000'], start_new_session=True)\n");
  const ImportReport report = project.check({"forker", "daemon", "away"});
  ASSERT_EQ(report.results.size(), 3u);
  EXPECT_TRUE(report.ok()) << render(report);
  EXPECT_TRUE(report.results[0].warnings.empty()) << render(report);
  ASSERT_EQ(report.results[1].warnings.size(), 1u) << render(report);
  EXPECT_NE(report.results[1].warnings[0].find("outlived"), std::string::npos);
}

TEST(Imports, OneThatHangsIsEndedAndItsPlaceNamed) {
  const PythonProject project;
  project.file("inner.py", "import signal\n\ndef wait():\n    signal.pause()\n\nwait()\n");
  project.file("hangs.py", "import inner\n");
  project.file("stubborn.py",
               "import signal\nfor s in range(1, 32):\n    try: signal.signal(s, signal.SIG_IGN)\n"
               "    except OSError: pass\nwhile True: signal.pause()\n");
  project.file("stopped.py", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\n");
  project.file("fine.py", "");
  ImportOptions options = project.options();
  options.timeout = std::chrono::milliseconds(400);
  options.jobs = 4;
  const auto begun = std::chrono::steady_clock::now();
  const ImportReport report =
      check_imports(project.path(), {"hangs", "stubborn", "stopped", "fine"}, options);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(report.results[static_cast<std::size_t>(i)].kind, ImportKind::timeout)
        << render(report);
  EXPECT_EQ(report.results[0].chain_text(), "hangs:1 → inner:6 → inner:4 (wait) ✗ timeout");
  EXPECT_EQ(report.results[0].place, (Place{"inner.py", 4, 0}));
  EXPECT_EQ(report.results[3].status, Status::passed);
}

TEST(Imports, OneThatKillsTheInterpreterCostsItselfAlone) {
  const PythonProject project;
  project.file("patricide.py", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n");
  project.file("one.py", "");
  project.file("two.py", "");
  const ImportReport report = project.check({"one", "patricide", "two"});
  ASSERT_EQ(report.results.size(), 3u);
  EXPECT_EQ(report.results[0].status, Status::passed) << render(report);
  EXPECT_EQ(report.results[1].kind, ImportKind::interpreter) << render(report);
  EXPECT_EQ(report.results[2].status, Status::passed) << render(report);
}

TEST(Imports, NothingIsSharedBetweenModules) {
  const PythonProject project;
  project.file("first.py",
               "import builtins, sys\nbuiltins.leaked = 1\nimport xml.dom\nsys.path.clear()\n");
  project.file("second.py",
               "import builtins\nassert not hasattr(builtins, 'leaked')\nimport json\n"
               "import xml\nassert not hasattr(xml, 'dom')\n");
  // What a fresh interpreter has not loaded is not there by accident.
  project.file("third.py",
               "import importlib\nassert not hasattr(importlib, 'metadata')\n"
               "import concurrent\nassert not hasattr(concurrent, 'futures')\n");
  ImportOptions options = project.options();
  options.jobs = 1;
  const ImportReport report = check_imports(project.path(), {"first", "second", "third"}, options);
  EXPECT_TRUE(report.ok()) << render(report);
  EXPECT_FALSE(std::filesystem::exists(project.tree().path() / "__pycache__"));
}

TEST(Imports, TheOrderIsTheOneAskedForHoweverTheyEnd) {
  const PythonProject project;
  std::vector<std::string> modules;
  for (int i = 0; i < 300; ++i) {
    const std::string name = "m" + std::to_string(i);
    project.file(name + ".py",
                 i % 7 == 3 ? "import gone_" + name + "\n" : "value = " + std::to_string(i) + "\n");
    modules.push_back(name);
  }
  const ImportReport report = project.check(modules);
  ASSERT_EQ(report.results.size(), 300u);
  for (std::size_t i = 0; i < 300; ++i) {
    EXPECT_EQ(report.results[i].module, modules[i]);
    EXPECT_EQ(report.results[i].status, i % 7 == 3 ? Status::failed : Status::passed);
  }
}

TEST(Imports, FoldersWithoutInitAreNoPackages) {
  const PythonProject project;
  project.file("app/__init__.py", "");
  project.file("app/core/engine.py", "POWER = 1\n");
  project.file("app/uses.py", "from app.core import engine\n");
  project.file("app/wants.py", "from app.core import POWER\n");
  for (const char* module : {"app.core", "app.core.engine", "app.wants"}) {
    const ImportResult result = project.import(module);
    EXPECT_EQ(result.kind, ImportKind::missing_init) << render(result);
    EXPECT_EQ(result.missing, "app/core/__init__.py");
    EXPECT_EQ(result.place.uri, "app/core");
  }
  // Needed by what is asked for, and what it lacks seen from elsewhere.
  EXPECT_EQ(project.import("app.uses").kind, ImportKind::missing_init);
  project.file("lone/part.py", "import lone\nlone.VERSION\n");
  const ImportResult lone = project.import("lone.part");
  EXPECT_EQ(lone.kind, ImportKind::missing_init) << render(lone);
  EXPECT_EQ(lone.chain_text(), "lone.part:2 ✗ lone/__init__.py");
  ImportOptions options = project.options();
  options.namespace_packages = {"app.core"};
  EXPECT_TRUE(check_imports(project.path(), {"app.core.engine"}, options).ok());

  // Where no folder has one, it is the project's style.
  const PythonProject without;
  without.file("app/core.py", "");
  EXPECT_EQ(without.import("app.core").status, Status::passed);
}

TEST(Imports, CaughtImportsAreListed) {
  const PythonProject project;
  project.file("app.py", R"py(import importlib.util
try:
    import ujson_not_there as json
except ImportError:
    import json
try:
    from helper import fast_path
except ImportError:
    fast_path = None
have = importlib.util.find_spec("optional_thing") is not None
)py");
  project.file("helper.py", "def slow_path(): pass\n");
  const ImportReport report = project.check({"app"});
  EXPECT_TRUE(report.ok()) << render(report);
  std::vector<std::string> names;
  for (const SoftMissing& soft : report.soft_missing)
    names.push_back(soft.name + "@" + to_string(soft.place));
  EXPECT_EQ(names, (std::vector<std::string>{"ujson_not_there@app.py:3", "optional_thing@app.py:10",
                                             "helper.fast_path@app.py:7"}));
  const std::vector<CheckResult> checks = check_results(report);
  EXPECT_EQ(std::count_if(checks.begin(), checks.end(),
                          [](const CheckResult& c) { return c.check == "soft-missing"; }),
            3);
}

TEST(Imports, UnicodeInPathsAndNames) {
  const PythonProject project;
  project.file("größe/__init__.py", "");
  project.file("größe/日本.py", "import fehlt_hier\n");
  project.file("größe/stürzt.py", "import os\nos.abort()\n");
  const ImportReport report = project.check({"größe.日本", "größe.stürzt"});
  EXPECT_EQ(report.results[0].chain_text(), "größe.日本:1 ✗ fehlt_hier") << render(report);
  EXPECT_EQ(report.results[0].place.uri, "größe/日本.py");
  EXPECT_EQ(report.results[1].chain_text(), "größe.stürzt:2 ✗ SIGABRT") << render(report);
}

TEST(Imports, AttributesAreLookedUp) {
  const PythonProject project;
  project.file("app.py",
               "__version__ = '2.0'\nclass Server:\n    def start(self): pass\nlimit = 3\n");
  Result<ImportSession> session = ImportSession::start(project.path(), project.options());
  ASSERT_TRUE(session.ok()) << session.error().message;
  session->begin("app");
  EXPECT_EQ(session->attribute("app", "__version__").value, "'2.0'");
  const ImportAttribute start = session->attribute("app", "Server.start");
  EXPECT_TRUE(start.found && start.callable);
  const ImportAttribute wrong = session->attribute("app", "Server.stort");
  EXPECT_FALSE(wrong.found);
  EXPECT_EQ(wrong.nearest, "start");
  EXPECT_FALSE(session->attribute("app", "limit").callable);
  EXPECT_FALSE(session->attribute("absent", "x").found);
  EXPECT_EQ(session->wait("app").status, Status::passed);
  EXPECT_EQ(session->results().size(), 1u);
}

TEST(Imports, StubsThatAreNotThereOrBehindAreTheGenerators) {
  const PythonProject project;
  project.file("app/__init__.py", "");
  project.file("app/hearth_pb2.py", "Old = 1\n");
  project.file("app/one.py", "from app import hearth_pb2_grpc\n");
  project.file("app/two.py", "import app.console_pb2\n");
  project.file("app/three.py", "from app.hearth_pb2 import New\n");
  project.file("app/four.py", "from app import hearth_pb2\nhearth_pb2.New\n");
  project.file("Makefile",
               "all: stubs\n\nstubs:\n\tprotoc --python_out=app -I protos protos/*.proto\n");
  const ImportReport report = project.check({"app.one", "app.two", "app.three", "app.four"});
  EXPECT_EQ(report.results[0].kind, ImportKind::stub_missing) << render(report);
  EXPECT_EQ(report.results[1].kind, ImportKind::stub_missing) << render(report);
  EXPECT_EQ(report.results[2].kind, ImportKind::stub_stale) << render(report);
  EXPECT_EQ(report.results[3].kind, ImportKind::stub_stale) << render(report);
  EXPECT_EQ(report.results[1].hint,
            "run the generator: make stubs (Makefile:4): it is made from console.proto");
}
}  // namespace
}  // namespace muster::preflight
