// What stands in the way of a run, and what a run leaves behind under which names.
#include <filesystem>

#include "base/text.hpp"
#include "fixtures/worlds/byte_notation.hpp"
#include "fixtures/worlds/planted_paths.hpp"
#include "fixtures/worlds/workbench.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

namespace fs = std::filesystem;

GIVEN("the runner's folder has {string} with these bytes:") = [](Workbench& bench, std::string file,
                                                                 const DocString& text) {
  bench.write(file, bytes_of(text.content));
};

GIVEN("the runner's folder has the program {string}:") = [](Workbench& bench, std::string file,
                                                            const DocString& text) {
  bench.write(file, bench.placed(text.content) + "\n");
  fs::permissions(bench.path(file), fs::perms::owner_all);
};

GIVEN("in the runner's folder {string} is a link to {string}") =
    [](Workbench& bench, std::string path, std::string to) {
      plant_link(bench.path(bench.placed(path)), bench.placed(to));
    };

GIVEN("in the runner's folder {string} is a FIFO") = [](Workbench& bench, std::string path) {
  plant_fifo(bench.path(bench.placed(path)));
};

GIVEN("in the runner's folder {string} is a folder of another user") = [](Workbench& bench,
                                                                          std::string path) {
  if (!plant_foreign_folder(bench.path(bench.placed(path))))
    skip("only root can give a folder to another user");
};

GIVEN("in the runner's folder {string} is a folder that everybody may write") =
    [](Workbench& bench, std::string path) { plant_open_folder(bench.path(bench.placed(path))); };

THEN("the runner's folder {string} holds {string} alone") = [](Workbench& bench, std::string folder,
                                                               std::string names) {
  EXPECT_EQ(join(paths_below(bench.path(folder)), " "), names);
};

THEN("the runner's folder holds, beside {string}, only:") = [](Workbench& bench, std::string folder,
                                                               const Table& wanted) {
  std::vector<std::string> found;
  for (const std::string& path : paths_below(bench.path("")))
    if (path != folder && !path.starts_with(folder + "/")) found.push_back(shown(path));
  std::vector<std::string> names;
  for (const auto& row : wanted.rows()) names.push_back(row.at(0));
  EXPECT_EQ(join(found, "\n"), join(names, "\n"));
};

THEN("the runner's {string} has {int} files at least, named plainly and without {string}") =
    [](Workbench& bench, std::string folder, int count, std::string mark) {
      const auto paths = paths_below(bench.path(folder));
      EXPECT_GE(paths.size(), static_cast<std::size_t>(count));
      for (const std::string& path : paths) {
        const bool plain =
            path.find_first_not_of(
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/") == path.npos;
        EXPECT_TRUE(plain && path.find(mark) == path.npos) << shown(path);
      }
    };
