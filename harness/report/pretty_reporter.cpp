#include "report/pretty_reporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <type_traits>
#include <variant>

#include "base/text.hpp"
#include "report/layout.hpp"
#include "report/summary.hpp"

namespace muster::report {
namespace {

using messages::Status;

/// Places stand at most this far to the right; longer lines have theirs right behind them.
constexpr std::size_t kMaxColumn = 76;

std::string place_of(const messages::SourceReference& reference) {
  if (!reference.uri) return {};
  if (!reference.location) return *reference.uri;
  return fmt::format("{}:{}", *reference.uri, reference.location->line);
}

std::string_view hook_words(const messages::Hook* hook) {
  using messages::HookType;
  if (hook == nullptr || !hook->type) return "Hook";
  switch (*hook->type) {
    case HookType::before_test_run:
      return "Before all";
    case HookType::after_test_run:
      return "After all";
    case HookType::before_test_case:
      return "Before";
    case HookType::after_test_case:
      return "After";
    case HookType::before_test_step:
      return "Before step";
    case HookType::after_test_step:
      return "After step";
  }
  return "Hook";
}

std::string hook_title(const messages::Hook* hook) {
  std::string title(hook_words(hook));
  if (hook != nullptr && hook->name) title += fmt::format(" ({})", *hook->name);
  return printable(title);
}

std::string problem_of(const messages::TestStepResult& result) {
  if (result.message && !result.message->empty()) return *result.message;
  if (!result.exception) return {};
  const messages::Exception& thrown = *result.exception;
  if (thrown.stack_trace && !thrown.stack_trace->empty()) return *thrown.stack_trace;
  return thrown.message ? thrown.type + ": " + *thrown.message : thrown.type;
}

/// Bytes that base64 stands for, near enough to be told.
std::size_t size_of(const messages::Attachment& attachment) {
  if (attachment.content_encoding == messages::ContentEncoding::identity)
    return attachment.body.size();
  const std::size_t padding = attachment.body.ends_with("==")  ? 2
                              : attachment.body.ends_with("=") ? 1
                                                               : 0;
  const std::size_t whole = attachment.body.size() / 4 * 3;
  return whole - std::min(whole, padding);
}

/// JSON up to this size stands under its title; more is for programs, and in the messages.
constexpr std::size_t kShownJson = 512;

std::string attached(const messages::Attachment& attachment, std::size_t margin,
                     const Painter& paint) {
  const bool plain = attachment.content_encoding == messages::ContentEncoding::identity;
  if (plain && attachment.media_type == "text/x.cucumber.log+plain")
    return block(attachment.body, margin, paint, Paint::plain);
  std::string title = "attached";
  if (attachment.file_name) title += " " + *attachment.file_name;
  title += fmt::format(" ({}, {} bytes)", attachment.media_type, size_of(attachment));
  std::string out = block(printable(title), margin, paint, Paint::dim);
  const bool data = attachment.media_type.starts_with("application/json");
  if (plain && (attachment.media_type.starts_with("text/") ||
                (data && attachment.body.size() <= kShownJson)))
    out += block(attachment.body, margin + 2, paint, Paint::plain);
  return out;
}

}  // namespace

void PrettyReporter::on(const messages::Envelope& envelope) {
  std::visit(
      [this](const auto& told) {
        using Told = std::decay_t<decltype(told)>;
        if constexpr (std::is_same_v<Told, messages::TestCaseStarted>) on_started(told);
        if constexpr (std::is_same_v<Told, messages::TestStepFinished>) on_step(told);
        if constexpr (std::is_same_v<Told, messages::Attachment>) on_attachment(told);
        if constexpr (std::is_same_v<Told, messages::TestCaseFinished>) on_ended(told);
        if constexpr (std::is_same_v<Told, messages::TestRunHookStarted>)
          run_hooks_[told.id] = told.hook_id;
        if constexpr (std::is_same_v<Told, messages::TestRunHookFinished>) on_run_hook(told);
        if constexpr (std::is_same_v<Told, messages::TestRunFinished>) on_run_ended(told);
        if constexpr (std::is_same_v<Told, messages::ParseError>)
          out_.write(block(told.message, 0, paint_, Paint::red) + "\n");
        if constexpr (std::is_same_v<Told, messages::UndefinedParameterType>)
          out_.write(block(fmt::format("the parameter type '{}' of '{}' is not defined", told.name,
                                       told.expression),
                           0, paint_, Paint::red) +
                     "\n");
        if constexpr (std::is_same_v<Told, messages::Suggestion>) {
          for (const messages::Snippet& snippet : told.snippets)
            if (std::find(snippets_.begin(), snippets_.end(), snippet.code) == snippets_.end())
              snippets_.push_back(snippet.code);
        }
      },
      envelope);
}

PrettyReporter::Telling* PrettyReporter::telling(const std::string& started_id) {
  for (Telling& each : tellings_)
    if (each.started_id == started_id) return &each;
  return nullptr;
}

/// Tells what the first scenario has to say, and the whole of those behind it that have ended.
void PrettyReporter::release() {
  while (!tellings_.empty()) {
    Telling& first = tellings_.front();
    out_.write(first.text);
    first.text.clear();
    const bool ended = first.ended;
    if (ended) tellings_.pop_front();
    if (ended || out_.is_live()) out_.flush();
    if (!ended) return;
  }
}

void PrettyReporter::on_started(const messages::TestCaseStarted& started) {
  Telling made;
  made.started_id = started.id;
  if (const Story::Attempt* attempt = story_.attempt(started.id); attempt && attempt->pickle) {
    made.text = headings(*attempt);
    made.text += scenario_heading(*attempt, made);
  }
  tellings_.push_back(std::move(made));
  release();
}

std::string PrettyReporter::headings(const Story::Attempt& attempt) {
  std::string out;
  const Story::Scenario* scenario = story_.scenario(*attempt.pickle);
  if (scenario == nullptr) return out;
  if (scenario->feature != feature_) {
    feature_ = scenario->feature;
    rule_ = nullptr;
    if (!feature_->tags.empty()) out += block(join(feature_->tags, " "), 0, paint_, Paint::cyan);
    const std::string title = printable(fmt::format("{}: {}", feature_->keyword, feature_->name));
    const std::string place = fmt::format("{}:{}", feature_->uri, feature_->line);
    out += with_place(paint_(Paint::bold, title), display_width(title), 0, place);
    out += block(feature_->description, 0, paint_, Paint::plain) + "\n";
  }
  if (scenario->rule != nullptr && scenario->rule != rule_) {
    if (!scenario->rule->tags.empty())
      out += block(join(scenario->rule->tags, " "), 2, paint_, Paint::cyan);
    out += block(fmt::format("{}: {}", scenario->rule->keyword, scenario->rule->name), 2, paint_,
                 Paint::bold) +
           "\n";
  }
  rule_ = scenario->rule;
  return out;
}

std::string PrettyReporter::scenario_heading(const Story::Attempt& attempt,
                                             Telling& telling) const {
  const messages::Pickle& pickle = *attempt.pickle;
  const Story::Scenario* scenario = story_.scenario(pickle);
  telling.margin = scenario && scenario->rule ? 4 : 2;
  std::string title = fmt::format("{}: {}", scenario ? scenario->keyword : "Scenario", pickle.name);
  if (attempt.number > 0) title += fmt::format(" (attempt {})", attempt.number + 1);
  title = printable(title);

  const auto fit = [&](std::size_t width) {
    if (width <= kMaxColumn) telling.comments = std::max(telling.comments, width);
  };
  fit(telling.margin + display_width(title));
  for (const messages::PickleStep& step : pickle.steps)
    fit(telling.margin + 4 + display_width(printable(story_.keyword(step) + step.text)));
  telling.comments += 1;

  std::string out;
  if (const std::vector<std::string> tags = story_.own_tags(pickle); !tags.empty())
    out += block(join(tags, " "), telling.margin, paint_, Paint::cyan);
  const std::string place = fmt::format("{}:{}", pickle.uri, story_.line(pickle));
  return out + with_place(std::string(telling.margin, ' ') + paint_(Paint::bold, title),
                          telling.margin + display_width(title), telling.comments, place);
}

/// `line` is `width` columns wide on the terminal; its place stands at `column`, or one blank
/// behind it.
std::string PrettyReporter::with_place(std::string line, std::size_t width, std::size_t column,
                                       const std::string& place) const {
  if (!place.empty()) {
    line += std::string(width < column ? column - width : 1, ' ');
    line += paint_(Paint::dim, "# " + printable(place));
  }
  return line + "\n";
}

void PrettyReporter::on_step(const messages::TestStepFinished& finished) {
  Telling* told = telling(finished.test_case_started_id);
  const Story::Attempt* attempt = story_.attempt(finished.test_case_started_id);
  if (told == nullptr || attempt == nullptr) return;
  const messages::TestStep* step = story_.test_step(*attempt, finished.test_step_id);
  if (step != nullptr) told->text += step_lines(*attempt, *step, finished.test_step_result, *told);
  told->attached.clear();
  release();
}

std::string PrettyReporter::step_lines(const Story::Attempt& attempt,
                                       const messages::TestStep& step,
                                       const messages::TestStepResult& result,
                                       const Telling& telling) const {
  const Paint colour = paint_of(result.status);
  const std::string mark = paint_(colour, mark_of(result.status));
  const std::string problem = problem_of(result);
  const std::size_t margin = telling.margin + 2;
  std::string out = std::string(margin, ' ') + mark + " ";
  if (const messages::PickleStep* pickle_step = story_.pickle_step(attempt, step)) {
    const std::string keyword = printable(story_.keyword(*pickle_step));
    std::vector<messages::StepMatchArgument> arguments;
    std::string place;
    if (step.step_definition_ids && step.step_definition_ids->size() == 1) {
      const messages::StepDefinition* definition =
          story_.definition(step.step_definition_ids->front());
      if (definition != nullptr) place = place_of(definition->source_reference);
      if (step.step_match_arguments_lists && !step.step_match_arguments_lists->empty())
        arguments = step.step_match_arguments_lists->front().step_match_arguments;
    }
    out += paint_(colour, keyword) + step_text(pickle_step->text, arguments, paint_, colour);
    const std::size_t width =
        margin + 2 + display_width(keyword) + display_width(printable(pickle_step->text));
    out = with_place(std::move(out), width, telling.comments, place);
    out += arguments_of(*pickle_step, margin + 4, colour);
  } else {
    // hooks that went well and said nothing are not worth a line
    const bool quiet = result.status == Status::passed || result.status == Status::skipped;
    if (quiet && telling.attached.empty() && problem.empty()) return {};
    const messages::Hook* hook = step.hook_id ? story_.hook(*step.hook_id) : nullptr;
    const std::string title = hook_title(hook);
    out = with_place(out + paint_(colour, title), margin + 2 + display_width(title),
                     telling.comments, hook ? place_of(hook->source_reference) : std::string());
  }
  out += telling.attached;
  out += block(problem, margin + 4, paint_, colour);
  if (result.status == Status::ambiguous && problem.empty()) out += candidates(step, margin + 4);
  return out;
}

std::string PrettyReporter::arguments_of(const messages::PickleStep& step, std::size_t margin,
                                         Paint colour) const {
  std::string out;
  if (!step.argument) return out;
  if (step.argument->doc_string)
    out += doc_string(*step.argument->doc_string, margin, paint_, colour);
  if (step.argument->data_table) out += table(*step.argument->data_table, margin, paint_, colour);
  return out;
}

std::string PrettyReporter::candidates(const messages::TestStep& step, std::size_t margin) const {
  std::string out = "several definitions fit:\n";
  for (const std::string& id : step.step_definition_ids.value_or(std::vector<std::string>())) {
    const messages::StepDefinition* definition = story_.definition(id);
    if (definition != nullptr)
      out += fmt::format("  {} # {}\n", definition->pattern.source,
                         place_of(definition->source_reference));
  }
  return block(out, margin, paint_, paint_of(Status::ambiguous));
}

void PrettyReporter::on_attachment(const messages::Attachment& attachment) {
  Telling* told =
      attachment.test_case_started_id ? telling(*attachment.test_case_started_id) : nullptr;
  if (told != nullptr)
    told->attached += attached(attachment, told->margin + 6, paint_);
  else
    run_attached_ += attached(attachment, 4, paint_);
}

void PrettyReporter::on_ended(const messages::TestCaseFinished& finished) {
  Telling* told = telling(finished.test_case_started_id);
  if (told == nullptr) return;
  told->text += told->attached + "\n";
  told->ended = true;
  release();
}

void PrettyReporter::on_run_hook(const messages::TestRunHookFinished& finished) {
  const auto started = run_hooks_.find(finished.test_run_hook_started_id);
  const messages::Hook* hook = started == run_hooks_.end() ? nullptr : story_.hook(started->second);
  const std::string text = std::exchange(run_attached_, {});
  const Status status = finished.result.status;
  const std::string problem = problem_of(finished.result);
  if (status == Status::passed && text.empty() && problem.empty()) return;
  const std::string title = hook_title(hook);
  const std::string line = paint_(paint_of(status), fmt::format("{} {}", mark_of(status), title));
  out_.write(with_place(line, 2 + display_width(title), 0,
                        hook ? place_of(hook->source_reference) : std::string()) +
             text + block(problem, 4, paint_, paint_of(status)) + "\n");
  out_.flush();
}

void PrettyReporter::on_run_ended(const messages::TestRunFinished& finished) {
  for (Telling& each : tellings_) {
    each.text += each.attached;
    each.text += block("did not come to its end", each.margin + 2, paint_, Paint::red) + "\n";
    each.ended = true;
  }
  release();
  out_.write(summary(story_, snippets_, finished, command_, paint_));
  out_.flush();
}

}  // namespace muster::report
