// The official test data (cucumber/gherkin testdata): for each good file tokens, source, document
// and pickles, for each bad file its errors, compared as JSON.
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/json.hpp"
#include "base/text.hpp"
#include "gherkin/dialect.hpp"
#include "gherkin/gherkin.hpp"
#include "messages/messages.hpp"
#include "testing/temp_tree.hpp"

namespace muster::gherkin {
namespace {

namespace fs = std::filesystem;

const fs::path kData = MUSTER_SOURCE_DIR "/../shared/conformance/gherkin";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Json> read_ndjson(const fs::path& path) {
  std::vector<Json> values;
  for (const auto& line : split(read(path), '\n')) {
    if (!line.empty()) values.push_back(parse_json(line, 200).value());
  }
  return values;
}

template <class Message>
Json to_json(const Message& message) {
  std::string line;
  messages::append_message(line, message);
  return parse_json(line, 200).value();
}

template <class Message>
std::vector<Json> to_json(const std::vector<Message>& all) {
  std::vector<Json> values;
  for (const auto& message : all) values.push_back(to_json(message));
  return values;
}

std::vector<fs::path> features(const char* folder) {
  std::vector<fs::path> paths;
  if (!fs::exists(kData / folder)) return paths;
  for (const auto& entry : fs::directory_iterator(kData / folder)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".feature") || name.ends_with(".feature.md")) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string uri_of(const fs::path& path) {
  return "../testdata/" + path.parent_path().filename().string() + "/" + path.filename().string();
}

void expect_equal(const std::vector<Json>& actual, const std::vector<Json>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    EXPECT_EQ(actual[i], expected[i]) << Json::diff(expected[i], actual[i]).dump(1);
  }
}

/// Whether the languages of the test data are there; English alone is built without npm.
bool covered(const std::string& text) {
  return dialects().size() > 1 || text.find("language") == std::string::npos;
}

TEST(Conformance, GoodFiles) {
  const auto paths = features("good");
  if (paths.empty()) GTEST_SKIP() << "no conformance data beside the project";
  int left_out = 0;
  for (const auto& path : paths) {
    SCOPED_TRACE(path.filename());
    const std::string text = read(path);
    if (!covered(text)) {
      ++left_out;
      continue;
    }
    const auto companion = [&](const char* suffix) { return path.string() + suffix; };
    IncrementalIds ids;
    const ParsedFeature parsed = parse(uri_of(path), text, ids);
    ASSERT_TRUE(parsed.ok()) << parsed.errors[0].message;
    EXPECT_EQ(dump_tokens(uri_of(path), text), read(companion(".tokens")));
    expect_equal({to_json(parsed.source)}, read_ndjson(companion(".source.ndjson")));
    expect_equal({to_json(parsed.document)}, read_ndjson(companion(".ast.ndjson")));
    expect_equal(to_json(parsed.pickles), read_ndjson(companion(".pickles.ndjson")));
  }
  if (left_out > 0) std::cout << left_out << " files in other languages are left out\n";
  std::cout << "good files: " << paths.size() - static_cast<std::size_t>(left_out) << "\n";
}

TEST(Conformance, BadFiles) {
  const auto paths = features("bad");
  if (paths.empty()) GTEST_SKIP() << "no conformance data beside the project";
  for (const auto& path : paths) {
    SCOPED_TRACE(path.filename());
    IncrementalIds ids;
    const ParsedFeature parsed = parse(uri_of(path), read(path), ids);
    EXPECT_FALSE(parsed.ok());
    expect_equal(to_json(parsed.errors), read_ndjson(path.string() + ".errors.ndjson"));
  }
  std::cout << "bad files: " << paths.size() << "\n";
}

TEST(Conformance, EveryEnvelopeIsValidAgainstThePublishedSchema) {
  auto paths = features("good");
  for (const auto& path : features("bad")) paths.push_back(path);
  if (paths.empty()) GTEST_SKIP() << "no conformance data beside the project";
  if (!fs::exists(MUSTER_SOURCE_DIR "/ci/npm/node_modules/ajv")) {
    GTEST_SKIP() << "ci/npm/node_modules is absent: run ci/setup";
  }
  std::string lines;
  IncrementalIds ids;
  for (const auto& path : paths) {
    const ParsedFeature parsed = parse(uri_of(path), read(path), ids);
    messages::append_message(lines, parsed.source);
    if (parsed.ok()) messages::append_message(lines, parsed.document);
    for (const auto& pickle : parsed.pickles) messages::append_message(lines, pickle);
    for (const auto& error : parsed.errors) messages::append_message(lines, error);
  }
  muster::testing::TempTree tree;
  tree.write("all.ndjson", lines);
  const std::string command =
      "node '" MUSTER_SOURCE_DIR "/ci/schema_check.mjs' < '" + tree.str("all.ndjson") + "'";
  const int status = std::system(command.c_str());
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace muster::gherkin
