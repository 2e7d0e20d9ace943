#include "fixtures/worlds/machine.hpp"
#include "fixtures/worlds/machine_parameters.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

GIVEN("a PostgreSQL server", timeout(std::chrono::seconds(60))) = [](Machine& machine) {
  machine.start_postgres();
};

GIVEN("a migration {string}:") = [](Machine& machine, std::string name, const DocString& text) {
  machine.write("migrations/" + name, text.content + "\n");
};

WHEN("the migrations in {string} are applied to {database}", timeout(std::chrono::seconds(60))) =
    [](Machine& machine, std::string folder, DatabaseName database) {
      machine.apply_migrations(folder, database.on_server());
    };

WHEN("its migrations are applied to {database}",
     timeout(std::chrono::seconds(60))) = [](Machine& machine, DatabaseName database) {
  machine.apply_migrations(machine.path("migrations"), database.on_server());
};

WHEN("its migrations are parsed", timeout(std::chrono::seconds(30))) = [](Machine& machine) {
  machine.run({"profile", "migrations", machine.path("migrations"), "--project", machine.path("")});
};
