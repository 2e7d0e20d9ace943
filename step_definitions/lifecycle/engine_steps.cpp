#include "fixtures/worlds/container_engine.hpp"
#include "fixtures/worlds/parameters.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

BEFORE("@lifecycle and not @docker", timeout(std::chrono::seconds(40)),
       name("the container engine, if there is one")) = [](ContainerEngine& engine) {
  engine.choose();
};

BEFORE("@docker", timeout(std::chrono::seconds(40)),
       name("a container engine")) = [](ContainerEngine& engine) {
  const bool own = engine.scenario().has_tag("@own-engine");
  if (!engine.available(own)) skip("there is no container engine, and none can be started here");
  engine.require(own);
};

WHEN("the container engine is stopped",
     timeout(std::chrono::seconds(15))) = [](ContainerEngine& engine) { engine.stop(); };

THEN("the engine has {int} objects of workspace {slug}") = [](ContainerEngine& engine, int count,
                                                              Slug slug) {
  EXPECT_EQ(engine.objects_of(slug.text).size(), static_cast<std::size_t>(count))
      << "containers, networks and volumes";
};
