#include "ports/call.hpp"
#include "db/errors.hpp"
#include "events/bell.hpp"
#include "ports/cache.hpp"
#include <stdexcept>
#include <utility>

namespace ports {

Call::Call(db::Database& database, const config::Config& c, const schema::Flags& f)
    : config(c), flags(f), database_(database) {}

db::Session& Call::db() {
  if (transaction_) return *transaction_;
  return database_.shared();
}

void Call::write_last(db::Query query) {
  if (!transaction_)
    database_.shared().run(query.statement, std::move(query.params));
  else
    last_.push_back(std::move(query));
}

void Call::emit(std::string name, base::Json data) {
#ifndef NDEBUG
  if (!events::known(name)) throw std::logic_error("no event of 1.20 is called " + name);
#endif
  Event event{std::move(name), std::move(data)};
  if (transaction_) {
    events_.push_back(std::move(event));
    return;
  }
  std::vector<Event> one;
  one.push_back(std::move(event));
  write_last(events::stage(one));
  events::staged();
}

void Call::invalidate(std::string pattern) {
  if (!cache) return;
  if (transaction_)
    invalid_.push_back(std::move(pattern));
  else
    cache->invalidate({std::move(pattern)});
}

void Call::run_atomic(const std::function<void()>& work, db::Isolation isolation) {
  // A step of a greater whole: its writes, last writes and events are those of the whole.
  if (transaction_) return work();
  constexpr int kMostAttempts = 3;
  for (int attempt = 1;; ++attempt) {
    transaction_ = database_.begin(isolation);
    try {
      work();
      auto last = std::exchange(last_, {});
      const bool staging = !events_.empty();
      if (staging) last.push_back(events::stage(std::exchange(events_, {})));
      transaction_->commit(std::move(last));
      transaction_.reset();
      if (staging) events::staged();
      if (!invalid_.empty()) cache->invalidate(std::exchange(invalid_, {}));
      return;
    } catch (const db::DatabaseError& error) {
      transaction_.reset();
      last_.clear();
      events_.clear();
      invalid_.clear();
      if (!error.retryable() || attempt == kMostAttempts) throw;
    } catch (...) {
      transaction_.reset();
      last_.clear();
      events_.clear();
      invalid_.clear();
      throw;
    }
  }
}

} // namespace ports
