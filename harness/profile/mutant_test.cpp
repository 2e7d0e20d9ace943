#include "profile/mutant.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <map>
#include <set>

#include "base/text.hpp"
#include "preflight/script_file.hpp"
#include "profile/mutant_copy.hpp"
#include "profile/mutant_text.hpp"
#include "profile/project_for_tests.hpp"
#include "testing/golden.hpp"

namespace muster::profile {
namespace {

namespace fs = std::filesystem;
using muster::testing::TempTree;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

Original original_of(const ProjectForTests& project) {
  auto files = project_files(project.settings().project);
  EXPECT_TRUE(files) << files.error().message;
  return {project.settings(), files ? std::move(*files) : ProjectFiles{}};
}

std::vector<Mutant> mutants(const Original& original) {
  auto made = mutants_of(original);
  EXPECT_TRUE(made) << made.error().message;
  return made ? std::move(*made) : std::vector<Mutant>{};
}

std::vector<std::string> names(const std::vector<Mutant>& mutants) {
  std::vector<std::string> list;
  for (const Mutant& mutant : mutants) list.push_back(mutant.name());
  return list;
}

std::string text_of(const std::vector<Mutant>& mutants, const std::string& name) {
  for (const Mutant& mutant : mutants) {
    if (mutant.name() == name) return mutant.changes.at(0).text;
  }
  return "no mutant " + name;
}

TEST(Mutants, every_way_is_known) {
  ProjectForTests project;
  project.track();
  std::string listing;
  for (const Mutant& mutant : mutants(original_of(project)))
    listing += mutant.name() + "\n  " + mutant.what + "\n  " + join(mutant.checks, ", ") + ": " +
               join(mutant.naming, ", ") + "\n";
  muster::testing::expect_golden("profile/mutants.txt", listing);
}

TEST(Mutants, none_is_the_project_itself) {
  ProjectForTests project;
  project.track();
  const Original original = original_of(project);
  std::set<std::string> seen;
  for (const Mutant& mutant : mutants(original)) {
    EXPECT_TRUE(seen.insert(mutant.name()).second) << mutant.name();
    ASSERT_FALSE(mutant.changes.empty()) << mutant.name();
    EXPECT_FALSE(mutant.checks.empty()) << mutant.name();
    EXPECT_FALSE(mutant.naming.empty()) << mutant.name();
    for (const Change& change : mutant.changes) {
      if (change.kind == Change::Kind::write) {
        EXPECT_NE(change.text, original.text(change.path)) << mutant.name();
      }
    }
  }
}

TEST(Mutants, each_terminator_and_keyword_of_each_block) {
  ProjectForTests project;
  const auto made = mutants(original_of(project));
  const std::string file = "db/migrations/20240101000000_a.sql";
  for (const char* line : {":2", ":3", ":6", ":7"}) {
    EXPECT_THAT(names(made), Contains("terminator-dropped:" + file + line));
    EXPECT_THAT(names(made), Contains("keyword-misspelt:" + file + line));
  }
  EXPECT_EQ(text_of(made, "terminator-dropped:" + file + ":2"),
            "-- migrate:up\nCREATE TABLE a (id INTEGER)\nCREATE TABLE b (id INTEGER);\n\n"
            "-- migrate:down\nDROP TABLE b;\nDROP TABLE a;\n");
  EXPECT_EQ(text_of(made, "blocks-swapped:" + file),
            "-- migrate:up\nDROP TABLE b;\nDROP TABLE a;\n"
            "-- migrate:down\nCREATE TABLE a (id INTEGER);\nCREATE TABLE b (id INTEGER);\n\n");
}

TEST(Mutants, what_nobody_would_notice_is_not_made) {
  ProjectForTests project;
  // set twice: the line above loses nothing
  project.write("config/base.conf", "base.port = 79\nbase.port = 80\nbase.offset = -3\n");
  // a module that says what happens without the other, and one that is only used in a function
  project.write("shop/alone.py",
                "try:\n    import shop.maybe\nexcept ImportError:\n    pass\n\n\n"
                "def late():\n    import shop.lazy\n");
  project.write("shop/maybe.py", "");
  project.write("shop/lazy.py", "");
  const auto made = names(mutants(original_of(project)));
  EXPECT_THAT(made, Not(Contains("key-removed:config/base.conf:2:port")));
  EXPECT_THAT(made, Not(Contains("module-deleted:shop/maybe.py")));
  EXPECT_THAT(made, Not(Contains("module-deleted:shop/lazy.py")));
  EXPECT_THAT(made, Not(Contains("import-broken:shop/alone.py")));
  EXPECT_THAT(made, Contains("module-deleted:shop/till.py"));
}

TEST(Mutants, without_git_nothing_is_broken_in_git) {
  ProjectForTests project;
  for (const std::string& name : names(mutants(original_of(project)))) {
    EXPECT_THAT(name, Not(HasSubstr("git-mode")));
    EXPECT_THAT(name, Not(HasSubstr("untracked")));
  }
}

/// Path → `type mode content` of everything below `folder` but git's own.
std::map<std::string, std::string> state_of(const fs::path& folder) {
  std::map<std::string, std::string> state;
  for (auto at = fs::recursive_directory_iterator(folder); at != fs::end(at); ++at) {
    const std::string path = at->path().lexically_relative(folder).string();
    if (path == ".git") {
      at.disable_recursion_pending();
    } else if (at->is_symlink()) {
      state[path] = "link " + fs::read_symlink(at->path()).string();
    } else if (at->is_regular_file()) {
      std::ifstream in(at->path(), std::ios::binary);
      state[path] =
          ((at->status().permissions() & fs::perms::owner_exec) != fs::perms::none ? "run "
                                                                                   : "file ") +
          std::string(std::istreambuf_iterator<char>(in), {});
    }
  }
  return state;
}

class Copies : public ::testing::Test {
 protected:
  void SetUp() override {
    project_.track();
    project_.write("shop/__pycache__/web.pyc", "cache");
    project_.write("venv/pyvenv.cfg", "home = /usr/bin\n");
    project_.write("untracked.txt", "kept\n");
    original_ = original_of(project_);
    const auto made = make_pristine(original_, scratch_.str("pristine"));
    ASSERT_TRUE(made) << made.error().message;
  }

