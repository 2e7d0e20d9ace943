#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "base/diagnostic.hpp"

namespace muster {

/// An expected failure. Bugs throw; what may well happen is a value with a named code.
using Error = Diagnostic;

/// Makes an Error of a code and a sentence, with an optional hint.
inline Error error(std::string code, std::string message, std::string hint = {}) {
  Error made;
  made.code = std::move(code);
  made.message = std::move(message);
  made.hint = std::move(hint);
  return made;
}

/// Thrown by `Result::value_or_throw` where a failure cannot be returned, and by nothing else.
class ErrorException : public std::runtime_error {
 public:
  explicit ErrorException(Error error)
      : std::runtime_error(error.message), error_(std::move(error)) {}
  const Error& error() const { return error_; }

 private:
  Error error_;
};

/// A value or an Error.
template <class T>
class [[nodiscard]] Result {
 public:
  /// An Error of code `unset`; for Asio, which default-constructs the value beside an exception.
  Result() : state_(std::in_place_index<1>) { std::get<1>(state_).code = "unset"; }
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

  /// The value, or throws ErrorException.
  T value_or_throw() && {
    if (!ok()) throw ErrorException(std::get<1>(std::move(state_)));
    return std::get<0>(std::move(state_));
  }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}

  bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }
  const Error& error() const& { return error_; }
  void value_or_throw() && {
    if (!ok_) throw ErrorException(std::move(error_));
  }

 private:
  Error error_;
  bool ok_ = true;
};

}  // namespace muster
