#include <gtest/gtest.h>

#include "config/load_for_tests.hpp"
#include "testing/temp_tree.hpp"

namespace muster::config {
namespace {

namespace fs = std::filesystem;

TEST(FindFile, the_nearest_one_up_to_the_root_of_the_repository) {
  const testing::TempTree tree;
  tree.write("muster.toml", "");
  tree.write("repo/.git/HEAD", "");
  tree.write("repo/part/muster.toml", "");
  tree.write("repo/part/deep/er/x", "");
  tree.write("repo/other/x", "");
  const auto found = [&](const std::string& folder) -> std::string {
    Request request;
    request.folder = tree.str(folder);
    auto file = find_file(request);
    if (!file) return file.error().code;
    if (!*file) return "none";
    return fs::relative(**file, tree.path()).string();
  };
  EXPECT_EQ(found("repo/part/deep/er"), "repo/part/muster.toml");
  EXPECT_EQ(found("repo/part"), "repo/part/muster.toml");
  EXPECT_EQ(found("repo/part/"), "repo/part/muster.toml");
  EXPECT_EQ(found("repo/other"), "none") << "the one above the repository is another's";
  tree.write("repo/muster.toml", "");
  EXPECT_EQ(found("repo/other"), "repo/muster.toml");
  EXPECT_EQ(found("."), "muster.toml") << "outside of a repository: the folder itself";
  tree.write("plain/deep/x", "");
  EXPECT_EQ(found("plain/deep"), "none");
}

TEST(FindFile, a_named_file_goes_first) {
  const testing::TempTree tree;
  tree.write("muster.toml", "[run]\njobs = 1\n");
  tree.write("variable.toml", "[run]\njobs = 2\n");
  tree.write("option.toml", "[run]\njobs = 3\n");
  Request request;
  request.folder = tree.str();
  const auto jobs = [&] {
    return *std::get<Config>(load(schema_for_tests(), request)).get<int>("run.jobs");
  };
  EXPECT_EQ(jobs(), 1);
  request.environment["MUSTER_CONFIG"] = tree.str("variable.toml");
  EXPECT_EQ(jobs(), 2);
  request.file = tree.str("option.toml");
  EXPECT_EQ(jobs(), 3);
  const Config config = std::get<Config>(load(schema_for_tests(), request));
  EXPECT_EQ(config.folder(), tree.path());
  EXPECT_EQ(config.file(), tree.str("option.toml"));
  request.file = tree.str("no.toml");
  const auto missing = load(schema_for_tests(), request);
  EXPECT_EQ(std::get<std::vector<Diagnostic>>(missing).at(0).message,
            "--config names " + tree.str("no.toml") + ", which is not there");
}

}  // namespace
}  // namespace muster::config
