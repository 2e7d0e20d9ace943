#include "runtimes/libpq.hpp"

#include <dlfcn.h>

#include <string>

namespace muster::runtimes {
namespace {

class Loader {
 public:
  Loader() : library_(dlopen(MUSTER_LIBPQ, RTLD_NOW | RTLD_LOCAL)) {
    if (library_ == nullptr) trouble_ = dlerror();
    find(functions_.clear, "PQclear");
    find(functions_.connect_poll, "PQconnectPoll");
    find(functions_.connect_start_params, "PQconnectStartParams");
    find(functions_.consume_input, "PQconsumeInput");
    find(functions_.error_message, "PQerrorMessage");
    find(functions_.finish, "PQfinish");
    find(functions_.flush, "PQflush");
    find(functions_.get_result, "PQgetResult");
    find(functions_.is_null, "PQgetisnull");
    find(functions_.length, "PQgetlength");
    find(functions_.value, "PQgetvalue");
    find(functions_.is_busy, "PQisBusy");
    find(functions_.column_count, "PQnfields");
    find(functions_.row_count, "PQntuples");
    find(functions_.result_error_field, "PQresultErrorField");
    find(functions_.result_error_message, "PQresultErrorMessage");
    find(functions_.result_status, "PQresultStatus");
    find(functions_.send_query, "PQsendQuery");
    find(functions_.send_query_params, "PQsendQueryParams");
    find(functions_.set_notice_processor, "PQsetNoticeProcessor");
    find(functions_.set_nonblocking, "PQsetnonblocking");
    find(functions_.socket, "PQsocket");
    find(functions_.status, "PQstatus");
    find(functions_.transaction_status, "PQtransactionStatus");
  }

  const Libpq& functions() const { return functions_; }
  const std::string& trouble() const { return trouble_; }

 private:
  template <class Function>
  void find(Function& function, const char* name) {
    if (!trouble_.empty()) return;
    function = reinterpret_cast<Function>(dlsym(library_, name));
    if (function == nullptr) trouble_ = std::string(MUSTER_LIBPQ) + " has no " + name;
  }

  void* library_;  // stays loaded: its libraries do not like to be unloaded
  Libpq functions_;
  std::string trouble_;
};

const Loader& loader() {
  static const Loader loaded;
  return loaded;
}

}  // namespace

Result<void> load_libpq() {
  const std::string& trouble = loader().trouble();
  if (trouble.empty()) return {};
  return error("library_missing", "the client library of PostgreSQL can not be loaded: " + trouble,
               "install it (Debian: libpq5), or use SQLite");
}

const Libpq& libpq() {
  return loader().functions();
}

}  // namespace muster::runtimes
