#include <gtest/gtest.h>

#include "preflight/import_needs.hpp"
#include "preflight/import_project_for_tests.hpp"

namespace muster::preflight {
namespace {

using Names = std::vector<std::string>;

TEST(ImportNeeds, StatementsThatRunAtOnceAreRead) {
  const auto statements = import_statements(
      "import os, json.decoder as d  # both\n"
      "from . import a as b, c\n"
      "from ..up.more import (\n    x,  # first\n    y as z,\n)\n"
      "try:\n    import ujson\nexcept ImportError:\n    import json\n"
      "def later():\n    import csv\n"
      "important = 1\nfrom_ = 2\nimport\n");
  ASSERT_EQ(statements.size(), 5u);
  EXPECT_EQ(statements[0].module, "os");
  EXPECT_EQ(statements[1].module, "json.decoder");
  EXPECT_EQ(statements[2].level, 1);
  EXPECT_EQ(statements[2].names, (Names{"a", "c"}));
  EXPECT_EQ(statements[3].module, "up.more");
  EXPECT_EQ(statements[3].level, 2);
  EXPECT_EQ(statements[3].names, (Names{"x", "y"}));
  EXPECT_EQ(statements[4].module, "ujson");
}

TEST(ImportNeeds, SourcesAreFollowedToTheStandardLibrary) {
  const PythonProject project;
  project.file("app/__init__.py", "import logging\n");
  project.file("app/one.py", "from app import two\nfrom . import three\nimport app.one\n");
  project.file("app/two.py", "from email import message, absent\nimport re\n");
  project.file("app/three.py", "import elsewhere.thing\nimport logging\n");
  project.file("site/elsewhere/thing.py", "import csv\n");
  project.file("lib/email/__init__.py", "");
  project.file("lib/email/message.py", "import quopri\n");
  ImportNeeds needs({project.path(), project.path() + "/site", project.path() + "/lib"},
                    {"logging", "email", "re", "csv", "quopri"}, {project.path() + "/lib"});
  EXPECT_EQ(needs.standard_modules("app.one"),
            (Names{"logging", "email", "email.message", "re", "csv"}));
  EXPECT_EQ(needs.standard_modules("app"), (Names{"logging"}));
  EXPECT_EQ(needs.standard_modules("absent.one"), Names{});
}

/// What a module sees when it is imported among others is what it sees when it is imported alone.
TEST(StandardLibrary, IsSeenAsInAnInterpreterOfItsOwn) {
  const PythonProject project;
  const std::string look =
      "import sys\n"
      "__version__ = ' '.join(sorted(name for name in sys.modules if name[:3] != 'app'))\n"
      "inside = [name + '.' + child for name, module in sorted(sys.modules.items())\n"
      "          for child in sorted(vars(module)) if name + '.' + child in sys.modules]\n"
      "inside = ' '.join(name for name in inside if name[:3] != 'app')\n"
      "import hashlib\nhashlib = hashlib.sha256((__version__ + inside).encode()).hexdigest()\n";
  project.file("app/__init__.py", "");
  project.file("app/wide.py",
               "import json, http.client, xml.dom.minidom, logging.handlers, concurrent.futures, "
               "importlib.util, sqlite3, urllib.request, unittest, ctypes, decimal\n" +
                   look);
  project.file("app/same.py",
               "import json, http.client, xml.dom.minidom, logging.handlers, concurrent.futures, "
               "importlib.util, sqlite3, urllib.request, unittest, ctypes, decimal\n" +
                   look);
  project.file("app/some.py", "import xml, json.decoder, email.message\n" + look);
  project.file("app/none.py", look);
  const Names modules{"app.wide", "app.same", "app.some", "app.none"};
  const auto seen = [&](const Names& together, const std::string& module) {
    Result<ImportSession> session = ImportSession::start(project.path(), project.options());
    if (!session) return session.error().message;
    for (const std::string& name : together) session->begin(name, {"hashlib", "__version__"});
    const ImportAttribute digest = session->attribute(module, "hashlib");
    return digest.found ? digest.value + session->attribute(module, "__version__").value
                        : render(session->wait(module));
  };
  for (const std::string& module : modules)
    EXPECT_EQ(seen(modules, module), seen({module}, module)) << module;
}

TEST(StandardLibrary, WhatOnlyAnotherImportedIsNotThere) {
  const PythonProject project;
  project.file("careful.py", "import xml.dom.minidom, concurrent.futures\n");
  project.file("careful_too.py", "import concurrent.futures, xml.dom.minidom\n");
  project.file("careless.py", "import xml\nxml.dom.minidom\n");
  project.file("hoping.py", "import concurrent\nconcurrent.futures\n");
  const ImportReport report = project.check({"careful", "careful_too", "careless", "hoping"});
  EXPECT_EQ(report.results[0].status, Status::passed) << render(report);
  EXPECT_EQ(report.results[1].status, Status::passed) << render(report);
  EXPECT_EQ(report.results[2].kind, ImportKind::exception) << render(report);
  EXPECT_EQ(report.results[3].kind, ImportKind::exception) << render(report);
}

TEST(StandardLibrary, TheProjectsOwnModulesComeFirst) {
  const PythonProject project;
  project.file("json.py", "own = 1\n");
  project.file("string.py", "raise RuntimeError('the string of the project')\n");
  project.file("one.py", "import logging\nimport json\njson.own\n");
  project.file("two.py", "import logging\nimport json\njson.own\n");
  const ImportReport report = project.check({"one", "two"});
  // logging needs string
  for (const ImportResult& result : report.results) {
    EXPECT_EQ(result.kind, ImportKind::exception) << render(report);
    EXPECT_NE(result.found.find("the string of the project"), std::string::npos) << result.found;
  }
}

TEST(StandardLibrary, ALaterPathIsSearchedFirst) {
  const PythonProject project;
  const std::string source =
      "import csv, os, sys\nsys.path.insert(0, os.path.dirname(__file__) + '/own')\n"
      "import json\n__version__ = json.own\n";
  project.file("own/json.py", "own = 'own'\n");
  project.file("one.py", source);
  project.file("two.py", source);
  const ImportReport report = project.check({"one", "two"});
  for (const ImportResult& result : report.results) {
    ASSERT_EQ(result.status, Status::passed) << render(report);
    EXPECT_EQ(result.attributes.at(0).value, "'own'");
  }
}

TEST(StandardLibrary, IsReloadedAndDescribedAsEver) {
  const PythonProject project;
  const std::string source =
      "import importlib.util, sys\n"
      "assert importlib.util.find_spec('csv').origin.endswith('/csv.py')\n"
      "assert importlib.util.find_spec('csv').loader.get_source('csv')\n"
      "import csv\n"
      "assert csv.__spec__.origin == csv.__file__ and csv.__loader__.is_package('csv') is False\n"
      "first = csv\nimport importlib\nassert importlib.reload(csv) is first\n"
      "del sys.modules['csv']\nimport csv\nassert csv is not first\n";
  project.file("one.py", source);
  project.file("two.py", source);
  const ImportReport report = project.check({"one", "two"});
  EXPECT_TRUE(report.ok()) << render(report);
}

}  // namespace
}  // namespace muster::preflight
