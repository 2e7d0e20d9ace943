#include "audit/log_chain.hpp"

#include "base/hash_chain.hpp"

namespace muster::audit {

Result<LogChain> chain_of(const LogFile& log, const std::string& wanted) {
  constexpr std::uint64_t kPiece = 1 << 20;
  LogChain made;
  HashChain chain;
  const auto look = [&] {
    if (!wanted.empty() && !made.wanted_at && chain.head() == wanted) made.wanted_at = made.lines;
  };
  look();
  LogFile::Piece piece;
  for (std::uint64_t from = 0; from < log.size(); from += kPiece) {
    if (auto got = log.read(from, from + kPiece, piece); !got) return got.error();
    std::string_view lines = piece.lines;
    while (!lines.empty()) {
      const std::size_t end = lines.find('\n');
      chain.take(lines.substr(0, end));
      ++made.lines;
      made.bytes += end + 1;
      lines.remove_prefix(end + 1);
      look();
    }
    made.torn += piece.rest.size();
  }
  made.head = chain.head();
  return made;
}

}  // namespace muster::audit
