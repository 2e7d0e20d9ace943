#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "preflight/migration_sql.hpp"

namespace muster::preflight {

/// The dollar-quoted body of a CREATE FUNCTION, CREATE PROCEDURE or DO.
struct Routine {
  std::string language;   ///< upper case
  std::size_t begin = 0;  ///< bytes [begin, end) of the body, between its dollar quotes
  std::size_t end = 0;
};

std::optional<Routine> find_routine(std::string_view sql, const std::vector<Token>& tokens,
                                    const Statement& statement);

/// PostgreSQL's PL/pgSQL compiler over the routine `routine` of `statement` in `text`. It knows no
/// place for most errors, so missing terminators are searched by repair.
void check_plpgsql(const SqlText& text, const Statement& statement, const Routine& routine,
                   const Deadline& deadline, std::vector<Finding>& findings);

}  // namespace muster::preflight
