#include "gherkin/feature_tree.hpp"

#include "gherkin/arena.hpp"
#include "gherkin/parse_document.hpp"
#include "gherkin/pickles.hpp"

namespace muster::gherkin {

struct FeatureTree::Parts {
  explicit Parts(std::size_t bytes) : arena(bytes) {}

  std::string uri;
  std::string text;
  IncrementalIds ids;  // for their texts
  Arena arena;
  tree::Document document;
  std::vector<tree::Pickle> pickles;
  std::vector<messages::ParseError> errors;
};

FeatureTree::FeatureTree(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
FeatureTree::FeatureTree(FeatureTree&&) noexcept = default;
FeatureTree& FeatureTree::operator=(FeatureTree&&) noexcept = default;
FeatureTree::~FeatureTree() = default;

const std::string& FeatureTree::uri() const {
  return parts_->uri;
}
const std::string& FeatureTree::text() const {
  return parts_->text;
}
const tree::Document& FeatureTree::document() const {
  return parts_->document;
}
const std::vector<tree::Pickle>& FeatureTree::pickles() const {
  return parts_->pickles;
}
const std::vector<messages::ParseError>& FeatureTree::errors() const {
  return parts_->errors;
}
const IncrementalIds& FeatureTree::ids() const {
  return parts_->ids;
}

FeatureTree parse_tree(std::string uri, std::string text, IncrementalIds& ids,
                       const ParseOptions& options) {
  // the tree takes about as much as the text, its pickles again
  auto parts = std::make_unique<FeatureTree::Parts>(2 * text.size());
  parts->uri = std::move(uri);
  parts->text = std::move(text);
  Failures failures(parts->uri, options.limits.errors);
  parts->document =
      parse_document(parts->uri, parts->text, parts->arena, ids, options, failures, {});
  if (failures.empty()) {
    PickleCompiler compiler(parts->arena, ids, options.limits, failures);
    parts->pickles = compiler.compile(parts->document);
  }
  if (!failures.empty()) {
    parts->document = {};
    parts->pickles.clear();
    parts->errors = failures.take();
  }
  parts->ids = ids;
  return FeatureTree(std::move(parts));
}

}  // namespace muster::gherkin
