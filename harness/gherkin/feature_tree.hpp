#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "gherkin/limits.hpp"
#include "gherkin/tree.hpp"
#include "messages/document.hpp"
#include "messages/pickle.hpp"

namespace muster::gherkin {

/// A parsed file in few allocations: the text, its tree and its pickles, or its errors. Its parts
/// live as long as it does, also when it is moved.
class FeatureTree {
 public:
  struct Parts;
  explicit FeatureTree(std::unique_ptr<Parts> parts);
  FeatureTree(FeatureTree&&) noexcept;
  FeatureTree& operator=(FeatureTree&&) noexcept;
  ~FeatureTree();

  bool ok() const { return errors().empty(); }
  const std::string& uri() const;
  const std::string& text() const;
  const tree::Document& document() const;            ///< empty if there are errors
  const std::vector<tree::Pickle>& pickles() const;  ///< empty if there are errors
  const std::vector<messages::ParseError>& errors() const;

  /// The same as messages.
  messages::Source source_message() const;
  messages::GherkinDocument document_message() const;
  messages::Pickle message(const tree::Pickle& pickle) const;

 private:
  const IncrementalIds& ids() const;

  std::unique_ptr<Parts> parts_;
};

/// As `parse` of gherkin.hpp, but what it makes are views.
FeatureTree parse_tree(std::string uri, std::string text, IncrementalIds& ids,
                       const ParseOptions& options = {});

}  // namespace muster::gherkin
