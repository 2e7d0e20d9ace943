#include "app/run_reports.hpp"

#include <csignal>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/json.hpp"
#include "base/redact.hpp"
#include "report/colour.hpp"
#include "report/format.hpp"

namespace muster::app {
namespace {

std::map<std::string, std::int64_t> by_word(const report::Counts& counts) {
  std::map<std::string, std::int64_t> named;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    named[std::string(report::word_of(static_cast<messages::Status>(i)))] = counts[i];
  }
  return named;
}

}  // namespace

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
  std::signal(SIGPIPE, SIG_IGN);
  auto reports = report::open_reports(options);
  if (!reports) return reports.error();
  return std::unique_ptr<RunReports>(new RunReports(std::move(reports).value()));
}

void RunReports::record_in(journal::Journal& journal) {
  journal_ = &journal;
  if (!early_.empty()) keep(journal_->messages().append(early_));
  early_ = {};
}

void RunReports::on(const messages::Envelope& envelope) {
  line_.clear();
  messages::append_ndjson(line_, envelope);
  reports_->on_line(envelope, line_);
  if (journal_ != nullptr) {
    keep(journal_->messages().append(line_));
  } else {
    early_ += line_;
  }
}

void RunReports::observe(const std::string& line) {
  if (journal_ == nullptr) return;
  const auto raw = parse_json(line);
  if (!raw) return;
  tally_.take(*raw);
  const Json observation = redacted_json(*raw);
  keep(journal_->observations().append(dump_json(observation)));
  if (string_at(observation, "lane") == "event" && string_at(observation, "kind") == "recorded") {
    keep(journal_->hatch().append(dump_json(observation.value("data", Json::object()))));
  }
}

void RunReports::flush() {
  reports_->quiet();
  if (journal_ != nullptr) keep(journal_->flush());
}

Result<void> RunReports::finish() {
  auto finished = reports_->finish();
  return finished ? written_ : finished;
}

std::map<std::string, std::int64_t> RunReports::scenarios() const {
  const report::Story& story = reports_->story();
  auto counts = by_word(story.scenarios());
  const auto add = [&](const char* word, std::int64_t count) {
    if (count > 0) counts[word] = count;
  };
  if (counts["passed"] -= story.flaky(); counts["passed"] == 0) counts.erase("passed");
  add("flaky", story.flaky());
  add("not run", static_cast<std::int64_t>(story.not_run().size()));
  return counts;
}

std::map<std::string, std::int64_t> RunReports::steps() const {
  return by_word(reports_->story().steps());
}

void RunReports::keep(const Result<void>& written) {
  if (!written && written_) written_ = written;
}

}  // namespace muster::app
