// The steps of the Compatibility Kit's sample rules.
#include <string>
#include <vector>

#include "muster/step.hpp"

using namespace muster;

namespace {

struct Shop {
  explicit Shop(Scenario&) {}
  int money = 0;
  std::vector<std::string> stock;
  std::string sold;
};

}  // namespace

GIVEN("the customer has {int} cents") = [](Shop& shop, int cents) { shop.money = cents; };

GIVEN("there are chocolate bars in stock") = [](Shop& shop) { shop.stock = {"Mars"}; };

GIVEN("there are no chocolate bars in stock") = [](Shop& shop) { shop.stock.clear(); };

WHEN("the customer tries to buy a {int} cent chocolate bar") = [](Shop& shop, int price) {
  if (shop.money < price || shop.stock.empty()) return;
  shop.sold = shop.stock.back();
  shop.stock.pop_back();
};

THEN("the sale should not happen") = [](Shop& shop) { REQUIRE_EQ(shop.sold, ""); };

THEN("the sale should happen") = [](Shop& shop) { REQUIRE_NE(shop.sold, ""); };
