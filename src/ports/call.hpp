// What every service function is given: where to run statements, which flags hold, on whose behalf, and the events to
// publish. Owns: the open transaction and the events recorded in it. One per request (or per subscriber call, job,
// command), used by one fiber.
#pragma once
#include "base/json.hpp"
#include "db/db.hpp"
#include "db/row_counts.hpp"
#include "events/event.hpp"
#include "schema/flags.hpp"
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace config {
struct Config;
}

namespace ports {

class Cache;
class Journal;
class Outside;
struct Ask;

// Who asks.
struct Identity {
  std::optional<std::string> user_id;     // an admin
  std::optional<std::string> customer_id; // a logged-in customer
  std::string ip;                         // by request-ip's rules
  std::string user_agent;
  // Sales channels of the request's publishable API key; empty without a key.
  std::vector<std::string> sales_channel_ids;
};

using Event = events::Event;

class Call {
 public:
  Call(db::Database& database, const config::Config& config, const schema::Flags& flags);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  const config::Config& config;
  const schema::Flags& flags;
  Identity identity;
  Cache* cache = nullptr;     // of this thread, where others may keep what changes here
  db::Counts counts;          // for reads of lists
  Outside* outside = nullptr; // of this thread: carries asks to providers; null where all are native

  // The open transaction, else the shared autocommit session.
  db::Session& db();
  bool on(schema::Flag flag) const { return flags.on(flag); }

  // Runs `work` in a transaction: in the open one when there is one (a step of a greater whole), else in a new one
  // that commits when `work` returns, and rolls back when it throws. The outermost level runs `work` again, up to
  // three times in all, when PostgreSQL reports a serialization failure or a deadlock, and whenever an ask has been
  // answered. Events recorded in it are written to staged_job in the same transaction.
  // A step that throws takes the whole with it: who wants to go on without it runs it by attempt().
  template<class Work> auto atomic(Work&& work, db::Isolation isolation = db::Isolation::read_committed) {
    return result_of(work, [&](const std::function<void()>& step) { run_atomic(step, isolation); });
  }

  // A step that can fail alone: when `work` throws, what it wrote and recorded is taken back, and the transaction goes
  // on where its caller catches. Costs a savepoint. Outside of a transaction it is atomic().
  template<class Work> auto attempt(Work&& work) {
    return result_of(work, [&](const std::function<void()>& step) { run_attempt(step); });
  }

  // Asks somebody outside, whom a provider's native side stands for. Inside atomic() nobody waits under its locks: where the
  // answer isn't at hand yet, the transaction is rolled back, the answer is fetched, and the outermost work runs again from
  // its start, with the answer (journal.hpp). So an ask is repeated by its key and never sent twice; work that asks must
  // come to the same keys while nothing changes. What is done outside for an operation that fails afterwards is settled.
  // Throws ProviderError.
  base::Json ask(const Ask& ask);
  // A new id of `what`: the same one when the transaction is run again, so that what is told outside stays true.
  std::string same_id(std::string_view prefix, std::string_view what);

  // A write whose result nobody waits for: inside atomic() it travels ahead of the next statement of the transaction, or
  // with the COMMIT where none follows, so that it costs no round trip and later steps see it; outside, at once.
  void write_last(db::Command query);
  // Records an event. Inside atomic() it is published with the commit and forgotten with a rollback; outside, at once.
  // `name` is one that 1.20 knows (checked builds throw std::logic_error otherwise).
  void emit(std::string name, base::Json data);
  // What the shop's cache holds under keys of that pattern is not true any more. Inside atomic() it is taken away after the
  // commit and left with a rollback; outside, at once: to be called after the write.
  void invalidate(std::string pattern);

 private:
  template<class Work, class Run> static auto result_of(Work& work, Run&& run) {
    using R = std::invoke_result_t<Work&>;
    if constexpr (std::is_void_v<R>) {
      run([&] { work(); });
    } else {
      std::optional<R> result;
      run([&] { result.emplace(work()); });
      return std::move(*result);
    }
  }
  void run_atomic(const std::function<void()>& work, db::Isolation isolation);
  void run_to_commit(const std::function<void()>& work, db::Isolation isolation, Journal& journal);
  void run_once(const std::function<void()>& work, db::Isolation isolation, Journal& journal);
  void settle(Journal& journal);
  void run_attempt(const std::function<void()>& work);
  void refuse_half_done() const;
  void forget(); // all that belongs to the transaction
  db::Database& database_;
  std::unique_ptr<db::Transaction> transaction_;
  std::vector<Event> events_;
  std::vector<std::string> invalid_; // patterns
  Journal* journal_ = nullptr;       // of the open transaction
  bool half_done_ = false;           // a step has thrown, and half of its writes stand
};

} // namespace ports
