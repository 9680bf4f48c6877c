#include "ports/call.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "db/errors.hpp"
#include "db/kept_rows.hpp"
#include "events/bell.hpp"
#include "ports/cache.hpp"
#include "ports/journal.hpp"
#include <exception>
#include <iterator>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

namespace ports {
namespace {

// A long transaction writes its events bit by bit, so that they don't fill the memory: of so many all but the last, whose
// COMMIT rings for all.
constexpr std::size_t kMostEvents = 1000;
std::vector<Event> ripe(std::vector<Event>& events) {
  if (events.size() < kMostEvents) return {};
  std::vector<Event> last;
  last.push_back(std::move(events.back()));
  events.pop_back();
  return std::exchange(events, std::move(last));
}

// Of what a transaction makes untrue; where there are more, all of their kind.
constexpr std::size_t kMostPatterns = 500;

} // namespace

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

void Call::write_last(db::Command query) {
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
    if (const auto written = ripe(events_); !written.empty()) write_last(events::stage(written));
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
  if (!transaction_) return cache->invalidate({std::move(pattern)});
  invalid_.push_back(std::move(pattern));
  if (invalid_.size() <= kMostPatterns) return;
  std::set<std::string> kinds; // of "ps:variant_1:*" it is "ps:*"
  for (const auto& one : invalid_) kinds.insert(one.substr(0, one.find(':') + 1) + "*");
  invalid_.assign(kinds.begin(), kinds.end());
}

void Call::forget() {
  transaction_.reset();
  events_.clear();
  invalid_.clear();
  half_done_ = false;
  journal_ = nullptr;
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
  Journal journal(database_, outside);
  std::exception_ptr failure;
  try {
    run_to_commit(work, isolation, journal);
  } catch (...) {
    failure = std::current_exception();
  }
  settle(journal);
  if (failure) std::rethrow_exception(failure);
}

void Call::run_to_commit(const std::function<void()>& work, db::Isolation isolation, Journal& journal) {
  constexpr int kMostAttempts = 3;
  for (int attempt = 1;;) {
    std::optional<Ask> open;
    try {
      return run_once(work, isolation, journal);
    } catch (const Unanswered& unanswered) {
      open = unanswered.ask;
    } catch (const db::DatabaseError& error) {
      if (!error.retryable() || ++attempt > kMostAttempts) throw;
    }
    if (!open) continue;
    // Its locks are gone before anybody outside is asked.
    transaction_->rollback();
    forget();
    journal.fetch(*open);
  }
}

void Call::run_once(const std::function<void()>& work, db::Isolation isolation, Journal& journal) {
  journal.begin_run();
  journal_ = &journal;
  transaction_ = database_.begin(isolation);
  try {
    work();
    refuse_half_done();
    const bool staging = !events_.empty();
    std::vector<db::Command> last;
    if (staging) last.push_back(events::stage(std::exchange(events_, {})));
    if (auto used = journal.use_up()) last.push_back(std::move(*used));
    transaction_->commit(std::move(last));
    journal.committed();
    auto invalid = std::exchange(invalid_, {});
    forget();
    if (staging) events::staged();
    if (!invalid.empty()) cache->invalidate(std::move(invalid));
  } catch (const Unanswered&) {
    throw;
  } catch (...) {
    forget();
    throw;
  }
}

base::Json Call::ask(const Ask& ask) {
  if (!transaction_) {
    if (ask.effect == Ask::Effect::lasting)
      throw std::logic_error("a lasting ask belongs into a transaction: " + ask.key);
    if (!outside)
      throw ProviderError(base::ErrorType::unavailable, "The provider " + ask.provider + " can't be reached");
    db::forget_confirmation(); // what is outside may change the shop's rows before it answers
    return outside->ask(ask);
  }
  if (auto answer = journal_->answer(ask)) return std::move(*answer);
  throw Unanswered{ask};
}

std::string Call::same_id(std::string_view prefix, std::string_view what) {
  return journal_ ? journal_->id(prefix, what) : base::make_id(prefix);
}

// Whoever waits for the request learns of the request's own failure; the rest is in the log, and is tried again later.
void Call::settle(Journal& journal) {
  try {
    journal.drop_unsent();
  } catch (const std::exception& error) {
    base::log_warn("What was written down for a provider can't be taken away yet", {{"error", error.what()}});
  }
  for (const auto& left : journal.left()) {
    try {
      Call alone(database_, config, flags);
      alone.outside = outside;
      ports::settle(alone, left);
    } catch (const std::exception& error) {
      base::log_error("What a provider has done for a request that failed is not stored yet",
                      {{"what", left.ask.key}, {"provider", left.ask.provider}, {"error", error.what()}});
    }
  }
}

void Call::run_attempt(const std::function<void()>& work) {
  if (!transaction_) return run_atomic(work, db::Isolation::read_committed);
  if (const auto written = ripe(events_); !written.empty()) write_last(events::stage(written));
  // The events ahead of it are put aside, so that none of them is written within the attempt and taken back with it.
  auto events = std::exchange(events_, {});
  const auto invalid = invalid_.size();
  try {
    transaction_->attempt(work);
    events_.insert(events_.begin(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
  } catch (...) {
    events_ = std::move(events);
    if (invalid_.size() > invalid) invalid_.resize(invalid);
    half_done_ = false;
    throw;
  }
}

} // namespace ports
