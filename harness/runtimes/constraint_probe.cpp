// Answers for lines `version<TAB>constraint` on standard input: `1` or `0`, `error: …` for what
// cannot be read. For the conformance script.
#include <iostream>
#include <string>

#include "base/text.hpp"
#include "runtimes/constraint.hpp"

int main() {
  using namespace muster;
  for (std::string line; std::getline(std::cin, line);) {
    const std::vector<std::string> cells = split(line, '\t');
    const Result<bool> answer = runtimes::satisfies(cells[0], cells.size() > 1 ? cells[1] : "");
    if (answer.ok()) {
      std::cout << (*answer ? 1 : 0) << std::endl;
    } else {
      std::cout << "error: " << answer.error().message << std::endl;
    }
  }
}
