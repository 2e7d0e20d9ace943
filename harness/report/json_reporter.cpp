#include "report/json_reporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "report/colour.hpp"
#include "report/titles.hpp"

namespace muster::report {
namespace {

using OrderedJson = nlohmann::ordered_json;
using messages::Status;

std::string dumped(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

/// A name as a part of an id: lower case, blanks as `-`.
std::string slug(std::string_view name) {
  std::string out = to_lower(name);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == ' ' || c == '\t' || c == '\n'; }, '-');
  return out;
}

/// The form knows no unknown: it is told as a failure.
std::string_view status_of(Status status) {
  return word_of(status == Status::unknown ? Status::failed : status);
}

OrderedJson result_of(const StepResult& result) {
  OrderedJson made = {{"status", status_of(result.status)}};
  if (result.duration_ns > 0) made["duration"] = result.duration_ns;
  if (!result.problem.empty()) made["error_message"] = result.problem;
  if (result.status == Status::unknown && result.problem.empty())
    made["error_message"] = "did not come to its end";
  return made;
}

OrderedJson lacking_result(const std::string& why) {
  OrderedJson made = {{"status", why.empty() ? "skipped" : "failed"}};
  if (!why.empty()) made["error_message"] = why;
  return made;
}

void add_attachments(OrderedJson& step, const std::vector<messages::Attachment>& attachments) {
  for (const messages::Attachment& each : attachments) {
    if (is_log(each)) {
      step["output"].push_back(text_of(each));
      continue;
    }
    const bool encoded = each.content_encoding == messages::ContentEncoding::base64;
    OrderedJson embedding = {{"mime_type", each.media_type},
                             {"data", encoded ? each.body : to_base64(each.body)}};
    if (each.file_name) embedding["name"] = *each.file_name;
    step["embeddings"].push_back(std::move(embedding));
  }
}

bool comes_after(const messages::Hook* hook) {
  return hook != nullptr && hook->type == messages::HookType::after_test_case;
}

}  // namespace

OrderedJson JsonReporter::tags(const messages::Pickle& pickle) const {
  OrderedJson made = OrderedJson::array();
  const Document* document = story().document(pickle);
  for (const messages::PickleTag& tag : pickle.tags) {
    const DocumentIndex::Tag* known = document ? document->index().tag(tag.ast_node_id) : nullptr;
    made.push_back({{"name", tag.name}, {"line", known ? known->line : 0}});
  }
  return made;
}

OrderedJson JsonReporter::element(const messages::Pickle& pickle, const Attempt& attempt) const {
  const Document* document = story().document(pickle);
  const DocumentIndex::Scenario* scenario = story().scenario(pickle);
  std::string id = slug(document ? document->name : pickle.uri) + ";" + slug(pickle.name);
  if (const DocumentIndex::Row* row = story().row(pickle))
    // rows count from the header of their table
    id += fmt::format(";{};{}", slug(row->examples), row->row + 1);
  OrderedJson made;
  if (attempt.started_ns > 0) {
    const messages::Timestamp time = messages::timestamp_from_ns(attempt.started_ns);
    made["start_timestamp"] = to_rfc3339({time.seconds, static_cast<std::int32_t>(time.nanos)});
  }
  made["line"] = story().line(pickle);
  made["name"] = pickle.name;
  made["description"] = scenario ? scenario->description : "";
  made["id"] = id;
  made["type"] = "scenario";
  made["keyword"] = scenario ? scenario->keyword : "Scenario";
  made["tags"] = tags(pickle);
  made["steps"] = OrderedJson::array();
  return made;
}

OrderedJson JsonReporter::step(const messages::Pickle& pickle, const messages::TestStep& step,
                               const messages::PickleStep& pickle_step) const {
  const DocumentIndex::Step* node = story().node(pickle, pickle_step);
  OrderedJson made = {{"keyword", node ? node->keyword : ""},
                      {"line", node ? node->line : 0},
                      {"name", pickle_step.text}};
  OrderedJson match = OrderedJson::object();
  if (step.step_definition_ids && step.step_definition_ids->size() == 1)
    if (const auto* definition = story().definition(step.step_definition_ids->front())) {
      match["location"] = place_of(definition->source_reference);
      if (step.step_match_arguments_lists && !step.step_match_arguments_lists->empty())
        for (const auto& each : step.step_match_arguments_lists->front().step_match_arguments) {
          OrderedJson argument = OrderedJson::object();
          if (each.group.value) argument["val"] = *each.group.value;
          if (each.group.start) argument["offset"] = *each.group.start;
          match["arguments"].push_back(std::move(argument));
        }
    }
  made["match"] = std::move(match);
  if (!pickle_step.argument) return made;
  if (const auto& text = pickle_step.argument->doc_string) {
    made["doc_string"] = {{"value", text->content}, {"line", node ? node->text_line : 0}};
    if (text->media_type) made["doc_string"]["content_type"] = *text->media_type;
  }
  if (const auto& table = pickle_step.argument->data_table)
    for (const messages::PickleTableRow& row : table->rows) {
      OrderedJson cells = OrderedJson::array();
      for (const messages::PickleTableCell& cell : row.cells) cells.push_back(cell.value);
      made["rows"].push_back({{"cells", std::move(cells)}});
    }
  return made;
}

