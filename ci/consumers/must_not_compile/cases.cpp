// Step definitions that the compiler has to refuse, each with its own words (CMakeLists.txt beside
// this file lists them). With no case defined the file has to compile, so that a refusal means what
// it says.
#include "muster/step.hpp"

using namespace muster;

struct Console {
  explicit Console(Scenario&) {}
};
struct Unreadable {};
enum class Tier { solo };

template <>
struct muster::Parameter<Tier> {
  static constexpr std::string_view names[] = {"tier"};
  static constexpr std::string_view pattern = "solo";
  static Result<Tier> parse(const Captures&) { return Tier::solo; }
};

#if defined(CASE_too_few_values)
GIVEN("{int} and {int}") = [](int) {};
#elif defined(CASE_too_many_values)
GIVEN("{int}") = [](int, int) {};
#elif defined(CASE_wrong_name)
GIVEN("a {slug}") = [](Tier) {};
#elif defined(CASE_no_parser)
GIVEN("a {thing}") = [](Unreadable) {};
#elif defined(CASE_value_by_reference)
GIVEN("a {string}") = [](const std::string&) {};
#elif defined(CASE_fixture_after_value)
GIVEN("a {int}") = [](int, Console&) {};
#elif defined(CASE_table_not_last)
GIVEN("a {int}") = [](const Table&, int) {};
#elif defined(CASE_generic_lambda)
GIVEN("a {int}") = [](auto) {};
#elif defined(CASE_capture)
int captured = 0;
void define() {
  const int local = captured;
  GIVEN("nothing") = [local] { captured = local; };
}
#elif defined(CASE_wrong_result)
GIVEN("nothing") = [] { return 1; };
#elif defined(CASE_regex_groups)
GIVEN("^(a) (?:b) (c)$") = [](std::string) {};
#elif defined(CASE_global_hook_with_fixture)
BEFORE_ALL() = [](Console&) {};
#elif defined(CASE_hook_with_value)
BEFORE("@a") = [](int) {};
#else
GIVEN("{int} of a {tier} for {string}", timeout(std::chrono::seconds(1))) = [](Console&, int, Tier,
                                                                               std::string) {};
THEN("^(a) (?:b) (c)$") = [](std::string, std::string, const DocString&) -> Task<> { co_return; };
BEFORE_ALL() = [] {};
AFTER("not @a", order(3), name("clean")) = [](Console&, Scenario&) {};
#endif
