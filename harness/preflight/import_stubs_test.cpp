#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "base/text.hpp"
#include "preflight/check_program.hpp"
#include "preflight/import_project_for_tests.hpp"
#include "preflight/import_proto.hpp"
#include "preflight/import_source.hpp"

namespace muster::preflight {
namespace {

constexpr const char* every_construct = R"(
syntax = "proto3";  // a comment
package hearth.v1;
import "google/protobuf/timestamp.proto";
import public 'other/shared.proto';
option java_package = "x.y";
option (custom).thing = { a: 1 b: [2, 3] };

/* Workspaces; nested
   and repeated */
message Workspace {
  reserved 7, 9 to 11;
  reserved "old";
  enum Tier { option allow_alias = true; TIER_UNSPECIFIED = 0; SPARK = 1; ALSO = 1 [deprecated = true]; LOW = -1; }
  message Inner { Tier tier = 1; .hearth.v1.Workspace parent = 2; }
  string slug = 1 [json_name = "Slug", deprecated = true];
  repeated int64 ports = 2 [packed = false];
  map<string, Inner> parts = 3;
  oneof owner { string user = 4; Team team = 5; }
  optional bool ready = 6;
  google.protobuf.Timestamp made = 0x0C;
  shared.Ext ext = 13;
  Tier tier = 14;
  ;
}
message Team { string name = 1; message Workspace {} Workspace mine = 2; }
service Console {
  option deprecated = true;
  rpc Place(Workspace) returns (stream Team);
  rpc Watch (stream hearth.v1.Workspace) returns (google.protobuf.Timestamp) { option (x) = 1; }
}
)";

TEST(Protos, EveryConstructIsRead) {
  const Result<ProtoFile> file = parse_proto(every_construct);
  ASSERT_TRUE(file.ok()) << file.error().message << " at " << file.error().place.line;
  const auto said = [&](const std::string& key) {
    const auto found = file->statements.find(key);
    return found == file->statements.end() ? std::string("absent") : found->second.text();
  };
  EXPECT_EQ(said("syntax"), "proto3");
  EXPECT_EQ(said("import of other/shared.proto"), "import public");
  EXPECT_EQ(said("field 2 of hearth.v1.Workspace"), "repeated int64 ports packed false");
  EXPECT_EQ(said("field 3 of hearth.v1.Workspace"), "map<string, hearth.v1.Workspace.Inner> parts");
  EXPECT_EQ(said("field 5 of hearth.v1.Workspace"), "hearth.v1.Team team in oneof owner");
  EXPECT_EQ(said("field 6 of hearth.v1.Workspace"), "optional bool ready");
  EXPECT_EQ(said("field 12 of hearth.v1.Workspace"), "google.protobuf.Timestamp made");
  EXPECT_EQ(said("field 14 of hearth.v1.Workspace"), "hearth.v1.Workspace.Tier tier");
  EXPECT_EQ(said("field 2 of hearth.v1.Team"), "hearth.v1.Team.Workspace mine");
  EXPECT_EQ(said("field 2 of hearth.v1.Workspace.Inner"), "hearth.v1.Workspace parent");
  EXPECT_EQ(said("value LOW of hearth.v1.Workspace.Tier"), "-1");
  EXPECT_EQ(said("rpc Place of hearth.v1.Console"),
            "(hearth.v1.Workspace) returns (stream hearth.v1.Team)");
  EXPECT_EQ(file->methods,
            (std::vector<std::string>{"/hearth.v1.Console/Place", "/hearth.v1.Console/Watch"}));
}

TEST(Protos, ErrorsHaveAPlace) {
  struct Case {
    const char* text;
    int line;
  };
  for (const Case& bad : {Case{"message A {\n string x 1;\n}", 2}, Case{"message A {", 1},
                          Case{"syntax = \"proto3;\n", 1}, Case{"/* never ends", 1},
                          Case{"message A { string a = 1; string b = 1; }", 1},
                          Case{"\n\nwhatever;", 3}, Case{"message A { oneof x { }", 1}}) {
    const Result<ProtoFile> file = parse_proto(bad.text);
    ASSERT_FALSE(file.ok()) << bad.text;
    EXPECT_EQ(file.error().place.line, bad.line) << bad.text << ": " << file.error().message;
  }
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "message A {";
  EXPECT_FALSE(parse_proto(deep).ok());
}

TEST(Protos, DamagedDescriptorsAreRefused) {
  EXPECT_FALSE(read_descriptor("").ok());
  EXPECT_FALSE(read_descriptor("\x0a\x05only").ok());
  EXPECT_FALSE(read_descriptor(std::string(40, '\xff')).ok());
  EXPECT_FALSE(embedded_descriptor("DESCRIPTOR = 1\n").ok());
  EXPECT_FALSE(embedded_descriptor("AddSerializedFile(b'never ends").ok());
  EXPECT_EQ(*embedded_descriptor("x.AddSerializedFile(b'\\n\\x03\\141' b\"b\\'\")"),
            "\n\x03"
            "ab'");
}

TEST(Protos, NoInputIsTooMuch) {
  // Bytes changed, cut and doubled at seeded places: read or refused, never a crash.
  std::mt19937 random(20240311);
  const std::string descriptor =
      "\x0a\x07"
      "a.proto\"\x2e\x0a\x01"
      "A\x12\x0c\x0a\x01x\x18\x01 \x01(\x09R\x01x\x1a\x0a\x0a\x01"
      "B\x12\x05"
      "\x0a\x01y\x18\x02*\x0f\x0a\x01"
      "E\x12\x0a\x0a\x04ZERO\x10\x00";
  for (const std::string& seed : {std::string(every_construct), descriptor}) {
    for (int round = 0; round < 4'000; ++round) {
      std::string text = seed;
      for (unsigned changes = 1 + random() % 4; changes > 0; --changes) {
        const std::size_t at = random() % text.size();
        switch (random() % 3) {
          case 0:
            text[at] = static_cast<char>(random() % 256);
            break;
          case 1:
            text.erase(at, 1 + random() % 20);
            break;
          default:
            text.insert(at, text.substr(at, random() % 40));
        }
        if (text.empty()) text = "x";
      }
      const auto proto = parse_proto(text);
      const auto read = read_descriptor(text);
      EXPECT_TRUE(proto.ok() || !proto.error().message.empty());
      EXPECT_TRUE(read.ok() || !read.error().message.empty());
      (void)embedded_descriptor("AddSerializedFile(b'" + text);
    }
  }
}

/// A project with stubs that the real protoc made.
class Stubs : public ::testing::Test {
 protected:
  void SetUp() override {
    project.file("protos/hearth.proto",
                 "syntax = \"proto3\";\npackage hearth;\nmessage Order {\n  string slug = 1;\n}\n");
    project.file("app/__init__.py", "");
    generate("hearth.proto");
  }

