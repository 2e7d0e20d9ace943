#include "profile/audit_modules.hpp"

#include <gmock/gmock.h>

#include "testing/temp_tree.hpp"

namespace muster::profile {
namespace {

using muster::testing::TempTree;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Modules : public ::testing::Test {
 protected:
  ModuleGraph read() const {
    Settings settings;
    settings.project = tree_.path().string();
    auto graph = read_modules(settings);
    EXPECT_TRUE(graph) << graph.error().message;
    return graph ? std::move(*graph) : ModuleGraph{};
  }

  static std::vector<std::string> imports_of(const ModuleSource& module) {
    std::vector<std::string> texts;
    for (const ModuleImport& import : module.imports) {
      std::string text = import.module;
      for (const std::string& name : import.names) text += " " + name;
      texts.push_back(text + (import.optional ? " ?" : ""));
    }
    return texts;
  }

  TempTree tree_;
};

TEST_F(Modules, only_what_runs_at_import_counts) {
  tree_.write("shop/__init__.py", "");
  tree_.write("shop/deep/__init__.py", "");
  tree_.write("shop/deep/till.py", R"("""Doc."""
from __future__ import annotations
import json, os.path
from .. import money
from . import paper as roll
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import never
try:
    import fast
except ImportError:
    import slow
try:
    import needed
except KeyError:
    pass
with open(__file__):
    import inside
class Till:
    import in_class
    def use(self):
        import in_function
if __name__ == "__main__":
    import main_only
)");
  const ModuleGraph graph = read();
  const ModuleSource& till = graph.modules.at("shop.deep.till");
  EXPECT_THAT(imports_of(till), ElementsAre("__future__ annotations", "json", "os.path",
                                            "shop money", "shop.deep paper", "typing TYPE_CHECKING",
                                            "fast ?", "slow ?", "needed", "inside", "in_class"));
  EXPECT_EQ(till.file, "shop/deep/till.py");
  EXPECT_EQ(till.top, 3);
  ASSERT_EQ(till.definitions.size(), 1U);
  EXPECT_EQ(till.definitions[0].name, "Till");
  EXPECT_EQ(till.definitions[0].line, 19);
}

TEST_F(Modules, names_taken_of_other_modules_at_import) {
  tree_.write("shop/__init__.py", "");
  tree_.write("shop/base.py", "class Handler: pass\n");
  tree_.write("shop/web.py", R"(import shop
from shop import base as b
@b.register
class Web(b.Handler, metaclass=b.Meta):
    size = b.SIZE
    def get(self, limit=b.LIMIT):
        return b.late(limit)
)");
  const ModuleGraph graph = read();
  std::vector<std::string> uses;
  for (const ModuleUse& use : graph.modules.at("shop.web").uses)
    uses.push_back(use.module + "." + use.name);
  EXPECT_THAT(uses, ElementsAre("shop.base.register", "shop.base.Handler", "shop.base.Meta",
                                "shop.base.SIZE", "shop.base.LIMIT"));
}

TEST_F(Modules, an_import_brings_the_packages_above_and_what_they_import) {
  tree_.write("shop/__init__.py", "from shop import version\n");
  tree_.write("shop/version.py", "");
  tree_.write("shop/a.py", "from shop.deep import b\n");
  tree_.write("shop/deep/__init__.py", "");
  tree_.write("shop/deep/b.py", "import shop.a, json\n");
  tree_.write("shop/alone.py", "");
  EXPECT_THAT(read().reached_from({"shop.a", "no.such"}),
              ElementsAre("shop", "shop.a", "shop.deep", "shop.deep.b", "shop.version"));
  EXPECT_THAT(read().reached_from({}), IsEmpty());
}

TEST_F(Modules, one_that_does_not_parse_is_kept_with_its_reason) {
  tree_.write("shop/__init__.py", "");
  tree_.write("shop/bad.py", "def broken(:\n");
  tree_.write("shop/bytes.py", std::string("x = '\xff'\n\0", 10));
  const ModuleGraph graph = read();
  EXPECT_THAT(graph.modules.at("shop.bad").problem, HasSubstr("SyntaxError"));
  EXPECT_NE(graph.modules.at("shop.bytes").problem, "");
  EXPECT_EQ(graph.modules.at("shop").problem, "");
}

TEST_F(Modules, a_project_without_any_has_none) {
  EXPECT_THAT(read().modules, IsEmpty());
}

}  // namespace
}  // namespace muster::profile
