#include "schema/schema.hpp"

#include <gtest/gtest.h>

#include "schema/uri.hpp"
#include "schema/value.hpp"
#include "testing/temp_tree.hpp"

namespace muster::schema {
namespace {

Schema compiled(const std::string& text, Limits limits = {}) {
  return Schema::compile(Json::parse(text), {}, resolve_nothing, limits).value_or_throw();
}

std::vector<std::string> texts(const std::string& schema, const std::string& instance) {
  std::vector<std::string> all;
  for (const Violation& one : compiled(schema).validate(Json::parse(instance)))
    all.push_back(one.to_text());
  return all;
}

using Texts = std::vector<std::string>;

TEST(Schema, SaysWhereInTheInstanceAndWhereInTheSchema) {
  EXPECT_EQ(texts(R"({"properties":{"a/b":{"items":{"type":"integer","minimum":1}}}})",
                  R"({"a/b":[1,"x",0]})"),
            (Texts{"/a~1b/1: expected an integer from 1, found string \"x\" (schema "
                   "#/properties/a~1b/items/type)",
                   "/a~1b/2: expected an integer from 1, found number 0 (schema "
                   "#/properties/a~1b/items/minimum)"}));
  EXPECT_EQ(
      texts(R"({"type":"object","required":["a"],"properties":{"a":{"enum":["x",1]}}})", "{}"),
      (Texts{"/a: expected one of x, 1, found nothing (schema #/required)"}));
  EXPECT_EQ(texts(R"({"additionalProperties":false,"properties":{"a":true}})", R"({"a":1,"b":2})"),
            (Texts{"/b: expected nothing, found number 2 (schema #/additionalProperties)"}));
  EXPECT_EQ(texts(R"({"dependencies":{"a":["b"]}})", R"({"a":1})"),
            (Texts{"/b: expected a value, because a is there, found nothing (schema "
                   "#/dependencies/a)"}));
  EXPECT_EQ(texts(R"({"uniqueItems":true})", "[1,{\"a\":1},1.0]"),
            (Texts{"the whole: expected elements that differ, found the same at 0 and 2 (schema "
                   "#/uniqueItems)"}));
  EXPECT_EQ(texts(R"({"propertyNames":{"pattern":"^a"}})", R"({"b":1})"),
            (Texts{"/b: expected a value matching ^a, found string \"b\" (schema "
                   "#/propertyNames/pattern)"}));
}

TEST(Schema, TellsTheWayThroughReferences) {
  const auto found = compiled(R"({"definitions":{"n":{"type":"integer"}},
                                  "properties":{"a":{"$ref":"#/definitions/n"}}})")
                         .validate({{"a", "x"}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].schema, "#/definitions/n/type");
  EXPECT_EQ(found[0].path, "/properties/a/$ref/type");
  EXPECT_EQ(found[0].keyword, "type");
}

TEST(Schema, OfAlternativesTheOneThatCameFurthestSaysWhy) {
  const auto found = compiled(R"({"oneOf":[{"type":"string"},
                                           {"properties":{"a":{"type":"integer"}}}]})")
                         .validate({{"a", "x"}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].to_text(),
            "the whole: expected exactly one of 2 schemas, found an object, which none takes "
            "(schema #/oneOf)");
  ASSERT_EQ(found[0].causes.size(), 1U);
  EXPECT_EQ(found[0].causes[0].schema, "#/oneOf/1/properties/a/type");
  EXPECT_EQ(texts(R"({"oneOf":[{"type":"integer"},{"minimum":0}]})", "3"),
            (Texts{"the whole: expected exactly one of 2 schemas, found several that take it: 0, 1 "
                   "(schema #/oneOf)"}));
}

