// PostgreSQL's client library, loaded when the first database is opened: with it come 18 libraries
// (Kerberos, LDAP, TLS), which would make every start of muster slower and larger.
#pragma once

#include <libpq-fe.h>

#include "base/result.hpp"

namespace muster::runtimes {

/// The functions of libpq (PostgreSQL documentation, "libpq") that are called here.
struct Libpq {
  decltype(&PQclear) clear = nullptr;
  decltype(&PQconnectPoll) connect_poll = nullptr;
  decltype(&PQconnectStartParams) connect_start_params = nullptr;
  decltype(&PQconsumeInput) consume_input = nullptr;
  decltype(&PQerrorMessage) error_message = nullptr;
  decltype(&PQfinish) finish = nullptr;
  decltype(&PQflush) flush = nullptr;
  decltype(&PQgetResult) get_result = nullptr;
  decltype(&PQgetisnull) is_null = nullptr;
  decltype(&PQgetlength) length = nullptr;
  decltype(&PQgetvalue) value = nullptr;
  decltype(&PQisBusy) is_busy = nullptr;
  decltype(&PQnfields) column_count = nullptr;
  decltype(&PQntuples) row_count = nullptr;
  decltype(&PQresultErrorField) result_error_field = nullptr;
  decltype(&PQresultErrorMessage) result_error_message = nullptr;
  decltype(&PQresultStatus) result_status = nullptr;
  decltype(&PQsendQuery) send_query = nullptr;
  decltype(&PQsendQueryParams) send_query_params = nullptr;
  decltype(&PQsetNoticeProcessor) set_notice_processor = nullptr;
  decltype(&PQsetnonblocking) set_nonblocking = nullptr;
  decltype(&PQsocket) socket = nullptr;
  decltype(&PQstatus) status = nullptr;
  decltype(&PQtransactionStatus) transaction_status = nullptr;
};

/// Loads the library once for the process. Fails with `library_missing`.
Result<void> load_libpq();

/// What load_libpq has loaded; before, all its members are null.
const Libpq& libpq();

}  // namespace muster::runtimes
