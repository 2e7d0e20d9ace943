#include "steps/attaching.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "muster/table.hpp"
#include "testing/temp_tree.hpp"

namespace muster {
namespace {

using ::testing::ElementsAre;

/// What was attached, as `media type|file name|text or bytes|body`.
struct Kept {
  std::vector<std::string> all;
  steps::Attaching::Take take() {
    return [this](const Attachment& it) {
      all.push_back(std::string(it.media_type) + "|" + std::string(it.file_name) +
                    (it.text ? "|text|" : "|bytes|") + std::string(it.body));
    };
  }
};

TEST(Attaching, KeepsTextAndBytesApart) {
  Kept kept;
  const steps::Attaching here(kept.take());
  attach("hello", "image/png");
  attach(std::vector<std::byte>{std::byte{'h'}, std::byte{'i'}}, "text/plain", "hi.txt");
  log("a line");
  link("https://example.org");
  EXPECT_THAT(kept.all, ElementsAre("image/png||text|hello", "text/plain|hi.txt|bytes|hi",
                                    "text/x.cucumber.log+plain||text|a line",
                                    "text/uri-list||text|https://example.org"));
}

TEST(Attaching, ReadsFilesAsBytes) {
  const ::muster::testing::TempTree tree;
  tree.write("picture", std::string("\0\xff", 2));
  Kept kept;
  const steps::Attaching here(kept.take());
  attach_file(tree.str("picture"), "image/png", "renamed.png");
  EXPECT_THAT(kept.all, ElementsAre("image/png|renamed.png|bytes|" + std::string("\0\xff", 2)));
  try {
    attach_file(tree.str("nothing"), "image/png");
    FAIL() << "a missing file was attached";
  } catch (const ErrorException& refused) {
    EXPECT_EQ(refused.error().code, "attach_failed");
  }
}

TEST(Attaching, GoesToTheInnermostAndBack) {
  Kept outer, inner;
  const steps::Attaching first(outer.take());
  attach("1", "text/plain");
  {
    const steps::Attaching second(inner.take());
    attach("2", "text/plain");
  }
  attach("3", "text/plain");
  EXPECT_THAT(outer.all, ElementsAre("text/plain||text|1", "text/plain||text|3"));
  EXPECT_THAT(inner.all, ElementsAre("text/plain||text|2"));
}

TEST(Attaching, WithoutABodyOnTheThreadIsAnErrorOfTheProgram) {
  EXPECT_THROW(attach("1", "text/plain"), std::logic_error);
}

TEST(Transposed, MakesColumnsRows) {
  const Table table({{"a", "b"}, {"1", "2"}, {"3", "4"}});
  EXPECT_EQ(table.transposed().rows(),
            (std::vector<std::vector<std::string>>{{"a", "1", "3"}, {"b", "2", "4"}}));
  EXPECT_TRUE(Table().transposed().rows().empty());
  EXPECT_THROW(Table({{"a", "b"}, {"1"}}).transposed(), std::invalid_argument);
}

}  // namespace
}  // namespace muster
