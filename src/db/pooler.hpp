// What stands between this server and PostgreSQL. A pooler such as PgBouncer may give one PostgreSQL session to each
// connection of ours, or another one to each transaction; behind the latter nothing may depend on a session: statements
// have no names, settings hold for one transaction, and a connection has one batch under way at a time.
// Owns: what has been found out about it, shared by all copies of the Options. Any thread.
#pragma once
#include "config/config.hpp"
#include <atomic>

namespace db {

enum class Pooling {
  unknown,     // nobody has looked yet
  none,        // PostgreSQL itself, or what only passes bytes on
  session,     // a pooler that keeps one session for one connection
  transaction, // a pooler that may change the session between two transactions
};

class Pooler {
 public:
  explicit Pooler(config::PoolerMode mode = config::PoolerMode::automatic);
  Pooling pooling() const { return pooling_; }
  bool per_transaction() const { return pooling_ == Pooling::transaction; }
  // Whether a new connection is to look what stands before it: nobody has said.
  bool asks() const { return asks_; }
  // By who has looked. Sessions that are known not to be kept are never trusted again.
  void found(Pooling pooling);
  // By who sees that PostgreSQL doesn't know what was prepared, or knows what was not: from here on nothing depends on a
  // session. Says whether that is news.
  bool loses_sessions() { return pooling_.exchange(Pooling::transaction) != Pooling::transaction; }

 private:
  std::atomic<Pooling> pooling_;
  const bool asks_;
};

} // namespace db
