// Every sample of the Compatibility Kit through every format: well-formed, and green exactly when
// the sample is.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <pugixml.hpp>

#include "base/json.hpp"
#include "base/text.hpp"
#include "report/told_for_tests.hpp"

namespace muster::report {
namespace {

namespace fs = std::filesystem;

const fs::path kKit = MUSTER_SOURCE_DIR "/ci/npm/node_modules/@cucumber/compatibility-kit/features";

struct Sample {
  std::vector<messages::Envelope> envelopes;
  bool success = false;
  bool has_cases = false;
};

std::map<std::string, Sample> samples() {
  std::map<std::string, Sample> found;
  for (const auto& folder : fs::directory_iterator(kKit)) {
    const std::string name = folder.path().filename().string();
    std::ifstream file(folder.path() / (name + ".ndjson"));
    Sample& sample = found[name];
    for (std::string line; std::getline(file, line);) {
      sample.envelopes.push_back(messages::from_ndjson(line).value_or_throw());
      const messages::Envelope& last = sample.envelopes.back();
      if (const auto* finished = std::get_if<messages::TestRunFinished>(&last))
        sample.success = finished->success;
      sample.has_cases |= std::holds_alternative<messages::TestCaseStarted>(last);
    }
  }
  return found;
}

std::string told_of(const std::string& format, const Sample& sample) {
  return told_by(format,
                 [&](Reporter& reporter) {
                   for (const messages::Envelope& envelope : sample.envelopes)
                     reporter.on(envelope);
                 })
      .text;
}

/// Whether a consumer of the format would call the run good.
bool is_green(const std::string& format, const std::string& text) {
  if (format == "junit") {
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(text.c_str()));
    return document.select_nodes("//testcase/failure|//testcase/error").empty() &&
           !document.select_nodes("//testcase").empty();
  }
  if (format == "json") {
    const auto parsed = parse_json(text);
    EXPECT_TRUE(parsed.ok());
    for (const std::string status : {"failed", "undefined", "pending", "ambiguous"})
      if (text.find("\"status\":\"" + status) != text.npos) return false;
    return !parsed->empty();
  }
  if (format == "tap") return text.find("\nnot ok ") == text.npos;
  if (format == "teamcity")
    return text.find("[testFailed ") == text.npos && text.find("[buildProblem ") == text.npos;
  return text.find("\n::error ") == text.npos && !text.starts_with("::error ");
}

TEST(Kit, EverySampleInEveryFormatIsGreenWhenItIs) {
  if (!fs::exists(kKit)) GTEST_SKIP() << "ci/npm/node_modules is absent: run ci/setup";
  const auto all = samples();
  EXPECT_GE(all.size(), 46u);
  for (const auto& [name, sample] : all) {
    for (const std::string format : {"junit", "json", "tap", "github"})
      EXPECT_EQ(is_green(format, told_of(format, sample)), sample.success)
          << name << " as " << format;
    const std::string teamcity = told_of("teamcity", sample);
    // with support for retries on, TeamCity takes the last of several results
    if (teamcity.find("testRetrySupport") == teamcity.npos) {
      EXPECT_EQ(is_green("teamcity", teamcity), sample.success) << name;
    }
    EXPECT_FALSE(told_of("pretty", sample).empty());
    EXPECT_FALSE(told_of("progress", sample).empty());
    EXPECT_FALSE(told_of("summary", sample).empty());
    EXPECT_FALSE(told_of("usage", sample).empty());
    if (sample.success) {
      EXPECT_EQ(told_of("rerun", sample), "") << name;
    }
  }
}

TEST(Kit, MessagesComeOutAsTheyWentIn) {
  if (!fs::exists(kKit)) GTEST_SKIP() << "ci/npm/node_modules is absent: run ci/setup";
  for (const auto& [name, sample] : samples()) {
    std::string expected;
    for (const messages::Envelope& envelope : sample.envelopes)
      messages::append_ndjson(expected, envelope);
    EXPECT_EQ(told_of("message", sample), expected) << name;
  }
}

}  // namespace
}  // namespace muster::report
