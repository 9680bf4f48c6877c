// A database that nobody may ask, for tests of buses whose subscribers need none. Owns nothing; any thread.
#pragma once
#include "base/error.hpp"
#include "db/db.hpp"

namespace events {

class NoDatabase final : public db::Database {
 public:
  db::Session& shared() override { throw base::Error(base::ErrorType::unavailable, "no database"); }
  std::unique_ptr<db::Transaction> begin(db::Isolation) override {
    throw base::Error(base::ErrorType::unavailable, "no database");
  }
};

} // namespace events
