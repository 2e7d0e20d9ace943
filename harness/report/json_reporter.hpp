// The JSON of Cucumber before its messages, as cucumber-jvm writes it and as dashboards read it
// (cucumber-json-schema, net.masterthought): an array of features with their elements.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "report/case_reporter.hpp"
#include "report/outcome.hpp"

namespace muster::report {

/// `json`: one document. Backgrounds are elements of their own before each scenario, hooks stand in
/// `before` and `after`, attachments in `embeddings`, logs in `output`. That form has no words for
/// scenarios that never ended or never ran: their first step without a result is `failed` and says
/// so. What went wrong with the run as a whole is a feature of its own.
class JsonReporter final : public CaseReporter {
 public:
  JsonReporter(const Story& story, LineWriter out) : CaseReporter(story, std::move(out)) {}

 private:
  void ended(const Attempt& attempt) override;
  void not_run(const PlannedCase& planned) override;
  void problem(const RunProblem& problem) override;
  void feature_over(const Document& document) override;
  void close() override;

  void add(const messages::Pickle& pickle, const Attempt& attempt, const std::string& lacking);
  nlohmann::ordered_json element(const messages::Pickle& pickle, const Attempt& attempt) const;
  nlohmann::ordered_json step(const messages::Pickle& pickle, const messages::TestStep& step,
                              const messages::PickleStep& pickle_step) const;
  nlohmann::ordered_json tags(const messages::Pickle& pickle) const;
  void write_feature(const std::string& uri, const std::string& elements);

  std::map<std::string, std::string> features_;  // elements of open ones by uri
  std::string run_;                              // elements of the run as a whole
  bool begun_ = false;
};

}  // namespace muster::report
