#include <gmock/gmock.h>

#include <variant>

#include "config/envctl_file.hpp"
#include "config/load.hpp"
#include "config/managed_block.hpp"
#include "config/managed_keys.hpp"
#include "config/show.hpp"
#include "testing/temp_tree.hpp"

namespace muster::config {
namespace {

using ::testing::HasSubstr;

constexpr KeySpec kKeys[] = {
    {.key = "env.mode", .fallback = "main", .about = "mode", .choices = "main|trees"},
    {.key = "env.slot", .kind = Kind::integer, .fallback = "100", .about = "slot", .minimum = 1},
    {.key = "env.runtime_dir", .about = "runtime"},
    {.key = "run.paths", .kind = Kind::list, .fallback = "features", .about = "paths"},
    {.key = "service[].name", .about = "name"},
    {.key = "service[].command", .kind = Kind::any, .about = "command", .variable = "-"},
    {.key = "service[].cwd", .about = "cwd"},
    {.key = "service[].port", .kind = Kind::integer, .about = "port"},
    {.key = "service[].ready", .kind = Kind::list, .about = "ready"},
};

Schema schema() {
  return Schema{kKeys};
}

TEST(ManagedBlock, KeepsTheRestByteForByte) {
  for (const std::string text : {"", "a = 1", "a = 1\n", "# x\r\na = 1\r\n",
                                 "[t]\nb = \"\xc3\xbc\"\n\n\n", "a = 1\n\n# end"}) {
    const auto file = split_managed("muster.toml", text);
    ASSERT_TRUE(file);
    EXPECT_FALSE(file->block);
    const std::string with = join_managed(*file, "[env]\nmode = \"trees\"\n");
    EXPECT_THAT(with, ::testing::StartsWith(text));
    const auto again = split_managed("muster.toml", with);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->block, "[env]\nmode = \"trees\"\n");
    EXPECT_EQ(join_managed(*again, *again->block), with) << "written twice, the same";
    EXPECT_EQ(join_managed(*again, ""), text) << "taken away, as it was before";
    // what stands behind the block stays behind it
    const auto behind = split_managed("muster.toml", with + "# later\n");
    EXPECT_THAT(join_managed(*behind, "x = 1\n"), ::testing::EndsWith("# later\n"));
  }
}

TEST(ManagedBlock, IsRefusedWithHalfItsMarks) {
  const std::string begins = std::string(kBlockBegins) + "\n";
  const std::string ends = std::string(kBlockEnds) + "\n";
  for (const auto& [text, line] :
       std::vector<std::pair<std::string, int>>{{"a = 1\n" + begins + "b = 1\n", 2},
                                                {"a = 1\n" + ends, 2},
                                                {begins + begins + ends, 2},
                                                {begins + ends + ends, 3},
                                                {ends + begins, 1}}) {
    const auto file = split_managed("muster.toml", text);
    ASSERT_FALSE(file) << text;
    EXPECT_EQ(file.error().code, "managed_block_broken");
    EXPECT_EQ(file.error().place.line, line) << text;
  }
}

TEST(ManagedKeys, AreReadAsTheyAreWritten) {
  const Schema known = schema();
  ManagedKeys keys;
  ASSERT_TRUE(set_managed_key(known, keys, "env.mode", "trees"));
  ASSERT_TRUE(set_managed_key(known, keys, "env.slot", "20"));
  ASSERT_TRUE(set_managed_key(known, keys, "run.paths", "a,b \"c\""));
  const std::string block = write_managed_keys(keys);
  EXPECT_EQ(block, "[env]\nmode = \"trees\"\nslot = 20\n[run]\npaths = [\"a\", \"b \\\"c\\\"\"]\n");
  auto back = read_managed_keys(known, "muster.toml", block + "[[service]]\nname = \"web\"\n");
  ASSERT_TRUE(back) << back.error().message;
  ASSERT_EQ(back->services.size(), 1u);
  EXPECT_EQ(write_managed_keys(*back), block + "[[service]]\nname = \"web\"\n");
}

TEST(ManagedKeys, RefuseWhatIsNoKeyOrNoValue) {
  const Schema known = schema();
  ManagedKeys keys;
  const auto wrong = set_managed_key(known, keys, "env.mod", "trees");
  EXPECT_EQ(wrong.error().code, "config_key_unknown");
  EXPECT_THAT(wrong.error().hint, HasSubstr("env.mode"));
  EXPECT_EQ(set_managed_key(known, keys, "service[].name", "x").error().code, "config_key_unknown");
  EXPECT_EQ(set_managed_key(known, keys, "env.mode", "forest").error().code, "config_value");
  EXPECT_EQ(set_managed_key(known, keys, "env.slot", "many").error().code, "config_type");
  EXPECT_TRUE(keys.empty());
}

constexpr const char* kEnvctl = R"(# a comment
ENVCTL_DEFAULT_MODE=trees
export PORT_SPACING="20"  # between trees

BACKEND_DIR=backend
BACKEND_PORT_BASE=8000
ENVCTL_BACKEND_START_CMD='python3 -m http.server {port}'
FRONTEND_DIR=frontend
SOMETHING_ELSE=1
)";

