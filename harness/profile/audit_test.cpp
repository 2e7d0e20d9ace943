#include "profile/audit.hpp"

#include <gmock/gmock.h>

#include "profile/audit_files.hpp"
#include "profile/project_for_tests.hpp"
#include "testing/golden.hpp"

namespace muster::profile {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kImport = "I import {string}";
constexpr const char* kVersion = "{module}.__version__ is defined";
constexpr const char* kExecutable = "the file {string} is executable";
constexpr const char* kGreater = "the config has {field} > {float}";
constexpr const char* kSets = "the config sets {string}";
constexpr const char* kFolder = "migration files exist in {string}";
constexpr const char* kVerdict = "every migration has a valid UP block";
constexpr const char* kEntryPoints = "every entry point can be called";

StepUse use(std::string definition, std::vector<std::string> arguments = {},
            std::size_t scenario = 0) {
  return {std::move(definition), std::move(arguments), {"p.feature", 3, 0}, scenario};
}

/// The names of what is uncovered.
std::vector<std::string> uncovered(const Audit& audit) {
  std::vector<std::string> names;
  for (const Subject& subject : audit.subjects) {
    if (!subject.covered()) names.push_back(subject.name);
  }
  return names;
}

/// A place that does not depend on where the test runs.
Audit here(Audit audit) {
  audit.project = "PROJECT";
  return audit;
}

const std::vector<StepUse> kAll = {
    use(kEntryPoints),
    use(kImport, {"shop"}),
    use(kVersion, {"shop"}),
    use(kImport, {"shop.web"}),
    use(kImport, {"shop.alone"}),
    use(kImport, {"shop.order_pb2"}),
    use(kExecutable, {"./bin//serve"}),
    use(kGreater, {"port", "0"}),
    use(kSets, {"http.name"}),
    use(kGreater, {"base.port", "0"}),
    use(kGreater, {"base.offset", "-5"}),
    use(kFolder, {"db/migrations/"}),
    use(kVerdict),
};

TEST(Audit, lists_everything_of_a_project_that_nobody_profiles) {
  const ProjectForTests project;
  const Audit found = audit(project.settings(), {});
  EXPECT_FALSE(found.ok());
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_EQ(found.uncovered(), found.subjects.size());
  muster::testing::expect_golden("profile/audit.txt", render(found));
  muster::testing::expect_golden("profile/audit.json", to_json(here(found)).dump(1) + "\n");
  muster::testing::expect_golden("profile/audited.feature", scenarios_for(found, false));
}

TEST(Audit, steps_cover_what_they_name) {
  const ProjectForTests project;
  const Audit found = audit(project.settings(), kAll);
  EXPECT_THAT(uncovered(found), IsEmpty()) << render(found);
  EXPECT_TRUE(found.ok());
  EXPECT_EQ(scenarios_for(found, false), "");
  muster::testing::expect_golden("profile/audit_covered.json", to_json(here(found)).dump(1) + "\n");
}

TEST(Audit, each_step_is_needed) {
  const ProjectForTests project;
  for (std::size_t i = 0; i < kAll.size(); ++i) {
    if (kAll[i].definition == kImport && kAll[i].arguments[0] == "shop") continue;  // version, too
    auto steps = kAll;
    steps.erase(steps.begin() + static_cast<long>(i));
    EXPECT_FALSE(audit(project.settings(), steps).ok()) << kAll[i].definition;
  }
}

TEST(Audit, migrations_need_their_verdict_in_the_same_scenario) {
  const ProjectForTests project;
  auto steps = kAll;
  steps.back().scenario = 1;
  EXPECT_THAT(uncovered(audit(project.settings(), steps)), ElementsAre("db/migrations"));
}

TEST(Audit, modules_count_as_covered_through_imports) {
  const ProjectForTests project;
  for (const Subject& subject : audit(project.settings(), kAll).subjects) {
    if (subject.name == "shop.till") {
      EXPECT_EQ(subject.covered_by, "through the import of shop.web at p.feature:3");
    }
  }
}

TEST(Audit, what_git_ships_is_what_counts) {
  const ProjectForTests project;
  project.track();
  project.write("bin/untracked", "#!/bin/sh\n", true);
  auto files = project_files(project.settings().project);
  ASSERT_TRUE(files);
  EXPECT_TRUE(files->work_tree);
  const auto mode_of = [&](const std::string& path) -> std::string {
    for (const ProjectFile& file : files->files) {
      if (file.path == path) return file.git_mode + (file.executable ? " x" : "");
    }
    return "none";
  };
  EXPECT_EQ(mode_of("bin/serve"), "100755 x");
  EXPECT_EQ(mode_of("bin/data.txt"), "100644");
  EXPECT_EQ(mode_of("bin/untracked"), "none");
}

TEST(Audit, nothing_at_all_is_not_well) {
  const muster::testing::TempTree tree;
  Settings settings;
  settings.project = tree.path().string();
  settings.config.file = "none.conf";
  settings.migrations_dir = "none";
  const Audit found = audit(settings, {});
  EXPECT_THAT(found.subjects, IsEmpty());
  EXPECT_FALSE(found.ok());
  EXPECT_THAT(render(found), HasSubstr("nothing that could break a deployment was found"));
}

TEST(Audit, what_can_not_be_listed_is_not_well) {
  const ProjectForTests project;
  project.write("config/base.conf", "base.port = ${no.such}\n");
  project.write("pyproject.toml", "[project\n");
  const Audit found = audit(project.settings(), kAll);
  EXPECT_FALSE(found.ok());
  std::vector<std::string> codes;
  for (const Error& problem : found.problems) codes.push_back(problem.code);
  EXPECT_THAT(codes, ElementsAre("pyproject", "config-substitution"));
}

TEST(Audit, writes_once_and_appends_what_came_later) {
  const ProjectForTests project;
  const std::string file = project.tree().str("features/runtime_profile/audited.feature");
  Audit found = audit(project.settings(), {});
  const auto first = write_scenarios(found, file);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(*first, 6U);
  const std::string text = project.tree().read("features/runtime_profile/audited.feature");
  EXPECT_EQ(text, scenarios_for(found, false));

  found = audit(project.settings(), kAll);
  EXPECT_EQ(*write_scenarios(found, file), 0U);
  EXPECT_EQ(project.tree().read("features/runtime_profile/audited.feature"), text);

  project.write("bin/new \"one\"", "#!/bin/sh\n", true);
  found = audit(project.settings(), kAll);
  EXPECT_EQ(*write_scenarios(found, file), 1U);
  EXPECT_EQ(project.tree().read("features/runtime_profile/audited.feature"),
            text +
                "\n  @tier-0\n  Scenario: Scripts are executable: bin/new \"one\"\n"
                "    Then the file \"bin/new \\\"one\\\"\" is executable\n");
}

TEST(Audit, says_where_it_can_not_write) {
  const ProjectForTests project;
  project.write("features", "a file");
  const auto written = write_scenarios(audit(project.settings(), {}),
                                       project.tree().str("features/audited.feature"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, "audit_unwritten");
}

}  // namespace
}  // namespace muster::profile
