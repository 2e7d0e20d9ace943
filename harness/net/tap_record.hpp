#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/observe.hpp"
#include "net/tap.hpp"

namespace muster::net {

/// What a tap has seen. Safe from any thread.
class TapRecord {
 public:
  TapRecord(std::string name, std::size_t max_exchanges, std::size_t max_frames,
            Observer& observer);

  /// One exchange under way, used by one thread. It ends by end(), or when it dies: then the client
  /// went away.
  class Entry {
   public:
    Entry(TapRecord& record, const Request& request);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    void fault(std::string_view kind);
    /// Status and headers of the response as the client gets them.
    void head(const Response& response);
    /// Body bytes as the client gets them.
    void body(std::string_view bytes);
    /// Upstream sent something.
    void heard();
    /// `raw` at `offset` bytes of the response body, as the client gets it.
    void frame(const SseEvent& event, std::uint64_t offset, std::string_view raw);
    void status(int status);
    /// Remembers what broke the exchange; the first one counts.
    void fail(std::string error);
    void end();
    std::uint64_t number() const { return exchange_->number; }

   private:
    friend class TapRecord;
    TapRecord& record_;
    std::shared_ptr<TapExchange> exchange_;  ///< guarded by TapRecord::mutex_
    std::string body_;                       ///< raw beginning of the response body
    bool ended_ = false;
  };

  /// Ends what is open with `why` and says nothing more to the observer. On the thread of the
  /// entries.
  void close(const std::string& why);

  std::size_t calls(std::string_view method, std::string_view path_glob) const;
  std::vector<TapExchange> exchanges(std::string_view method, std::string_view path_glob) const;
  std::size_t open() const { return open_; }
  std::int64_t last_activity_ns() const { return last_activity_ns_; }
  const std::string& name() const { return name_; }

 private:
  void touch();
  void emit(std::string lane, std::string kind, Json data);

  const std::string name_;
  const std::size_t max_exchanges_, max_frames_;
  Observer& observer_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<TapExchange>> exchanges_;
  std::vector<Entry*> open_entries_;  ///< touched by one thread only
  std::uint64_t count_ = 0;
  bool closed_ = false;
  std::atomic<std::size_t> open_{0};
  std::atomic<std::int64_t> last_activity_ns_{0};
};

/// What a failed call of upstream says in the record.
std::string why_broken(const Error& error);

/// The target without its query.
std::string_view path_of(std::string_view target);

}  // namespace muster::net
