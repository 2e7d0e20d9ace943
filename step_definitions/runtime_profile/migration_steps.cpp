#include "fixtures/worlds/profile_migrations.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

GIVEN("migration files exist in {string}") = [](Migrations& migrations, std::string dir) {
  migrations.expect_files_in(dir);
};

WHEN("I parse each migration for UP\\/DOWN blocks",
     timeout(std::chrono::seconds(60))) = [](Migrations& migrations) { migrations.parse(); };

THEN("every migration has a valid UP block") = [](Migrations& migrations) {
  migrations.expect_valid();
};
