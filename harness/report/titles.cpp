#include "report/titles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/digest.hpp"

namespace muster::report {
namespace {

using messages::ContentEncoding;

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

}  // namespace

std::string place_of(const messages::SourceReference& reference) {
  if (!reference.uri) return {};
  if (!reference.location) return *reference.uri;
  return fmt::format("{}:{}", *reference.uri, reference.location->line);
}

std::string hook_title(const messages::Hook* hook) {
  std::string title(hook_words(hook));
  if (hook != nullptr && hook->name && !hook->name->empty())
    title += fmt::format(" ({})", *hook->name);
  return title;
}

std::string step_title(const Story& story, const Attempt& attempt, const StepResult& result) {
  const messages::TestStep* step = story.test_step(attempt, result.test_step_id);
  if (step == nullptr) return "Step";
  if (const messages::PickleStep* pickle_step = story.pickle_step(attempt, *step))
    return story.keyword(*attempt.pickle(), *pickle_step) + pickle_step->text;
  return hook_title(step->hook_id ? story.hook(*step->hook_id) : nullptr);
}

std::string place_of(const Story& story, const messages::Pickle& pickle) {
  const int line = story.line(pickle);
  return line > 0 ? fmt::format("{}:{}", pickle.uri, line) : pickle.uri;
}

std::string unique_name(const Story& story, const messages::Pickle& pickle) {
  std::string which;
  if (const DocumentIndex::Row* row = story.row(pickle))
    which = fmt::format("{}#{}.{}", row->examples.empty() ? std::string() : row->examples + " ",
                        row->table, row->row);
  const DocumentIndex::Scenario* scenario = story.scenario(pickle);
  if (scenario != nullptr && scenario->namesake)
    which += fmt::format("{}line {}", which.empty() ? "" : ", ", story.line(pickle));
  return which.empty() ? pickle.name : fmt::format("{} ({})", pickle.name, which);
}

std::string candidates(const Story& story, const messages::TestStep& step) {
  std::string out = "several definitions fit:\n";
  for (const std::string& id : step.step_definition_ids.value_or(std::vector<std::string>())) {
    const messages::StepDefinition* definition = story.definition(id);
    if (definition != nullptr)
      out += fmt::format("  {} # {}\n", definition->pattern.source,
                         place_of(definition->source_reference));
  }
  return out;
}

std::size_t size_of(const messages::Attachment& attachment) {
  if (attachment.content_encoding == ContentEncoding::identity) return attachment.body.size();
  const std::size_t padding = attachment.body.ends_with("==")  ? 2
                              : attachment.body.ends_with("=") ? 1
                                                               : 0;
  const std::size_t whole = attachment.body.size() / 4 * 3;
  return whole - std::min(whole, padding);
}

bool is_log(const messages::Attachment& attachment) {
  return attachment.media_type == "text/x.cucumber.log+plain";
}

bool is_text(const messages::Attachment& attachment) {
  return attachment.media_type.starts_with("text/") ||
         attachment.media_type.starts_with("application/json");
}

std::string text_of(const messages::Attachment& attachment) {
  if (attachment.content_encoding == ContentEncoding::identity) return attachment.body;
  return from_base64(attachment.body).value_or(attachment.body);
}

}  // namespace muster::report
