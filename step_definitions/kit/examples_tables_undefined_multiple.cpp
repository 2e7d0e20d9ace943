// The steps of the Compatibility Kit's sample examples-tables-undefined-multiple.
#include "muster/step.hpp"

using namespace muster;

namespace {

struct Basket {
  explicit Basket(Scenario&) {}
  int cucumbers = 0;
};

}  // namespace

GIVEN("there are {int} cucumbers") = [](Basket& basket, int count) { basket.cucumbers = count; };

WHEN("I eat {int} cucumbers") = [](Basket& basket, int count) { basket.cucumbers -= count; };

THEN("I should have {int} cucumbers") = [](Basket& basket, int count) {
  REQUIRE_EQ(basket.cucumbers, count);
};
