#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace muster::messages {

/// A place in a source: both count from 1, columns in code points; no column means the whole line.
struct Location {
  int line = 1;
  std::optional<int> column;

  friend bool operator==(const Location&, const Location&) = default;
};

/// Wall time; `nanos` is 0 … 999,999,999 also before 1970.
struct Timestamp {
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;

  friend bool operator==(const Timestamp&, const Timestamp&) = default;
};

/// A length of time; `nanos` is 0 … 999,999,999.
struct Duration {
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;

  friend bool operator==(const Duration&, const Duration&) = default;
};

/// Nanoseconds (since 1970 for a Timestamp) to and from the split form.
Timestamp timestamp_from_ns(std::int64_t nanoseconds);
Timestamp timestamp_from(WallTime time);
Duration duration_from_ns(std::int64_t nanoseconds);
std::int64_t to_ns(const Timestamp& timestamp);
std::int64_t to_ns(const Duration& duration);

struct JavaMethod {
  std::string class_name;
  std::string method_name;
  std::vector<std::string> method_parameter_types;

  friend bool operator==(const JavaMethod&, const JavaMethod&) = default;
};

struct JavaStackTraceElement {
  std::string class_name;
  std::string file_name;
  std::string method_name;

  friend bool operator==(const JavaStackTraceElement&, const JavaStackTraceElement&) = default;
};

/// Where something is defined. muster gives `uri` and `location`; the Java members are read and
/// kept, never made.
struct SourceReference {
  std::optional<std::string> uri;
  std::optional<Location> location;
  std::optional<JavaMethod> java_method;
  std::optional<JavaStackTraceElement> java_stack_trace_element;

  friend bool operator==(const SourceReference&, const SourceReference&) = default;
};

}  // namespace muster::messages
