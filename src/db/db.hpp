// Statements and their results, as the rest of the server sees PostgreSQL: no libpq, no Asio.
// Owns: interned statements, parameter lists, results. Sessions are used by one fiber at a time, on the thread of
// their Database. Called by query, commerce and events.
#pragma once
#include "base/json.hpp"
#include "base/time.hpp"
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace db {

// SQL text with $1, $2 ... Interned once per process, so that every connection can prepare it under one name.
// A literal in the code is a `static const Statement`; text composed per request goes through `Statement::once`,
// which is not prepared under a name, or through a plan that query keeps.
class Statement {
 public:
  explicit Statement(std::string_view sql);
  static Statement once(std::string sql); // parsed anew each time: for rare shapes and DDL
  const std::string& sql() const { return text_->sql; }
  std::uint32_t id() const { return text_->id; } // 0: unnamed
  // The tables into which it says that it writes.
  const std::vector<std::string>& writes() const { return text_->writes; }

 private:
  Statement() = default;
  struct Text {
    std::string sql;
    std::uint32_t id;
    std::vector<std::string> writes;
  };
  std::shared_ptr<const Text> text_;
};

// The values of $1, $2 ..., as PostgreSQL's text format.
class Params {
 public:
  Params() = default;
  template<class... T> static Params of(const T&... values) {
    Params p;
    (p.add(values), ...);
    return p;
  }
  Params& add(std::string_view v) { return push(std::string(v)); }
  Params& add(const std::string& v) { return push(v); }
  Params& add(const char* v) { return push(v); }
  Params& add(bool v) { return push(v ? "t" : "f"); }
  Params& add(std::int64_t v) { return push(std::to_string(v)); }
  Params& add(int v) { return push(std::to_string(v)); }
  Params& add(double v) { return push(base::number_text(v)); }
  Params& add(base::Instant v) { return push(base::iso_time(v)); }
  Params& add(std::nullopt_t) { return values_.emplace_back(), *this; }
  template<class T> Params& add(const std::optional<T>& v) { return v ? add(*v) : add(std::nullopt); }
  Params& add(const std::vector<std::string>& v);                                                  // as text[]
  Params& add(const std::vector<std::int64_t>& v);                                                 // as int[]
  Params& add(const base::Json& v) { return v.is_nullish() ? add(std::nullopt) : push(v.dump()); } // as jsonb

  const std::vector<std::optional<std::string>>& values() const { return values_; }

 private:
  Params& push(std::string text) { return values_.emplace_back(std::move(text)), *this; }
  std::vector<std::optional<std::string>> values_;
};

// The literal of a text[]: {"a","b"}.
std::string array_literal(const std::vector<std::string>& values);

struct Command {
  Statement statement;
  Params params;
  Command(const Statement& s, Params p = {}) : statement(s), params(std::move(p)) {}
};

// Rows of one statement in text format. Timestamps are in UTC ("2026-11-23 15:07:52.702+00"), booleans "t" or "f".
class Result {
 public:
  Result() = default;
  explicit Result(void* pg_result) : handle_(pg_result) {}
  Result(Result&& o) noexcept : handle_(std::exchange(o.handle_, nullptr)) {}
  Result& operator=(Result&& o) noexcept {
    std::swap(handle_, o.handle_);
    return *this;
  }
  ~Result();

  int rows() const;
  int columns() const;
  bool empty() const { return rows() == 0; }
  // The position of a column by name, or -1.
  int column(const char* name) const;
  bool is_null(int row, int column) const;
  std::string_view text(int row, int column) const; // "" where null
  std::int64_t integer(int row, int column) const;  // 0 where null
  double number(int row, int column) const;         // 0 where null
  bool boolean(int row, int column) const;          // false where null
  std::optional<std::string> optional_text(int row, int column) const;
  std::optional<std::int64_t> optional_integer(int row, int column) const;
  std::int64_t affected() const; // rows changed by an INSERT, UPDATE or DELETE
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  void* handle_ = nullptr;
};

class KeptRows; // kept_rows.hpp

// Where statements run: the shared pool in autocommit, or one transaction.
class Session {
 public:
  virtual ~Session() = default;
  // Sends all, waits once, and returns a result for each. The first failure throws base::Error (by SQLSTATE, see
  // errors.hpp) and, in a transaction, leaves nothing but rollback. In autocommit a batch is one implicit
  // transaction of PostgreSQL's pipeline: all of it or nothing.
  virtual std::vector<Result> batch(std::vector<Command> queries) = 0;
  Result run(const Statement& statement, Params params = {});
  Result run(Command query);
  virtual bool in_transaction() const = 0;
  // Rows that may be shown here without asking PostgreSQL; null where none are kept, and in a transaction that sees other rows
  // than everybody does: one that has changed some of them, or that looks at an older snapshot.
  virtual KeptRows* kept_rows() { return nullptr; }
};

enum class Isolation { read_committed, repeatable_read, serializable };

// BEGIN travels with the first batch. Destroying it without commit() rolls back.
class Transaction : public Session {
 public:
  bool in_transaction() const final { return true; }
  // A write whose result nobody waits for. It travels ahead of the next batch, or with the COMMIT where none follows, so
  // it costs no round trip and whatever comes later sees it.
  virtual void queue(Command query) = 0;
  // Runs `work`. When it throws, all that it has sent and queued is taken back, and the transaction can go on.
  virtual void attempt(const std::function<void()>& work) = 0;
  // Sends what is queued, the last statements and COMMIT together. Throws as batch() does, and rolls back then.
  virtual std::vector<Result> commit(std::vector<Command> last = {}) = 0;
  virtual void rollback() = 0;
};

// One per thread: shared pipelined connections for autocommit, exclusive ones for transactions.
class Database {
 public:
  virtual ~Database() = default;
  virtual Session& shared() = 0; // autocommit, many fibers at once
  virtual std::unique_ptr<Transaction> begin(Isolation isolation = Isolation::read_committed) = 0;
};

// How many statements the running fiber has sent since its work began; 0 outside of fibers. All count that PostgreSQL
// executes, BEGIN, COMMIT and ROLLBACK too, and those that are sent twice (see SharedSession); preparing doesn't.
std::uint64_t statements_sent() noexcept;

} // namespace db
