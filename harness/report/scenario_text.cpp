#include "report/scenario_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "report/layout.hpp"
#include "report/titles.hpp"

namespace muster::report {
namespace {

using messages::Status;

/// Places stand at most this far to the right; longer lines have theirs right behind them.
constexpr std::size_t kMaxColumn = 76;
/// JSON up to this size stands under its title; more is for programs, and in the messages.
constexpr std::size_t kShownJson = 512;

std::string attached(const messages::Attachment& attachment, std::size_t margin,
                     const Painter& paint) {
  const bool plain = attachment.content_encoding == messages::ContentEncoding::identity;
  if (plain && is_log(attachment)) return block(attachment.body, margin, paint, Paint::plain);
  std::string title = "attached";
  if (attachment.file_name) title += " " + *attachment.file_name;
  title += fmt::format(" ({}, {} bytes)", attachment.media_type, size_of(attachment));
  std::string out = block(printable(title), margin, paint, Paint::dim);
  const bool data = attachment.media_type.starts_with("application/json");
  if (plain && is_text(attachment) && (!data || attachment.body.size() <= kShownJson))
    out += block(attachment.body, margin + 2, paint, Paint::plain);
  return out;
}

std::string attached(const std::vector<messages::Attachment>& attachments, std::size_t margin,
                     const Painter& paint) {
  std::string out;
  for (const messages::Attachment& each : attachments) out += attached(each, margin, paint);
  return out;
}

bool is_quiet(Status status) {
  return status == Status::passed || status == Status::skipped;
}

}  // namespace

ScenarioText::Columns ScenarioText::columns(const Attempt& attempt) const {
  Columns made;
  const messages::Pickle* pickle = attempt.pickle();
  if (pickle == nullptr) return made;
  const DocumentIndex::Scenario* scenario = story_.scenario(*pickle);
  made.margin = scenario && scenario->rule ? 4 : 2;
  const auto fit = [&](std::size_t width) {
    if (width <= kMaxColumn) made.comments = std::max(made.comments, width);
  };
  std::string title =
      fmt::format("{}: {}", scenario ? scenario->keyword : "Scenario", pickle->name);
  if (attempt.number > 0) title += fmt::format(" (attempt {})", attempt.number + 1);
  fit(made.margin + display_width(printable(title)));
  for (const messages::PickleStep& step : pickle->steps)
    fit(made.margin + 4 + display_width(printable(story_.keyword(*pickle, step) + step.text)));
  made.comments += 1;
  return made;
}

std::string ScenarioText::heading(const Attempt& attempt, const Columns& columns) const {
  const messages::Pickle* pickle = attempt.pickle();
  if (pickle == nullptr) return {};
  const DocumentIndex::Scenario* scenario = story_.scenario(*pickle);
  std::string title =
      fmt::format("{}: {}", scenario ? scenario->keyword : "Scenario", pickle->name);
  if (attempt.number > 0) title += fmt::format(" (attempt {})", attempt.number + 1);
  title = printable(title);
  std::string out;
  if (const std::vector<std::string> tags = story_.own_tags(*pickle); !tags.empty())
    out += block(join(tags, " "), columns.margin, paint_, Paint::cyan);
  return out + with_place(std::string(columns.margin, ' ') + paint_(Paint::bold, title),
                          columns.margin + display_width(title), columns.comments,
                          place_of(story_, *pickle));
}

std::string ScenarioText::with_place(std::string line, std::size_t width, std::size_t column,
                                     const std::string& place) const {
  if (!place.empty()) {
    line += std::string(width < column ? column - width : 1, ' ');
    line += paint_(Paint::dim, "# " + printable(place));
  }
  return without_commands(std::move(line)) + "\n";
}

std::string ScenarioText::step(const Attempt& attempt, const StepResult& result,
                               const Columns& columns) const {
  const messages::TestStep* step = story_.test_step(attempt, result.test_step_id);
  if (step == nullptr) return {};
  const Paint colour = paint_of(result.status);
  const std::string mark = paint_(colour, mark_of(result.status));
  const std::size_t margin = columns.margin + 2;
  std::string out = std::string(margin, ' ') + mark + " ";
  if (const messages::PickleStep* pickle_step = story_.pickle_step(attempt, *step)) {
    const std::string keyword = printable(story_.keyword(*attempt.pickle(), *pickle_step));
    std::vector<messages::StepMatchArgument> found;
    std::string place;
    if (step->step_definition_ids && step->step_definition_ids->size() == 1) {
      const messages::StepDefinition* definition =
          story_.definition(step->step_definition_ids->front());
      if (definition != nullptr) place = place_of(definition->source_reference);
      if (step->step_match_arguments_lists && !step->step_match_arguments_lists->empty())
        found = step->step_match_arguments_lists->front().step_match_arguments;
    }
    out += paint_(colour, keyword) + step_text(pickle_step->text, found, paint_, colour);
    const std::size_t width =
        margin + 2 + display_width(keyword) + display_width(printable(pickle_step->text));
    out = with_place(std::move(out), width, columns.comments, place);
    out += arguments(*pickle_step, margin + 4, colour);
  } else {
    // hooks that went well and said nothing are not worth a line
    if (is_quiet(result.status) && result.attachments.empty() && result.problem.empty()) return {};
    const messages::Hook* hook = step->hook_id ? story_.hook(*step->hook_id) : nullptr;
    const std::string title = printable(hook_title(hook));
    out = with_place(out + paint_(colour, title), margin + 2 + display_width(title),
                     columns.comments, hook ? place_of(hook->source_reference) : std::string());
  }
  out += attached(result.attachments, margin + 4, paint_);
  out += block(result.problem, margin + 4, paint_, colour);
  if (result.status == Status::ambiguous && result.problem.empty())
    out += block(candidates(story_, *step), margin + 4, paint_, colour);
  return out;
}

std::string ScenarioText::arguments(const messages::PickleStep& step, std::size_t margin,
                                    Paint colour) const {
  std::string out;
  if (!step.argument) return out;
  if (step.argument->doc_string)
    out += doc_string(*step.argument->doc_string, margin, paint_, colour);
  if (step.argument->data_table) out += table(*step.argument->data_table, margin, paint_, colour);
  return out;
}

std::string ScenarioText::loose(const Attempt& attempt, const Columns& columns) const {
  return attached(attempt.attachments, columns.margin + 6, paint_);
}

std::string ScenarioText::body(const Attempt& attempt, const Columns& columns) const {
  std::string out;
  for (const StepResult& result : attempt.results) out += step(attempt, result, columns);
  out += loose(attempt, columns);
  if (attempt.cut_off)
    out += block("did not come to its end", columns.margin + 2, paint_, Paint::red);
  return out;
}

std::string ScenarioText::whole(const Attempt& attempt) const {
  const Columns found = columns(attempt);
  return heading(attempt, found) + body(attempt, found);
}

std::string ScenarioText::run_hook(const messages::TestRunHookFinished& finished) const {
  const messages::Hook* hook = story_.run_hook(finished.test_run_hook_started_id);
  const std::string text =
      attached(story_.run_attachments(finished.test_run_hook_started_id), 4, paint_);
  const Status status = finished.result.status;
  const std::string problem = problem_of(finished.result);
  if (status == Status::passed && text.empty() && problem.empty()) return {};
  const std::string title = printable(hook_title(hook));
  const std::string line = paint_(paint_of(status), fmt::format("{} {}", mark_of(status), title));
  return with_place(line, 2 + display_width(title), 0,
                    hook ? place_of(hook->source_reference) : std::string()) +
         text + block(problem, 4, paint_, paint_of(status)) + "\n";
}

}  // namespace muster::report
