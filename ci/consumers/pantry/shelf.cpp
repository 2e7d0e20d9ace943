#include "shelf.hpp"

#include <stdexcept>

void Shelf::take(const std::string& what, int count) {
  if (jars_[what] < count)
    throw std::runtime_error("there are only " + std::to_string(jars_[what]));
  jars_[what] -= count;
  scenario_.log("took " + std::to_string(count) + " " + what);
}