void JsonReporter::add(const messages::Pickle& pickle, const Attempt& attempt,
                       const std::string& lacking) {
  OrderedJson scenario = element(pickle, attempt);
  OrderedJson background;
  std::string why = lacking;
  const auto result_for = [&](const std::string& id) -> const StepResult* {
    for (const StepResult& result : attempt.results)
      if (result.test_step_id == id) return &result;
    return nullptr;
  };
  for (const messages::TestStep& each : attempt.planned->test_case().test_steps) {
    const messages::PickleStep* pickle_step = story().pickle_step(attempt, each);
    const messages::Hook* hook = each.hook_id ? story().hook(*each.hook_id) : nullptr;
    OrderedJson made;
    if (pickle_step != nullptr) {
      made = step(pickle, each, *pickle_step);
    } else {
      made["match"] = {{"location", hook ? place_of(hook->source_reference) : ""}};
    }
    if (const StepResult* result = result_for(each.id)) {
      made["result"] = result_of(*result);
      add_attachments(made, result->attachments);
    } else {
      made["result"] = lacking_result(std::exchange(why, {}));
    }
    const DocumentIndex::Step* node = pickle_step ? story().node(pickle, *pickle_step) : nullptr;
    if (pickle_step == nullptr) {
      scenario[comes_after(hook) ? "after" : "before"].push_back(std::move(made));
    } else if (node == nullptr || node->background == nullptr) {
      scenario["steps"].push_back(std::move(made));
    } else {
      if (background.is_null())
        background = {{"line", node->background->line},
                      {"name", node->background->name},
                      {"description", node->background->description},
                      {"type", "background"},
                      {"keyword", node->background->keyword},
                      {"steps", OrderedJson::array()}};
      background["steps"].push_back(std::move(made));
    }
  }
  if (!why.empty())
    scenario["after"].push_back({{"match", {{"location", ""}}}, {"result", lacking_result(why)}});
  std::string& elements = features_[pickle.uri];
  if (!background.is_null()) elements += (elements.empty() ? "" : ",\n") + dumped(background);
  elements += (elements.empty() ? "" : ",\n") + dumped(scenario);
}

void JsonReporter::ended(const Attempt& attempt) {
  if (attempt.pickle() == nullptr)
    return problem({"unknown scenario", "run", std::string(word_of(attempt.status()))});
  add(*attempt.pickle(), attempt,
      attempt.status() == Status::unknown ? "did not come to its end" : "");
}

void JsonReporter::not_run(const PlannedCase& planned) {
  Attempt none;
  none.planned = &planned;
  if (planned.pickle() != nullptr) add(*planned.pickle(), none, "was not run");
}

void JsonReporter::problem(const RunProblem& problem) {
  const OrderedJson step = {{"keyword", "* "},
                            {"line", 0},
                            {"name", problem.type},
                            {"match", OrderedJson::object()},
                            {"result", {{"status", "failed"}, {"error_message", problem.problem}}}};
  const OrderedJson made = {{"line", 0},
                            {"name", problem.name},
                            {"description", ""},
                            {"id", "the-run;" + slug(problem.name)},
                            {"type", "scenario"},
                            {"keyword", "Run"},
                            {"tags", OrderedJson::array()},
                            {"steps", {step}}};
  run_ += (run_.empty() ? "" : ",\n") + dumped(made);
}

void JsonReporter::feature_over(const Document& document) {
  const auto found = features_.find(document.uri);
  if (found == features_.end()) return;
  write_feature(found->first, found->second);
  features_.erase(found);
}

void JsonReporter::write_feature(const std::string& uri, const std::string& elements) {
  messages::Pickle any;
  any.uri = uri;
  const Document* document = story().document(any);
  OrderedJson tags = OrderedJson::array();
  if (document != nullptr)
    for (const std::string& tag : document->tags) tags.push_back({{"name", tag}});
  const std::string name = document ? document->name : "the run";
  const OrderedJson head = {{"uri", uri},
                            {"id", slug(name)},
                            {"keyword", document ? document->keyword : "Feature"},
                            {"name", name},
                            {"description", document ? document->description : ""},
                            {"line", document ? document->line : 0},
                            {"tags", std::move(tags)}};
  std::string text = dumped(head);
  text.pop_back();  // its brace
  out().write((begun_ ? ",\n" : "[\n") + text + ",\"elements\":[\n" + elements + "\n]}");
  begun_ = true;
}

void JsonReporter::close() {
  for (const auto& [uri, elements] : features_) write_feature(uri, elements);
  if (!run_.empty()) write_feature("", run_);
  out().write(begun_ ? "\n]\n" : "[]\n");
}

}  // namespace muster::report
