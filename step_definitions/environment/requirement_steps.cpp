#include "fixtures/worlds/stack.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

namespace {

Json component(Stack& stack, const std::string& id) {
  return stack.state()["requirements"]["Main"]["components"].value(id, Json::object());
}

}  // namespace

GIVEN("this environment:") = [](Stack& stack, const DocString& text) {
  stack.machine().write("muster.toml", text.content);
};

WHEN("its {word} is asked for", timeout(std::chrono::seconds(90))) =
    [](Stack& stack, std::string command) { stack.env({command}); };

WHEN("the service {string} is restarted",
     timeout(std::chrono::seconds(30))) = [](Stack& stack, std::string service) {
  stack.env({"restart", service});
};

WHEN("all of it is stopped with its data", timeout(std::chrono::seconds(30))) = [](Stack& stack) {
  stack.env({"stop-all", "--data"});
};

THEN("it ends with {int}") = [](Stack& stack, int code) {
  EXPECT_EQ(stack.exit_code(), code) << stack.output();
};

THEN("it says {string}") = [](Stack& stack, std::string words) {
  EXPECT_NE(stack.output().find(words), std::string::npos) << stack.output();
};

THEN("the requirement {string} is {word}") = [](Stack& stack, std::string id, std::string health) {
  EXPECT_EQ(component(stack, id).value("health", ""), health) << stack.output();
};

THEN("the requirement {string} has failed as {word}") = [](Stack& stack, std::string id,
                                                           std::string failure_class) {
  EXPECT_EQ(component(stack, id).value("failure_class", ""), failure_class)
      << component(stack, id).dump();
};

THEN("the server of {string} runs as {string}") = [](Stack& stack, std::string id,
                                                     std::string user) {
  EXPECT_EQ(stack.user_of(component(stack, id).value("pid", 0)), user);
};

THEN("no server of {string} is left") = [](Stack& stack, std::string id) {
  EXPECT_EQ(stack.user_of(component(stack, id).value("pid", 0)), "");
};

THEN("the file {string} has {string}") = [](Stack& stack, std::string file, std::string words) {
  EXPECT_NE(stack.machine().read(file).find(words), std::string::npos)
      << stack.machine().read(file);
};

THEN("no artifact has the password of {string}") = [](Stack& stack, std::string id) {
  std::string password = stack.read_scope("data/Main-" + id + "/password");
  ASSERT_GE(password.size(), 16U);
  password.pop_back();
  EXPECT_EQ(stack.artifacts().find(password), std::string::npos);
};
