#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "preflight/check_program.hpp"
#include "profile/settings.hpp"
#include "testing/temp_tree.hpp"

namespace muster::profile {

/// A small project with one of everything that a deployment needs.
class ProjectForTests {
 public:
  ProjectForTests() {
    write("pyproject.toml",
          "[project]\nname = \"shop\"\nversion = \"1\"\ndependencies = []\n"
          "[project.scripts]\nshop-serve = \"shop.web:main\"\n");
    write("shop/__init__.py", "\"\"\"A shop.\"\"\"\n\n__version__ = \"1\"\n");
    write("shop/web.py", "from shop.till import Till\n\n\ndef main():\n    return Till()\n");
    write("shop/till.py", "import json\n\n\nclass Till:\n    pass\n");
    write("shop/alone.py", "import os\n");
    write("shop/order_pb2.py", "import json\n");
    write("proto/order.proto", "syntax = \"proto3\";\nmessage Order {\n}\n");
    write("bin/serve", "#!/bin/sh\necho shop\n", true);
    write("bin/data.txt", "no script\n");
    write(
        "config/application.conf",
        "include \"base\"\nhttp { port = ${base.port}, host = ${?SHOP_HOST} }\nhttp.name = web\n");
    write("config/base.conf", "base.port = 80\nbase.offset = -3\n");
    write("db/migrations/20240101000000_a.sql",
          "-- migrate:up\nCREATE TABLE a (id INTEGER);\nCREATE TABLE b (id INTEGER);\n\n"
          "-- migrate:down\nDROP TABLE b;\nDROP TABLE a;\n");
    settings_.project = std::filesystem::canonical(tree_.path()).string();
    settings_.config.file = "config/application.conf";
    settings_.config.declared = {"SHOP_HOST"};
    settings_.config.errors = {"unknown_environment"};
    settings_.config.aliases = {{"port", "http.port"}};
    settings_.migrations_dir = "db/migrations";
    settings_.migrations.dialects = {preflight::Dialect::sqlite};
  }

  void write(const std::string& path, const std::string& text, bool executable = false) const {
    tree_.write(path, text);
    if (executable) {
      std::filesystem::permissions(tree_.str(path), std::filesystem::perms::owner_exec,
                                   std::filesystem::perm_options::add);
    }
  }

  /// Has git track all of it.
  void track() const {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"git", "init", "--quiet"}, {"git", "add", "--all"}}) {
      const preflight::ProgramCall call{"git", arguments, preflight::plain_environment(),
                                        settings_.project};
      const auto ran = preflight::run_program(call, preflight::Deadline(std::chrono::seconds(30)));
      ASSERT_TRUE(ran && ran->exit.success());
    }
  }

  const Settings& settings() const { return settings_; }
  Settings& settings() { return settings_; }
  const muster::testing::TempTree& tree() const { return tree_; }

 private:
  muster::testing::TempTree tree_;
  Settings settings_;
};

}  // namespace muster::profile
