#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>

#include "muster/definition.hpp"

namespace muster::detail {

/// A literal as a template argument.
template <std::size_t N>
struct FixedString {
  char data[N]{};
  constexpr FixedString(const char (&text)[N]) {
    for (std::size_t i = 0; i < N; ++i) data[i] = text[i];
  }
  constexpr std::string_view view() const { return {data, N - 1}; }
};

/// Whether a step text is a regular expression: it starts with ^ or ends with $.
constexpr bool is_regular_expression(std::string_view text) {
  return text.starts_with('^') || text.ends_with('$');
}

/// Capture groups of a regular expression.
constexpr std::size_t count_groups(std::string_view text) {
  std::size_t groups = 0;
  bool in_class = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (in_class) {
      in_class = text[i] != ']';
    } else if (text[i] == '[') {
      in_class = true;
    } else if (text[i] == '(') {
      const std::string_view rest = text.substr(i + 1);
      const bool named =
          (rest.starts_with("?<") && !rest.starts_with("?<=") && !rest.starts_with("?<!")) ||
          rest.starts_with("?P<");
      if (!rest.starts_with('?') || named) ++groups;
    }
  }
  return groups;
}

/// Number of `{…}` in a Cucumber expression.
constexpr std::size_t count_braces(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '{') {
      ++count;
    }
  }
  return count;
}

/// Name in the `index`-th `{…}`.
constexpr std::string_view brace_name(std::string_view text, std::size_t index) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '{') {
      // by hand: g++ 12 with -fsanitize=undefined takes find() for no constant expression
      std::size_t end = i + 1;
      while (end < text.size() && text[end] != '}') ++end;
      if (index-- == 0) return text.substr(i + 1, end - i - 1);
    }
  }
  return {};
}

constexpr std::size_t count_values(std::string_view text) {
  return is_regular_expression(text) ? count_groups(text) : count_braces(text);
}

template <class T>
concept HasParser = requires(const Captures& captures) {
  {Parameter<T>::parse(captures)};
  {Parameter<T>::names};
};

template <class T>
constexpr bool takes_name(std::string_view name) {
  if (name.empty()) return true;
  for (const std::string_view known : Parameter<T>::names) {
    if (known == name) return true;
  }
  return false;
}

template <class A>
constexpr bool is_tail = std::is_same_v<A, const Table&> || std::is_same_v<A, const DocString&>;
template <class A>
constexpr bool is_fixture =
    std::is_lvalue_reference_v<A> && !std::is_const_v<std::remove_reference_t<A>>;

/// The parameters of a body, told apart.
template <class... A>
struct Shape {
  static constexpr std::size_t count = sizeof...(A);
  static constexpr std::array<bool, sizeof...(A) + 1> fixture_at{is_fixture<A>..., false};
  static constexpr std::array<bool, sizeof...(A) + 1> tail_at{is_tail<A>..., false};
  static constexpr std::size_t fixtures = [] {
    std::size_t n = 0;
    while (n < count && fixture_at[n]) ++n;
    return n;
  }();
  static constexpr std::size_t tails = count > 0 && tail_at[count - 1] ? 1 : 0;
  static constexpr std::size_t values = count - fixtures - tails;
  static constexpr bool well_ordered = [] {
    for (std::size_t i = fixtures; i < count; ++i) {
      if (fixture_at[i] || (tail_at[i] && i + 1 != count)) return false;
    }
    return true;
  }();
  template <std::size_t I>
  using at = std::tuple_element_t<I, std::tuple<A...>>;
};

template <class T, std::size_t Index>
T value_of(const Call& call) {
  auto parsed = Parameter<T>::parse(call.arguments[Index]);
  if (!parsed) refuse_argument(Index, call.arguments[Index], parsed.error());
  return std::move(parsed).value();
}

template <class A, std::size_t Position, std::size_t Fixtures>
decltype(auto) argument_of(const Call& call) {
  if constexpr (is_fixture<A>) {
    using F = std::remove_reference_t<A>;
    if constexpr (std::is_same_v<F, Scenario>) {
      return static_cast<A>(*call.scenario);
    } else {
      return static_cast<A>(call.scenario->get<F>());
    }
  } else if constexpr (std::is_same_v<A, const Table&>) {
    if (call.table == nullptr) refuse_missing("data table");
    return static_cast<A>(*call.table);
  } else if constexpr (std::is_same_v<A, const DocString&>) {
    if (call.doc_string == nullptr) refuse_missing("doc string");
    return static_cast<A>(*call.doc_string);
  } else {
    return value_of<std::remove_cvref_t<A>, Position - Fixtures>(call);
  }
}

/// One instantiation per signature, not per body.
template <class R, class... A>
struct Invoker {
  static std::optional<Task<>> run(void (*body)(), const Call& call) {
    return with(reinterpret_cast<R (*)(A...)>(body), call, std::index_sequence_for<A...>{});
  }

 private:
  template <std::size_t... I>
  static std::optional<Task<>> with(R (*body)(A...), [[maybe_unused]] const Call& call,
                                    std::index_sequence<I...>) {
    // braces, so that fixtures are made and values parsed from left to right
    std::tuple<decltype(argument_of<A, I, Shape<A...>::fixtures>(call))...> arguments{
        argument_of<A, I, Shape<A...>::fixtures>(call)...};
    if constexpr (std::is_void_v<R>) {
      body(static_cast<A>(std::get<I>(arguments))...);
      return std::nullopt;
    } else {
      return body(static_cast<A>(std::get<I>(arguments))...);
    }
  }
};

