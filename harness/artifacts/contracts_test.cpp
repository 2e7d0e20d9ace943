#include "artifacts/contracts.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "testing/temp_tree.hpp"

namespace muster::artifacts {
namespace {

using ::testing::HasSubstr;

constexpr const char* kHead = R"("schema_version": 1, "generated_at": "2026-01-02T03:04:05Z", )";

std::string document(const std::string& members) {
  return "{" + std::string(kHead) + members + "}";
}

struct Folder {
  testing::TempTree tree;
  Folder() {
    tree.write(kParityFile, document(R"("commands": {"start": {"status": "complete"}})"));
    tree.write(kGapsFile, document(R"("gaps": [{"id": "g1", "severity": "low", "title": "t"}])"));
    tree.write(kFeaturesFile, document(R"("features": [{"path": "a.feature", "failed": 0}])"));
  }
  std::vector<std::string> codes() const {
    std::vector<std::string> out;
    for (const auto& problem : read_contracts(tree.str()).problems) out.push_back(problem.code);
    return out;
  }
};

TEST(Contracts, AreReadWhole) {
  const Folder folder;
  const auto contracts = read_contracts(folder.tree.str());
  EXPECT_TRUE(contracts.problems.empty());
  EXPECT_EQ(contracts.commands.at("start"), "complete");
  EXPECT_EQ(contracts.gaps, (GapCounts{0, 0, 0, 1}));
  EXPECT_EQ(contracts.parity_manifest.generated_at, "2026-01-02T03:04:05Z");
  EXPECT_EQ(contracts.parity_manifest.sha256.size(), 64u);
  const auto report = readiness_of(contracts, true, {}, {});
  EXPECT_TRUE(report.passed);
  EXPECT_EQ(report.summary.total(), 1);
}

TEST(Contracts, MissingOnesAreSaidAtOnce) {
  const testing::TempTree tree;
  const auto contracts = read_contracts(tree.str());
  ASSERT_EQ(contracts.problems.size(), 3u);
  EXPECT_EQ(contracts.problems[0].code, "parity_manifest_missing");
  EXPECT_THAT(contracts.problems[1].reason, HasSubstr(kGapsFile));
  // decided either way, never pending
  const auto demanded = readiness_of(contracts, true, {}, {});
  EXPECT_FALSE(demanded.passed);
  EXPECT_EQ(demanded.errors.size(), 3u);
  const auto tolerated = readiness_of(contracts, false, {}, {"w"});
  EXPECT_TRUE(tolerated.passed);
  EXPECT_EQ(tolerated.warnings.size(), 4u);
}

TEST(Contracts, UnreadableOnesAreErrorsInAnyCase) {
  const Folder folder;
  for (const std::string& text :
       {std::string("{"), std::string("[]"), document(R"("commands": {"start": 1})"),
        document(R"("commands": {"start": {}})"),
        std::string(R"({"schema_version": 2, "generated_at": "2026-01-02T03:04:05Z"})"),
        std::string(R"({"schema_version": 1, "generated_at": "soon", "commands": {}})")}) {
    folder.tree.write(kParityFile, text);
    EXPECT_THAT(folder.codes(), ::testing::ElementsAre("parity_manifest_unreadable")) << text;
    EXPECT_FALSE(readiness_of(read_contracts(folder.tree.str()), false, {}, {}).passed);
  }
}

TEST(Contracts, SayWhatIsNotDone) {
  const Folder folder;
  folder.tree.write(kParityFile, document(R"("commands": {"start": {"status": "partial"}})"));
  folder.tree.write(kGapsFile, document(R"("gaps": [
      {"id": "g1", "severity": "blocking", "title": "it leaks"},
      {"id": "g2", "severity": "medium", "title": "t"}])"));
  folder.tree.write(kFeaturesFile, document(R"("features": [{"path": "a.feature", "failed": 2}])"));
  EXPECT_THAT(folder.codes(),
              ::testing::ElementsAre("parity_incomplete", "blocking_gap", "feature_failed"));
  const auto report = readiness_of(read_contracts(folder.tree.str()), false, {"own"}, {});
  EXPECT_FALSE(report.passed);
  EXPECT_EQ(report.errors.front(), "own");
  EXPECT_EQ(report.summary.blocking, 1);
}

}  // namespace
}  // namespace muster::artifacts