TEST(Schema, NumbersAreComparedAsDecimals) {
  const auto takes = [](const char* schema, const char* instance) {
    return compiled(schema).accepts(Json::parse(instance));
  };
  EXPECT_TRUE(takes(R"({"multipleOf":0.01})", "123456789.01"));
  EXPECT_FALSE(takes(R"({"multipleOf":0.01})", "0.015"));
  EXPECT_FALSE(takes(R"({"multipleOf":0.123456789})", "1e308"));
  EXPECT_TRUE(takes(R"({"multipleOf":1e-308})", "1e300"));
  EXPECT_TRUE(takes(R"({"const":18446744073709551615})", "18446744073709551615"));
  EXPECT_FALSE(takes(R"({"const":18446744073709551615})", "-1"));
  EXPECT_TRUE(takes(R"({"enum":[[1,{"a":2.0}]]})", R"([1.0,{"a":2}])"));
  EXPECT_FALSE(takes(R"({"enum":[false]})", "0"));
  EXPECT_FALSE(takes(R"({"maximum":9007199254740992})", "9007199254740993"));
  EXPECT_TRUE(takes(R"({"type":"integer"})", "1.0"));
}

TEST(Schema, PatternsAreRe2sOrElseBoosts) {
  EXPECT_TRUE(compiled(R"({"pattern":"^(?=.*\\d)[a-z0-9]+$"})").accepts("abc1"));
  EXPECT_FALSE(compiled(R"({"pattern":"^(?=.*\\d)[a-z0-9]+$"})").accepts("abc"));
  EXPECT_FALSE(compiled(R"({"pattern":"(?=a)(a|aa)+$"})").accepts(std::string(5'000, 'a') + "b"))
      << "what gives no answer within its bound is refused";
  EXPECT_FALSE(compiled(R"({"pattern":"^a$"})").accepts("a\n"));
}

std::string refusal(const Json& schema, Limits limits = {}) {
  const auto made = Schema::compile(schema, {}, resolve_nothing, limits);
  return made ? "none" : made.error().code + ": " + made.error().message;
}

TEST(Schema, RefusesASchemaThatIsNone) {
  EXPECT_EQ(refusal(Json::parse(R"({"properties":{"a":{"type":"text"}}})")).substr(0, 52),
            "schema_invalid: the schema #/properties/a/type: expe");
  EXPECT_EQ(refusal(Json::parse(R"({"minLength":-1})")),
            "schema_invalid: the schema #/minLength: expected an integer from 0, found number -1");
  EXPECT_EQ(refusal(Json::parse("3")),
            "schema_invalid: the schema  is neither an object nor true or false");
  EXPECT_EQ(refusal(Json::parse(R"({"pattern":"("})")).substr(0, 46),
            "schema_pattern: the pattern ( at #/pattern is ");
  EXPECT_EQ(refusal(Json::parse(R"({"$ref":"#/definitions/a"})")),
            "schema_reference: $ref #/definitions/a at # leads nowhere");
  EXPECT_EQ(refusal(Json::parse(R"({"$ref":"#/x","x":{"minimum":"1"}})")),
            "schema_invalid: the schema #/x/minimum: expected a number, found string \"1\"")
      << "also where only a reference leads to it";
  EXPECT_EQ(refusal(Json::parse(R"({"definitions":{"a":{"$ref":"#/definitions/b"},
                                                  "b":{"$ref":"#/definitions/a"}},
                                   "$ref":"#/definitions/a"})")),
            "schema_reference: the $ref at # leads round in a circle");
  EXPECT_EQ(refusal(Json::parse(R"({"$ref":"http://example.com/x.json"})")),
            "schema_reference: there is no schema http://example.com/x.json");
}

TEST(Schema, NestsOnlySoDeep) {
  // nlohmann copies recursively: such values can only be parsed and moved
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "{\"not\":";
  Json deep = Json::parse(text + "true" + std::string(100'000, '}'));
  EXPECT_EQ(Schema::compile(std::move(deep)).error().code, "schema_depth");

  const Json value = Json::parse(std::string(100'000, '[') + std::string(100'000, ']'));
  const auto tree = compiled(R"({"items":{"$ref":"#"}})");
  ASSERT_EQ(tree.validate(value).size(), 1U);
  EXPECT_EQ(tree.validate(value)[0].keyword, "limit");

  const auto endless = compiled(R"({"anyOf":[{"not":{"$ref":"#"}}]})");
  ASSERT_EQ(endless.validate(1).size(), 1U);
  EXPECT_EQ(endless.validate(1)[0].expected, "at most 256 nested schemas");
}

TEST(Schema, AsksOnlySoMuch) {
  // each level doubles what has to be checked
  Json definitions = {{"a0", true}};
  for (int i = 1; i < 60; ++i) {
    const Json lower = {{"$ref", "#/definitions/a" + std::to_string(i - 1)}};
    definitions["a" + std::to_string(i)] = {{"allOf", {lower, lower}}};
  }
  Limits few;
  few.checks = 10'000;
  const auto bomb = Schema::compile({{"definitions", definitions}, {"$ref", "#/definitions/a59"}},
                                    {}, resolve_nothing, few)
                        .value_or_throw();
  ASSERT_EQ(bomb.validate(1).size(), 1U);
  EXPECT_EQ(bomb.validate(1)[0].expected, "at most 10000 checks");
  EXPECT_EQ(compiled(R"({"items":false})").validate(Json(std::vector<int>(5'000))).size(), 100U)
      << "told at most";
}

TEST(Schema, ReadsFilesOfOneFolderOnly) {
  const testing::TempTree tree;
  tree.write("frames.json", R"({"definitions":{"frame":{"$ref":"parts.json#/name"}}})");
  tree.write("parts.json", R"({"name":{"type":"string"}})");
  const std::string folder = tree.str();
  const auto schema = Schema::open("frames.json#/definitions/frame", folder).value_or_throw();
  EXPECT_TRUE(schema.accepts("x"));
  ASSERT_FALSE(schema.accepts(1));
  EXPECT_EQ(schema.validate(1)[0].schema, "file:///parts.json#/name/type");
  for (const char* outside : {"../frames.json", "/etc/passwd", "a/../frames.json", ""})
    EXPECT_EQ(Schema::open(outside, folder).error().code, "schema_file") << outside;
  EXPECT_EQ(Schema::open("absent.json", folder).error().code, "schema_file");
  tree.write("up.json", R"({"$ref":"..%2fframes.json"})");
  EXPECT_EQ(Schema::open("up.json", folder).error().code, "schema_file");
}

// RFC 3986 section 5.4: the examples that have to do with references between documents.
TEST(Uri, ResolvesAsTheStandardSays) {
  const std::string base = "http://a/b/c/d;p?q";
  const std::pair<const char*, const char*> examples[] = {{"g:h", "g:h"},
                                                          {"g", "http://a/b/c/g"},
                                                          {"./g", "http://a/b/c/g"},
                                                          {"g/", "http://a/b/c/g/"},
                                                          {"/g", "http://a/g"},
                                                          {"//g", "http://g"},
                                                          {"?y", "http://a/b/c/d;p?y"},
                                                          {"g?y", "http://a/b/c/g?y"},
                                                          {"#s", "http://a/b/c/d;p?q#s"},
                                                          {"g#s", "http://a/b/c/g#s"},
                                                          {"", "http://a/b/c/d;p?q"},
                                                          {".", "http://a/b/c/"},
                                                          {"..", "http://a/b/"},
                                                          {"../g", "http://a/b/g"},
                                                          {"../../g", "http://a/g"},
                                                          {"../../../g", "http://a/g"},
                                                          {"/./g", "http://a/g"},
                                                          {"/../g", "http://a/g"},
                                                          {"g;x=1/../y", "http://a/b/c/y"},
                                                          {"http:g", "http:g"}};
  for (const auto& [reference, expected] : examples)
    EXPECT_EQ(resolve_uri(base, reference), expected) << reference;
  EXPECT_EQ(resolve_uri("", "#/a"), "#/a");
  EXPECT_EQ(split_fragment("u#/a%25b").second, "/a%b");
}

TEST(SchemaValue, EqualNumbersHaveOneText) {
  EXPECT_EQ(canonical(Json::parse("[1, 1.0, 1e0, 100, 1e2, -0.0, 0]")),
            "[1e0,1e0,1e0,1e2,1e2,0,0,]");
  EXPECT_NE(canonical(Json::parse("9007199254740993")), canonical(Json::parse("9007199254740992")));
}

}  // namespace
}  // namespace muster::schema
