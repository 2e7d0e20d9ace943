// The steps of the Compatibility Kit's sample examples-tables.
#include "muster/step.hpp"

using namespace muster;

namespace {

struct Basket {
  explicit Basket(Scenario&) {}
  int cucumbers = 0;
  int friends = 0;
};

}  // namespace

GIVEN("there are {int} cucumbers") = [](Basket& basket, int count) { basket.cucumbers = count; };

GIVEN("there are {int} friends") = [](Basket& basket, int count) { basket.friends = count; };

WHEN("I eat {int} cucumbers") = [](Basket& basket, int count) { basket.cucumbers -= count; };

THEN("I should have {int} cucumbers") = [](Basket& basket, int count) {
  REQUIRE_EQ(basket.cucumbers, count);
};

THEN("each person can eat {int} cucumbers") = [](Basket& basket, int share) {
  REQUIRE_EQ(basket.cucumbers / (1 + basket.friends), share);
};
