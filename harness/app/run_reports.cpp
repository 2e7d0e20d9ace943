#include "app/run_reports.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/json.hpp"
#include "journal/observer.hpp"
#include "report/colour.hpp"
#include "report/format.hpp"

namespace muster::app {

Result<std::unique_ptr<RunReports>> RunReports::open(const std::vector<std::string>& formats,
                                                     const std::string& color,
                                                     const std::string& command) {
  report::ReportOptions options;
  for (const std::string& text : formats) {
    auto format = report::parse_format(text);
    if (!format) return format.error();
    options.formats.push_back(std::move(format).value());
  }
  const auto colour = report::parse_colour(color);
  if (!colour) return colour.error();
  options.colour = *colour;
  options.command = command;
  options.environment = [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  auto reporter = report::open_reports(options);
  if (!reporter) return reporter.error();
  return std::unique_ptr<RunReports>(new RunReports(std::move(reporter).value()));
}

void RunReports::record_in(journal::Journal& journal) {
  journal_ = &journal;
  for (const auto& envelope : early_) keep(journal_->append(envelope));
  early_.clear();
}

void RunReports::on(const messages::Envelope& envelope) {
  reporter_->on(envelope);
  count(envelope);
  if (journal_ != nullptr) {
    keep(journal_->append(envelope));
  } else {
    early_.push_back(envelope);
  }
}

void RunReports::observe(const std::string& line) {
  if (journal_ == nullptr) return;
  const auto raw = parse_json(line);
  if (!raw) return;
  tally_.take(*raw);
  const Json observation = journal::redacted_json(*raw);
  keep(journal_->observations().append(dump_json(observation)));
  if (string_at(observation, "lane") == "event" && string_at(observation, "kind") == "recorded") {
    keep(journal_->hatch().append(dump_json(observation.value("data", Json::object()))));
  }
}

Result<void> RunReports::finish() {
  auto finished = reporter_->finish();
  return finished ? written_ : finished;
}

void RunReports::count(const messages::Envelope& envelope) {
  if (const auto* step = std::get_if<messages::TestStepFinished>(&envelope)) {
    const auto status = step->test_step_result.status;
    ++steps_[std::string(report::word_of(status))];
    auto& worst = worst_[step->test_case_started_id];
    worst = std::max(worst, status);
  } else if (const auto* done = std::get_if<messages::TestCaseFinished>(&envelope)) {
    ++scenarios_[std::string(report::word_of(worst_[done->test_case_started_id]))];
    worst_.erase(done->test_case_started_id);
  }
}

void RunReports::keep(const Result<void>& written) {
  if (!written && written_) written_ = written;
}

}  // namespace muster::app