template <class T>
void add_custom(std::vector<CustomParameter>& out) {
  if constexpr (requires { Parameter<T>::pattern; }) {
    CustomParameter custom;
    for (const std::string_view name : Parameter<T>::names) custom.names.emplace_back(name);
    custom.pattern = Parameter<T>::pattern;
    out.push_back(std::move(custom));
  }
}

/// Checks a body against its text and fills in the definition.
template <FixedString Text, class R, class... A>
struct StepChecks {
  using S = Shape<A...>;
  static_assert(std::is_void_v<R> || std::is_same_v<R, Task<>>,
                "muster: a step body returns void or muster::Task<>");
  static_assert(
      S::well_ordered,
      "muster: the order of parameters is fixtures (T&), then values, then const Table& or "
      "const DocString&");
  static_assert(
      S::values == count_values(Text.view()),
      "muster: the step text has another number of {parameters} than the body takes values");

  template <std::size_t I>
  static constexpr bool value_ok() {
    using A_ = typename S::template at<S::fixtures + I>;
    using T = std::remove_cvref_t<A_>;
    static_assert(!std::is_reference_v<A_>,
                  "muster: values are taken by value: a reference would dangle in a coroutine");
    static_assert(HasParser<T>,
                  "muster: this type has no muster::Parameter<T> to read it from text");
    if constexpr (HasParser<T> && !is_regular_expression(Text.view())) {
      static_assert(
          takes_name<T>(brace_name(Text.view(), I)),
          "muster: the {name} in the step text is not one of Parameter<T>::names of the value "
          "in its place");
    }
    return true;
  }

  static void fill(StepDefinition& definition) {
    if constexpr (S::well_ordered && S::values == count_values(Text.view())) {
      fill_values(definition, std::make_index_sequence<S::values>{});
    }
    if constexpr (S::tails == 1) {
      definition.tail = std::is_same_v<typename S::template at<S::count - 1>, const Table&>
                            ? StepTail::table
                            : StepTail::doc_string;
    }
    definition.invoke = &Invoker<R, A...>::run;
  }

 private:
  template <std::size_t... I>
  static void fill_values([[maybe_unused]] StepDefinition& definition, std::index_sequence<I...>) {
    static_assert((value_ok<I>() && ...));
    (add_custom<std::remove_cvref_t<typename S::template at<S::fixtures + I>>>(definition.custom),
     ...);
  }
};

inline void set_option(StepDefinition& definition, Timeout option) {
  definition.timeout = option.value;
}
inline void set_option(HookDefinition& definition, Timeout option) {
  definition.timeout = option.value;
}
inline void set_option(HookDefinition& definition, HookOrder option) {
  definition.order = option.value;
}
inline void set_option(HookDefinition& definition, HookName option) {
  definition.name = option.value;
}
inline void set_option(HookDefinition& definition, const char* tags) {
  definition.tags = tags;
}

/// A body that is no generic lambda: its call operator has one address.
template <class F>
concept PlainLambda = requires {
  &F::operator();
};

/// Where a body is assigned to its text.
template <FixedString Text>
class Slot {
 public:
  template <class... Options>
  Slot(StepKeyword keyword, const char* file, int line, Options... options) {
    definition_.keyword = keyword;
    definition_.text = Text.view();
    definition_.file = file;
    definition_.line = line;
    (set_option(definition_, options), ...);
  }

  template <class F>
  bool operator=(F body) && {
    static_assert(PlainLambda<F>, "muster: a step body is a lambda without auto parameters");
    static_assert(std::is_empty_v<F>, "muster: a step body captures nothing; use a fixture");
    if constexpr (PlainLambda<F> && std::is_empty_v<F>) bind(+body);
    return register_step(std::move(definition_));
  }

 private:
  template <class R, class... A>
  void bind(R (*body)(A...)) {
    StepChecks<Text, R, A...>::fill(definition_);
    definition_.body = reinterpret_cast<void (*)()>(body);
  }

  StepDefinition definition_;
};

template <HookKind Kind>
class HookSlot {
 public:
  template <class... Options>
  HookSlot(const char* file, int line, Options... options) {
    definition_.kind = Kind;
    definition_.file = file;
    definition_.line = line;
    (set_option(definition_, options), ...);
  }

  template <class F>
  bool operator=(F body) && {
    static_assert(PlainLambda<F>, "muster: a hook body is a lambda without auto parameters");
    static_assert(std::is_empty_v<F>, "muster: a hook body captures nothing; use a fixture");
    if constexpr (PlainLambda<F> && std::is_empty_v<F>) bind(+body);
    return register_hook(std::move(definition_));
  }

 private:
  static constexpr bool global = Kind == HookKind::before_all || Kind == HookKind::after_all;

  template <class R, class... A>
  void bind(R (*body)(A...)) {
    static_assert(std::is_void_v<R> || std::is_same_v<R, Task<>>,
                  "muster: a hook body returns void or muster::Task<>");
    static_assert(
        !global || sizeof...(A) == 0,
        "muster: BEFORE_ALL and AFTER_ALL take no fixture: they run once, before any scenario");
    static_assert((is_fixture<A> && ...), "muster: a hook body takes fixtures (T&) only");
    if constexpr ((is_fixture<A> && ...)) {
      definition_.invoke = &Invoker<R, A...>::run;
      definition_.body = reinterpret_cast<void (*)()>(body);
    }
  }

  HookDefinition definition_;
};

}  // namespace muster::detail