TEST(EnvctlFile, TellsWhatBecomesOfEachLine) {
  const auto file = read_envctl(schema(), kEnvctl);
  std::map<std::string, std::string> keys;
  for (const auto& line : file.lines) keys[line.name] = line.key;
  EXPECT_EQ(keys["ENVCTL_DEFAULT_MODE"], "env.mode");
  EXPECT_EQ(keys["PORT_SPACING"], "env.slot");
  EXPECT_EQ(keys["ENVCTL_BACKEND_START_CMD"], "service backend.command");
  EXPECT_EQ(keys["FRONTEND_DIR"], "") << "a service without a command is none";
  EXPECT_EQ(keys["SOMETHING_ELSE"], "");
  for (const auto& line : file.lines) EXPECT_NE(line.key.empty(), line.note.empty()) << line.name;
  EXPECT_EQ(write_managed_keys(file.keys),
            "[env]\nmode = \"trees\"\nslot = 20\n"
            "[[service]]\nname = \"backend\"\ncommand = \"python3 -m http.server {port}\"\n"
            "cwd = \"backend\"\nport = 8000\nready = [\"tcp\"]\n");
}

TEST(EnvctlFile, HoldsBelowTheFileAndAboveDefaults) {
  const testing::TempTree tree;
  tree.write(".envctl", kEnvctl);
  tree.write(".git/HEAD", "");
  tree.write("muster.toml", "[env]\nslot = 7\n");
  Request request;
  request.folder = tree.str();
  auto loaded = load(schema(), request);
  auto* config = std::get_if<Config>(&loaded);
  ASSERT_NE(config, nullptr) << render(std::get<std::vector<Diagnostic>>(loaded).front());
  EXPECT_EQ(*config->get<std::string>("env.mode"), "trees");
  EXPECT_EQ(config->origin("env.mode").place.line, 2);
  EXPECT_THAT(config->origin("env.mode").place.uri, ::testing::EndsWith("/.envctl"));
  EXPECT_EQ(*config->get<int>("env.slot"), 7) << "muster.toml is stronger";
  EXPECT_EQ(*config->get<std::string>("service[0].name"), "backend");
  EXPECT_THAT(show_text(*config), HasSubstr(".envctl:2"));
  EXPECT_EQ(config->error_at("env.mode", "x", "y").place.line, 2);
  EXPECT_EQ(config->error_at("env.mode", "x", "y").excerpt, "");

  request.environment["MUSTER_ENV_MODE"] = "main";
  auto above = load(schema(), request);
  EXPECT_EQ(*std::get<Config>(above).get<std::string>("env.mode"), "main");
}

TEST(EnvctlFile, IsReadWithoutAnyMusterToml) {
  const testing::TempTree tree;
  tree.write(".envctl", kEnvctl);
  Request request;
  request.folder = tree.str();
  auto loaded = load(schema(), request);
  EXPECT_EQ(*std::get<Config>(loaded).get<std::string>("env.mode"), "trees");
}

TEST(EnvctlFile, OfAnyContentIsHarmless) {
  for (const std::string text : {"", "=", "a", "'=\"", "BACKEND_PORT=99999999\n",
                                 "ENVCTL_DEFAULT_MODE=forest", "PORT_SPACING=\"", "\0x=1"}) {
    const auto file = read_envctl(schema(), text);
    EXPECT_TRUE(file.keys.empty()) << text;
    for (const auto& line : file.lines) EXPECT_FALSE(line.note.empty()) << text;
  }
}

}  // namespace
}  // namespace muster::config
