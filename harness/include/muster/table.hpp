#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// A step's data table: rows of cells as written, escapes resolved.
class Table {
 public:
  Table() = default;
  explicit Table(std::vector<std::vector<std::string>> rows) : rows_(std::move(rows)) {}

  /// All rows, the first one included.
  const std::vector<std::vector<std::string>>& rows() const { return rows_; }

  /// Its columns as rows. Throws std::invalid_argument when the rows are not of one length.
  Table transposed() const;

  /// One map per row after the first, whose cells are the names. Throws std::invalid_argument when
  /// a name stands twice.
  std::vector<std::map<std::string, std::string>> hashes() const;

  /// First column → second column. Throws std::invalid_argument unless there are two columns and
  /// each name is there once.
  std::map<std::string, std::string> rows_hash() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// A step's doc string.
struct DocString {
  std::string content;
  std::string media_type;  ///< empty when none is given
};

}  // namespace muster
