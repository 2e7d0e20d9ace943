#include "events/timestamp.hpp"

namespace muster::events {
namespace {

/// Takes digits off the front of a text.
class Digits {
 public:
  explicit Digits(std::string_view text) : rest_(text) {}

  bool number(std::size_t digits, int& out) {
    if (rest_.size() < digits) return false;
    out = 0;
    for (std::size_t at = 0; at < digits; ++at) {
      if (rest_[at] < '0' || rest_[at] > '9') return false;
      out = out * 10 + (rest_[at] - '0');
    }
    rest_.remove_prefix(digits);
    return true;
  }

  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool fraction(std::int64_t& nanos) {
    std::int64_t unit = 100'000'000;
    std::size_t count = 0;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      nanos += unit * (rest_.front() - '0');
      unit /= 10;
      ++count;
      rest_.remove_prefix(1);
    }
    return count > 0;
  }

  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_in(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap(year) ? 29 : kDays[month - 1];
}

// Days since 1970-01-01 of a civil date (Howard Hinnant, "chrono-Compatible Low-Level Date
// Algorithms").
std::int64_t days_from_civil(int year, int month, int day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

}  // namespace

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  Digits in(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const bool date = in.number(4, year) && in.take('-') && in.number(2, month) && in.take('-') &&
                    in.number(2, day) && (in.take('T') || in.take('t') || in.take(' '));
  const bool time = date && in.number(2, hour) && in.take(':') && in.number(2, minute) &&
                    in.take(':') && in.number(2, second);
  if (!time || month < 1 || month > 12 || day < 1 || day > days_in(year, month) || hour > 23 ||
      minute > 59 || second > 60)
    return std::nullopt;
  // nanoseconds since 1970 fit 64 bits from 1678 to 2261
  if (year < 1678 || year > 2261) return std::nullopt;
  std::int64_t nanos = 0;
  if (in.take('.') && !in.fraction(nanos)) return std::nullopt;
  std::int64_t offset_s = 0;
  if (!in.take('Z') && !in.take('z')) {
    const int sign = in.take('+') ? 1 : in.take('-') ? -1 : 0;
    int hours = 0, minutes = 0;
    if (sign == 0 || !in.number(2, hours) || !in.take(':') || !in.number(2, minutes) ||
        hours > 23 || minutes > 59)
      return std::nullopt;
    offset_s = sign * (hours * 3600 + minutes * 60);
  }
  if (!in.empty()) return std::nullopt;
  const std::int64_t seconds =
      days_from_civil(year, month, day) * 86'400 + hour * 3600 + minute * 60 + second - offset_s;
  return seconds * 1'000'000'000 + nanos;
}

}  // namespace muster::events
