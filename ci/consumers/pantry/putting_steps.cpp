#include "shelf.hpp"

GIVEN("{int} jar(s) of {jam}") = [](Shelf& shelf, int count, Jam jam) {
  shelf.put(jam.fruit, count);
};

GIVEN("these jars:") = [](Shelf& shelf, const muster::Table& table) {
  for (const auto& row : table.hashes()) shelf.put(row.at("fruit"), std::stoi(row.at("count")));
};

BEFORE("@empty", muster::name("an empty shelf")) = [](Shelf& shelf) {
  REQUIRE_EQ(shelf.count("plum"), 0);
};
