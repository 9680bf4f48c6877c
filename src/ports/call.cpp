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
  if (!transaction_) return database_.shared();
  refuse_half_done();
  return *transaction_;
}

// Whoever catches the failure of a step must have run it by attempt(): else half of it would be committed.
void Call::refuse_half_done() const {
  if (half_done_) throw std::logic_error("a transaction goes on after a step of it has failed; run that by attempt()");
}

void Call::write_last(db::Query query) {
  if (!transaction_)
    database_.shared().run(query.statement, std::move(query.params));
  else
    transaction_->queue(std::move(query));
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

void Call::forget() {
  transaction_.reset();
  events_.clear();
  invalid_.clear();
  half_done_ = asked_outside_ = false;
}

void Call::run_atomic(const std::function<void()>& work, db::Isolation isolation) {
  // A step of a greater whole: its writes and events are those of the whole.
  if (transaction_) {
    try {
      return work();
    } catch (...) {
      half_done_ = true;
      throw;
    }
  }
  constexpr int kMostAttempts = 3;
  for (int attempt = 1;; ++attempt) {
    transaction_ = database_.begin(isolation);
    try {
      work();
      refuse_half_done();
      const bool staging = !events_.empty();
      std::vector<db::Query> last;
      if (staging) last.push_back(events::stage(std::exchange(events_, {})));
      transaction_->commit(std::move(last));
      auto invalid = std::exchange(invalid_, {});
      forget();
      if (staging) events::staged();
      if (!invalid.empty()) cache->invalidate(std::move(invalid));
      return;
    } catch (const db::DatabaseError& error) {
      const bool again = error.retryable() && !asked_outside_ && attempt < kMostAttempts;
      forget();
      if (!again) throw;
    } catch (...) {
      forget();
      throw;
    }
  }
}

void Call::run_attempt(const std::function<void()>& work) {
  if (!transaction_) return run_atomic(work, db::Isolation::read_committed);
  const auto events = events_.size(), invalid = invalid_.size();
  try {
    transaction_->attempt(work);
  } catch (...) {
    events_.erase(events_.begin() + static_cast<std::ptrdiff_t>(events), events_.end());
    invalid_.erase(invalid_.begin() + static_cast<std::ptrdiff_t>(invalid), invalid_.end());
    half_done_ = false;
    throw;
  }
}

} // namespace ports
