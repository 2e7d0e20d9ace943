#include "report/planned_case.hpp"

#include <algorithm>
#include <utility>

#include "messages/packed.hpp"
#include "report/colour.hpp"

namespace muster::report {

using messages::Status;

Status graver(Status a, Status b) {
  const auto gravity = [](Status status) {
    return status == Status::unknown ? 2 * static_cast<int>(Status::skipped) + 1
                                     : 2 * static_cast<int>(status);
  };
  return gravity(a) < gravity(b) ? b : a;
}

std::string cause_of(const messages::TestStepResult& result) {
  if (!result.exception) return {};
  const std::string& type = result.exception->type;
  return type == "timed-out" || type == "leaked" ? type : std::string();
}

std::string problem_of(const messages::TestStepResult& result) {
  if (result.message && !result.message->empty()) return *result.message;
  if (!result.exception) return {};
  const messages::Exception& thrown = *result.exception;
  if (thrown.stack_trace && !thrown.stack_trace->empty()) return *thrown.stack_trace;
  return thrown.message ? thrown.type + ": " + *thrown.message : thrown.type;
}

Document::Document(const messages::GherkinDocument& document)
    : uri(document.uri.value_or("")), bytes_(messages::pack(document)) {
  if (!document.feature) return;
  keyword = document.feature->keyword;
  name = document.feature->name;
  description = document.feature->description;
  tags = names_of(document.feature->tags);
  line = document.feature->location.line;
}

const DocumentIndex& Document::index() const {
  if (!index_) {
    index_.emplace(messages::unpack<messages::GherkinDocument>(bytes_));
    bytes_ = {};
  }
  return *index_;
}

Status Attempt::status() const {
  const Status found = worst.value_or(Status::passed);
  const bool whole = !cut_off && (planned == nullptr || results.size() >= planned->steps());
  return whole ? found : graver(worst.value_or(Status::unknown), Status::unknown);
}

std::string Attempt::word() const {
  const Status worst_of_all = status();
  if (worst_of_all == Status::failed)
    for (const StepResult& result : results)
      if (result.status == Status::failed)
        return result.cause.empty() ? std::string(word_of(Status::failed)) : result.cause;
  return std::string(word_of(worst_of_all));
}

const messages::Pickle* Attempt::pickle() const {
  return planned == nullptr ? nullptr : planned->pickle();
}

PlannedCase::PlannedCase(const messages::TestCase& test_case, Shelf::Item packed,
                         Shelf::Item packed_pickle, std::size_t order)
    : id_(test_case.id),
      packed_(std::move(packed)),
      packed_pickle_(std::move(packed_pickle)),
      steps_(test_case.test_steps.size()),
      order_(order) {
  for (const messages::TestStep& step : test_case.test_steps)
    if (!step.pickle_step_id) hooks_.push_back(step.id);
}

const messages::TestCase& PlannedCase::test_case() const {
  if (!test_case_)
    test_case_ =
        std::make_unique<messages::TestCase>(messages::unpack<messages::TestCase>(packed_.bytes()));
  return *test_case_;
}

const messages::Pickle* PlannedCase::pickle() const {
  if (!pickle_ && !packed_pickle_.bytes().empty())
    pickle_ = std::make_unique<messages::Pickle>(
        messages::unpack<messages::Pickle>(packed_pickle_.bytes()));
  return pickle_.get();
}

bool PlannedCase::is_hook(std::string_view test_step_id) const {
  return std::find(hooks_.begin(), hooks_.end(), test_step_id) != hooks_.end();
}

}  // namespace muster::report
