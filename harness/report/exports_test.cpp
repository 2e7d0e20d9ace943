// What holds for every trace and every OTLP document, whatever was run.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "report/narrated_runs.hpp"
#include "report/told_for_tests.hpp"

namespace muster::report {
namespace {

Json document(const std::string& format, const NarratedRun& run) {
  auto parsed = parse_json(told(format, run.tell).text);
  EXPECT_TRUE(parsed.ok()) << run.name << ": " << parsed.error().message;
  return parsed.ok() ? *parsed : Json::object();
}

const NarratedRun& run_of(std::string_view name) {
  for (const NarratedRun& run : kNarratedRuns)
    if (run.name == name) return run;
  throw std::runtime_error("no such run");
}

TEST(Trace, EventsHaveWhatTheirPhaseNeeds) {
  for (const NarratedRun& run : kNarratedRuns) {
    std::map<std::int64_t, int> opened;
    std::map<std::int64_t, std::string> flows;
    const Json made = document("trace", run);
    for (const Json& event : made.at("traceEvents")) {
      const std::string phase = event.at("ph");
      EXPECT_TRUE(event.at("pid").is_number_integer()) << run.name;
      EXPECT_FALSE(event.at("name").get<std::string>().empty()) << event;
      if (phase == "M") {
        EXPECT_TRUE(event.at("args").is_object());
        continue;
      }
      EXPECT_GE(event.at("ts").get<std::int64_t>(), 0) << event;
      EXPECT_TRUE(event.contains("tid")) << event;
      if (phase == "X") {
        EXPECT_GE(event.at("dur").get<std::int64_t>(), 0) << event;
      }
      if (phase == "i") {
        EXPECT_TRUE(event.contains("s")) << event;
      }
      if (phase == "b") ++opened[event.at("id").get<std::int64_t>()];
      if (phase == "e") --opened[event.at("id").get<std::int64_t>()];
      if (phase == "s" || phase == "f") flows[event.at("id").get<std::int64_t>()] += phase;
      EXPECT_NE(std::string("XiMbesf").find(phase), std::string::npos) << event;
    }
    for (const auto& [id, open] : opened) EXPECT_EQ(open, 0) << run.name << " call " << id;
    for (const auto& [id, ends] : flows) EXPECT_EQ(ends, "sf") << run.name << " call " << id;
  }
}

TEST(Trace, HasLanesArrowsAndTheGap) {
  std::set<std::string> threads, slices, phases;
  const Json made = document("trace", run_of("timeline"));
  for (const Json& event : made.at("traceEvents")) {
    phases.insert(event.at("ph").get<std::string>());
    if (event.at("name") == "thread_name")
      threads.insert(event.at("args").at("name").get<std::string>());
    else
      slices.insert(event.at("name").get<std::string>());
  }
  for (const char* name : {"steps", "gap", "process console", "process ralph",
                           "http console → ralph", "event HATCH", "wait waits"})
    EXPECT_TRUE(threads.contains(name)) << name;
  for (const char* name :
       {"the play", "Then the chain holds", "POST /runs  401", "ready", "hearth.provisioned",
        "ralph is quiet", "listening", "gap C: the worker rejected the console's bearer (401)"})
    EXPECT_TRUE(slices.contains(name)) << name;
  EXPECT_TRUE(phases.contains("s") && phases.contains("f"));
}

bool is_hex(const std::string& text, std::size_t length) {
  return text.size() == length && text.find_first_not_of("0123456789abcdef") == text.npos &&
         text.find_first_not_of('0') != text.npos;
}

const Json& spans_of(const Json& document) {
  return document.at("resourceSpans").at(0).at("scopeSpans").at(0).at("spans");
}

/// Keys are unique, and each value is one of the kinds of AnyValue.
void expect_attributes(const Json& owner) {
  std::set<std::string> keys;
  for (const Json& each : owner.at("attributes")) {
    EXPECT_TRUE(keys.insert(each.at("key").get<std::string>()).second) << owner;
    EXPECT_EQ(each.at("value").size(), 1u) << each;
  }
}

TEST(Otlp, SpansAreTreesOfTheirTraces) {
  for (const NarratedRun& run : kNarratedRuns) {
    const Json made = document("otlp", run);
    std::map<std::string, std::string> traces;  // by span
    std::map<std::string, int> roots;           // by trace
    for (const Json& span : spans_of(made)) {
      const std::string id = span.at("spanId"), trace = span.at("traceId");
      EXPECT_TRUE(is_hex(id, 16)) << id;
      EXPECT_TRUE(is_hex(trace, 32)) << trace;
      EXPECT_TRUE(traces.emplace(id, trace).second) << "twice: " << id;
      if (!span.contains("parentSpanId")) {
        ++roots[trace];
      } else {
        EXPECT_EQ(traces.at(span.at("parentSpanId").get<std::string>()), trace) << span;
      }
      EXPECT_LE(std::stoll(span.at("startTimeUnixNano").get<std::string>()),
                std::stoll(span.at("endTimeUnixNano").get<std::string>()))
          << span;
      EXPECT_GE(span.at("kind").get<int>(), 1);
      expect_attributes(span);
      for (const Json& event : span.at("events")) {
        EXPECT_TRUE(event.at("timeUnixNano").is_string()) << event;
        expect_attributes(event);
      }
    }
    for (const auto& [trace, count] : roots) EXPECT_EQ(count, 1) << run.name << " " << trace;
  }
}

TEST(Otlp, TheBrokenPlayIsAnErrorWithItsGap) {
  const Json made = document("otlp", run_of("timeline"));
  std::map<std::string, Json> spans;
  for (const Json& span : spans_of(made)) spans[span.at("name").get<std::string>()] = span;
  const Json& root = spans.at("the play");
  EXPECT_EQ(root.at("status").at("code"), 2);
  EXPECT_NE(dump_json(root.at("attributes")).find("muster.gap"), std::string::npos);
  EXPECT_NE(dump_json(root.at("events")).find("key fingerprints"), std::string::npos);
  const Json& call = spans.at("POST /runs  401");
  EXPECT_EQ(call.at("kind"), 3);
  EXPECT_EQ(call.at("parentSpanId"), spans.at("Then the chain holds").at("spanId"));
  EXPECT_NE(dump_json(spans.at("ralph").at("events")).find("listening"), std::string::npos);
}

TEST(Exports, ATimelineThatCannotBeReadIsLeftOut) {
  const auto odd = [](Narration& run) {
    run.feature("features/odd.feature", "Odd");
    const std::string id = run.scenario("odd", 3, {{"Given ", "x"}});
    run.end_feature();
    run.run_started();
    const std::string started = run.started(id);
    run.step(started, 0, messages::Status::passed);
    for (const char* body : {"", "[", "{\"format\":1}", "{\"format\":2}",
                             "{\"format\":1,\"begin_wall_ns\":\"x\",\"until\":1,\"attempt\":0,"
                             "\"lanes\":[],\"items\":[{\"lane\":7,\"at\":1}]}"})
      run.attach(started, body, std::string(messages::Timeline::kMediaType));
    run.finished(started);
    run.run_finished(true);
  };
  for (const char* format : {"trace", "otlp"}) {
    const std::string text = told(format, odd).text;
    EXPECT_TRUE(parse_json(text).ok()) << text;
    EXPECT_NE(text.find("Given x"), text.npos);
  }
}

}  // namespace
}  // namespace muster::report
