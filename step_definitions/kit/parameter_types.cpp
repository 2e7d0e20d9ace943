// The steps of the Compatibility Kit's sample parameter-types.
#include "muster/step.hpp"

using namespace muster;

namespace {

struct Flight {
  std::string from;
  std::string to;
};

}  // namespace

template <>
struct muster::Parameter<Flight> {
  static constexpr std::string_view names[] = {"flight"};
  static constexpr std::string_view pattern = "([A-Z]{3})-([A-Z]{3})";
  static Result<Flight> parse(const Captures& captures) {
    return Flight{captures.at(0).value_or(""), captures.at(1).value_or("")};
  }
};

GIVEN("{flight} has been delayed") = [](Flight flight) {
  REQUIRE_EQ(flight.from, "LHR");
  REQUIRE_EQ(flight.to, "CDG");
};
