// What PostgreSQL refuses, as the project's one exception: the table from SQLSTATE to error type.
// Owns nothing. Thrown by db on the fiber that waits; caught by name where a caller knows how to go on
// (ports' Call retries, a service turns a unique violation into its own message). Any thread.
#pragma once
#include "base/error.hpp"
#include <string>
#include <string_view>

namespace db {

// The fields that PostgreSQL sends with a failure. `message` and `detail` may hold values of rows: for logs and
// decisions, never for a client.
struct Failure {
  std::string sqlstate = {}; // five characters
  std::string message = {}, detail = {}, table = {}, column = {}, constraint = {};
  std::string field = {}; // what a refused parameter is compared with or written to, where that can be told
};

// `what()` is fit for clients.
struct DatabaseError : base::Error {
  Failure failure;
  DatabaseError(base::ErrorType type, const std::string& message, std::string code, Failure f)
      : base::Error(type, message, std::move(code)), failure(std::move(f)) {}

  // The same transaction may succeed when run again from its start.
  bool retryable() const;
  // A prepared statement was not there, was there although nobody had prepared it (a pooler), or its result changed with
  // the schema. The connection is replaced.
  bool lost_names() const;
  bool unique_violation() const { return failure.sqlstate == "23505"; }
};

// The column, LIMIT or OFFSET that $N of a statement stands for ("display_id" of `t.display_id = $2`); "" where none can
// be told.
std::string field_of(std::string_view sql, std::size_t parameter);

// Medusa 1.20: formatException, and beyond it what its error handler makes of the rest.
DatabaseError error_from(Failure failure);
// For the operator, not for clients: with the words of PostgreSQL where what() has none of them.
std::string explanation(const std::exception& failure);
// The connection broke, or none could be had in time.
DatabaseError unavailable(std::string_view reason);

} // namespace db
