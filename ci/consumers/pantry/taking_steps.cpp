#include "muster/json.hpp"
#include "shelf.hpp"

WHEN("{int} jar(s) of {jam} is/are taken") = [](Shelf& shelf, int count, Jam jam) {
  shelf.take(jam.fruit, count);
};

WHEN("{int} jar(s) of {jam} is/are taken at once") = [](Shelf& shelf, int count,
                                                        Jam jam) -> muster::Task<> {
  const auto one = [](Shelf& from, std::string fruit) -> muster::Task<> {
    from.take(fruit, 1);
    co_return;
  };
  std::vector<muster::Task<>> tasks;
  for (int i = 0; i < count; ++i) tasks.push_back(one(shelf, jam.fruit));
  co_await muster::all(std::move(tasks));
};

THEN("{int} jar(s) of {jam} is/are left") = [](Shelf& shelf, int count, Jam jam) {
  EXPECT_EQ(shelf.count(jam.fruit), count);
};

THEN("the shelf is:") = [](muster::Scenario& scenario, Shelf& shelf,
                           const muster::DocString& text) {
  muster::Json wanted = muster::Json::parse(text.content);
  for (const auto& [fruit, count] : wanted.items()) EXPECT_EQ(shelf.count(fruit), count) << fruit;
  scenario.attach(text.content, "application/json", "shelf.json");
};
