// The steps of the Compatibility Kit's sample unknown-parameter-type.
#include <stdexcept>

#include "muster/step.hpp"

using namespace muster;

namespace {

struct Airport {};

}  // namespace

/// It names {airport} and gives it no pattern, as if another type defined it.
template <>
struct muster::Parameter<Airport> {
  static constexpr std::string_view names[] = {"airport"};
  static Result<Airport> parse(const Captures&) { return Airport{}; }
};

GIVEN("{airport} is closed because of a strike") = [](Airport) {
  throw std::logic_error("nothing can be read as an {airport}: no type of that name is defined");
};
