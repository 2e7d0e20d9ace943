#include "fixtures/worlds/console.hpp"
#include "fixtures/worlds/hearth.hpp"
#include "fixtures/worlds/parameters.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

STEP("a {tier} workspace {slug} is requested") = [](Console& console, Tier tier, Slug slug) {
  console.request_workspace(slug.text, tier.text);
};

THEN("the workspace is {status}") = [](Console& console, Hearth& hearth, Status status) {
  EXPECT_EQ(hearth.status(console.requested()), status.text);
};

WHEN("the workspace {slug} is upgraded to {tier}") = [](Console& console, Slug slug, Tier tier) {
  console.upgrade(slug.text, tier.text);
};

WHEN("the teardown of workspace {slug} is requested") = [](Console& console, Slug slug) {
  console.send_off("DELETE", "/api/hearth/workspaces/" + slug.text);
};

WHEN("its status is polled for {int} ms") = [](Hearth& hearth, Console& console, int time) {
  hearth.poll_status(console.requested(), std::chrono::milliseconds(time));
};

WHEN("the workspace {slug} is torn down") = [](Console& console, Slug slug) {
  console.del("/api/hearth/workspaces/" + slug.text).expect(200);
};