  /// A copy with one change.
  std::string changed(Change::Kind kind, const std::string& path, const std::string& text = {}) {
    Mutant mutant;
    mutant.kind = "test";
    mutant.changes = {{kind, path, text}};
    const std::string folder = scratch_.str("m" + std::to_string(++count_));
    const auto made = make_mutant(scratch_.str("pristine"), mutant, folder);
    EXPECT_TRUE(made) << made.error().message;
    return folder;
  }

  static std::string git_mode(const std::string& folder, const std::string& path) {
    const auto index =
        preflight::read_git_index(folder, {path}, preflight::Deadline(std::chrono::seconds(10)));
    EXPECT_TRUE(index);
    if (!index || index->modes.count(path) == 0) return "untracked";
    return index->modes.at(path);
  }

  ProjectForTests project_;
  Original original_;
  TempTree scratch_;
  int count_ = 0;
};

TEST_F(Copies, are_the_project_without_caches_with_its_git_index) {
  auto expected = state_of(project_.settings().project);
  expected.erase("shop/__pycache__/web.pyc");
  expected.erase("venv/pyvenv.cfg");
  expected["venv"] = "link " + project_.settings().project + "/venv";
  EXPECT_EQ(state_of(scratch_.path() / "pristine"), expected);
  EXPECT_EQ(git_mode(scratch_.str("pristine"), "bin/serve"), "100755");
  EXPECT_EQ(git_mode(scratch_.str("pristine"), "bin/data.txt"), "100644");
  EXPECT_EQ(git_mode(scratch_.str("pristine"), "untracked.txt"), "untracked");
}

TEST_F(Copies, differ_in_what_makes_the_mutant_and_in_nothing_else) {
  const auto whole = state_of(scratch_.path() / "pristine");
  const auto check = [&](const std::string& folder, const std::string& path,
                         const std::string& now) {
    auto expected = whole;
    if (now.empty()) {
      expected.erase(path);
    } else {
      expected[path] = now;
    }
    EXPECT_EQ(state_of(folder), expected);
  };
  using Kind = Change::Kind;
  check(changed(Kind::write, "bin/serve", "new"), "bin/serve", "run new");
  check(changed(Kind::remove, "bin/serve"), "bin/serve", "");
  check(changed(Kind::exec_bit, "bin/serve"), "bin/serve", "file #!/bin/sh\necho shop\n");
  check(changed(Kind::link, "bin/serve", "/nowhere"), "bin/serve", "link /nowhere");
  check(changed(Kind::add, "new/file", "x"), "new/file", "file x");
  const std::string directory = changed(Kind::directory, "bin/serve");
  EXPECT_TRUE(fs::is_directory(directory + "/bin/serve"));

  EXPECT_EQ(git_mode(changed(Kind::exec_bit, "bin/serve"), "bin/serve"), "100755");
  const std::string mode = changed(Kind::git_mode, "bin/serve");
  check(mode, "bin/serve", whole.at("bin/serve"));
  EXPECT_EQ(git_mode(mode, "bin/serve"), "100644");
  EXPECT_EQ(git_mode(changed(Kind::untrack, "bin/serve"), "bin/serve"), "untracked");
  EXPECT_EQ(git_mode(changed(Kind::add, "new/file", "x"), "new/file"), "100644");
  EXPECT_EQ(state_of(scratch_.path() / "pristine"), whole);
}

TEST_F(Copies, a_change_that_can_not_be_made_is_an_error) {
  Mutant mutant;
  mutant.changes = {{Change::Kind::remove, "no/such", {}}};
  const auto made = make_mutant(scratch_.str("pristine"), mutant, scratch_.str("broken"));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "copy_failed");
}

TEST(MutantText, edits_lines) {
  EXPECT_EQ(insert_line("a\nb\n", 2, "x"), "a\nx\nb\n");
  EXPECT_EQ(insert_line("a", 2, "x"), "a\nx\n");
  EXPECT_EQ(without_line("a\nb\nc", 2), "a\nc");
  EXPECT_EQ(without_line("a\nb", 2), "a\n");
  EXPECT_EQ(replace_in_line("ab\nab\n", 2, "a", "x"), "ab\nxb\n");
  EXPECT_EQ(replace_in_line("ab\nab\n", 3, "a", "x"), std::nullopt);
  EXPECT_EQ(replace_word("import os_x, os\n", 1, "os", "io"), "import os_x, io\n");
  EXPECT_EQ(replace_word("import osx\n", 1, "os", "io"), std::nullopt);
  EXPECT_EQ(line_at("a\nb\n", 2), 2);
}

}  // namespace
}  // namespace muster::profile