  void generate(const std::string& proto) const {
    std::filesystem::create_directories(project.tree().path() / "app");
    const ProgramCall call{
        "protoc",
        {"protoc", "-I", project.tree().str("protos"), "--python_out=" + project.tree().str("app"),
         project.tree().str("protos/" + proto)},
        plain_environment(),
        ""};
    const auto made = run_program(call, Deadline(std::chrono::seconds(30)));
    ASSERT_TRUE(made.ok()) << made.error().message;
    ASSERT_TRUE(made->exit.success()) << made->err;
  }

  ImportReport check() const { return check_stubs(project.path(), project.options()); }

  /// The one result of a project with `proto` in place of what the stubs were made of.
  ImportResult with(const std::string& proto) const {
    project.file("protos/hearth.proto", proto);
    const ImportReport report = check();
    EXPECT_EQ(report.results.size(), 1u) << render(report);
    return report.results.at(0);
  }

  PythonProject project;
};

TEST_F(Stubs, ThatAreFreshAndImportPass) {
  const ImportReport report = check();
  ASSERT_EQ(report.results.size(), 1u) << render(report);
  EXPECT_TRUE(report.ok()) << render(report);
  EXPECT_EQ(report.results[0].module, "app.hearth_pb2");
}

TEST_F(Stubs, EveryConstructIsEqualToWhatProtocMakesOfIt) {
  std::string text = every_construct;
  for (const char* without :
       {"option (custom).thing = { a: 1 b: [2, 3] };\n", "{ option (x) = 1; }"}) {
    const std::size_t at = text.find(without);
    text.replace(at, std::string_view(without).size(),
                 std::string_view(without).starts_with("{") ? ";" : "");
  }
  text.replace(text.find("0x0C"), 4, "0x0F");
  project.file("protos/other/shared.proto",
               "syntax = \"proto2\";\npackage shared;\nmessage Ext { extensions 100 to 200; "
               "optional int32 a = 1 [default = 0x10]; optional string s = 2 [default = "
               "\"q\\\"x\"];\n optional float f = 3 [default = 1.5e3]; required bytes b = 4 "
               "[default = \"\\001\"]; repeated group Part = 5 { optional sint32 x = 1; } optional "
               "double inf_ = 6 [default = inf]; optional K k = 7 [default = TWO]; }\nenum K { ONE "
               "= 1; TWO = 2; }\nextend Ext { optional fixed64 more = 100; }\n");
  project.file("protos/google/protobuf/timestamp.proto",
               "syntax = \"proto3\";\npackage google.protobuf;\nmessage Timestamp {}\n");
  project.file("protos/hearth.proto", text);
  generate("hearth.proto");
  generate("other/shared.proto");
  for (const auto& [proto, stub] :
       {std::pair{"protos/hearth.proto", "app/hearth_pb2.py"},
        std::pair{"protos/other/shared.proto", "app/other/shared_pb2.py"}}) {
    const auto said = parse_proto(project.tree().read(proto));
    ASSERT_TRUE(said.ok()) << said.error().message;
    const auto bytes = embedded_descriptor(project.tree().read(stub));
    ASSERT_TRUE(bytes.ok());
    const auto descriptor = read_descriptor(*bytes);
    ASSERT_TRUE(descriptor.ok());
    for (const ProtoDifference& difference : compare_protos(*said, *descriptor))
      ADD_FAILURE() << stub << ": " << difference.what << ": " << difference.expected << " | "
                    << difference.found;
  }
}

TEST_F(Stubs, WhatChangedIsNamed) {
  struct Change {
    const char* body;
    int line;
    const char* expected;
  };
  const std::string head = "syntax = \"proto3\";\npackage hearth;\n";
  for (const Change& change : {
           Change{"message Order {\n  string slug = 1;\n  int32 tier = 2;\n}\n", 5,
                  "field 2 of hearth.Order: int32 tier"},
           Change{"message Order {\n  bytes slug = 1;\n}\n", 4,
                  "field 1 of hearth.Order: bytes slug"},
           Change{"message Order {\n  string name = 1;\n}\n", 4,
                  "field 1 of hearth.Order: string name"},
           Change{"message Order {\n  repeated string slug = 1;\n}\n", 4,
                  "field 1 of hearth.Order: repeated string slug"},
           Change{"message Order {\n}\n", 0, "field 1 of hearth.Order: not there"},
           Change{"message Order {\n  string slug = 1;\n}\nenum New {\n  ZERO = 0;\n}\n", 6,
                  "enum hearth.New: defined"},
       }) {
    const ImportResult result = with(head + change.body);
    EXPECT_EQ(result.kind, ImportKind::stub_stale) << render(result);
    EXPECT_EQ(result.expected, change.expected);
    EXPECT_EQ(result.place, (Place{"protos/hearth.proto", change.line, 0})) << render(result);
    EXPECT_TRUE(result.hint.starts_with("run the generator: protoc ")) << result.hint;
  }
  // Comments and blanks are no difference.
  EXPECT_EQ(with("// new\n" + head + "message Order { string slug=1; }").status, Status::passed);
}

TEST_F(Stubs, AbsentOnesNameTheGenerator) {
  project.file("protos/console.proto", "syntax = \"proto3\";\nmessage X {}\n");
  project.file("scripts/stubs.sh",
               "#!/bin/sh\n# protoc --python_out\nprotoc --python_out=app protos/*.proto\n");
  const ImportReport report = check();
  ASSERT_EQ(report.results.size(), 2u) << render(report);
  EXPECT_EQ(report.results[0].kind, ImportKind::stub_missing) << render(report);
  EXPECT_EQ(report.results[0].place.uri, "protos/console.proto");
  EXPECT_EQ(report.results[0].hint, "run the generator: scripts/stubs.sh:3");
  EXPECT_EQ(report.results[1].status, Status::passed) << render(report);
}

TEST_F(Stubs, ServicesNeedTheirModule) {
  const std::string proto =
      "syntax = \"proto3\";\npackage hearth;\nmessage Order {\n  string slug = 1;\n}\n"
      "service Booking {\n  rpc Place(Order) returns (Order);\n}\n";
  project.file("protos/hearth.proto", proto);
  generate("hearth.proto");
  ImportResult result = with(proto);
  EXPECT_EQ(result.kind, ImportKind::stub_missing) << render(result);
  EXPECT_EQ(result.missing, "app/hearth_pb2_grpc.py");
  EXPECT_NE(result.hint.find("grpc_tools"), std::string::npos) << result.hint;
  project.file("app/hearth_pb2_grpc.py", "# '/hearth.Booking/Other'\n");
  result = with(proto);
  EXPECT_EQ(result.kind, ImportKind::stub_stale) << render(result);
  project.file("app/hearth_pb2_grpc.py", "path = '/hearth.Booking/Place'\n");
  EXPECT_EQ(with(proto).status, Status::passed);
}

TEST_F(Stubs, OneThatDoesNotImportFails) {
  project.file("protos/base.proto", "syntax = \"proto3\";\nmessage Base {}\n");
  project.file("protos/hearth.proto",
               "syntax = \"proto3\";\npackage hearth;\nimport \"base.proto\";\nmessage Order {\n  "
               "Base base = 1;\n}\n");
  generate("base.proto");
  generate("hearth.proto");
  const ImportReport report = check();
  ASSERT_EQ(report.results.size(), 2u) << render(report);
  EXPECT_EQ(report.results[0].status, Status::passed) << render(report);
  EXPECT_EQ(report.results[1].kind, ImportKind::stub_missing) << render(report);
  EXPECT_NE(report.results[1].hint.find("on the search path"), std::string::npos);
}

TEST_F(Stubs, OthersAreTold) {
  std::filesystem::rename(project.tree().path() / "protos", project.tree().path() / "gone");
  std::filesystem::remove(project.tree().path() / "gone/hearth.proto");
  EXPECT_FALSE(check().ok());
  EXPECT_EQ(check().failures.at(0).found, "nothing to check");
  project.file("protos/new.proto", "syntax = \"proto3\";\nmessage {}\n");
  const ImportReport report = check();
  ASSERT_EQ(report.results.size(), 2u) << render(report);
  EXPECT_EQ(report.results[0].place, (Place{"protos/new.proto", 2, 0})) << render(report);
  EXPECT_EQ(report.results[1].status, Status::warned) << render(report);
}

}  // namespace
}  // namespace muster::preflight
