// The steps of the Compatibility Kit's sample data-tables.
#include "muster/step.hpp"

using namespace muster;

namespace {

struct Transposed {
  explicit Transposed(Scenario&) {}
  Table table;
};

}  // namespace

WHEN("the following table is transposed:") = [](Transposed& transposed, const Table& table) {
  transposed.table = table.transposed();
};

THEN("it should be:") = [](Transposed& transposed, const Table& expected) {
  REQUIRE_EQ(transposed.table.rows(), expected.rows());
};
