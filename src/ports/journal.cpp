#include "ports/journal.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "db/batch.hpp"
#include "db/kept_rows.hpp"
#include "ports/call.hpp"
#include <algorithm>
#include <csignal>
#include <map>
#include <unistd.h>

namespace ports {

using base::Error;
using base::Json;

namespace {

// A request that needs more answers than that goes round in circles.
constexpr std::size_t kMostAsks = 100;

// After that a row whose owner has given no sign of life belongs to nobody. Longer than any one ask may last.
constexpr std::string_view kAbandoned = "interval '2 minutes'";

std::string with_limit(std::string_view sql) {
  std::string text(sql);
  const std::string_view mark = "$abandoned";
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark))
    text.replace(at, mark.size(), kAbandoned);
  return text;
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? std::string(name) : "unknown";
}

// The process that owns a row, told apart from a later one with the same number.
const std::string& this_process() {
  static const std::string mark = host_name() + "/" + std::to_string(::getpid()) + "/" + base::ulid();
  return mark;
}

// A process of this machine that is no more.
bool has_ended(std::string_view process) {
  const auto first = process.find('/'), second = process.rfind('/');
  if (first == second || process.substr(0, first) != host_name() || process == this_process()) return false;
  const long id = std::strtol(std::string(process.substr(first + 1, second - first - 1)).c_str(), nullptr, 10);
  return id > 0 && (id == ::getpid() || ::kill(static_cast<pid_t>(id), 0) != 0);
}

std::map<std::string, Settlement, std::less<>>& settlements() {
  static std::map<std::string, Settlement, std::less<>> table;
  return table;
}

std::string name_of(const Ask& ask) { return ask.port + "." + ask.method; }

bool same(const Ask& a, const Ask& b) {
  return a.key == b.key && a.provider == b.provider && a.method == b.method && a.port == b.port;
}

[[noreturn]] void refuse_unknown(const Ask& ask) {
  throw ProviderError(base::ErrorType::unexpected_state,
                      "Whether the provider " + ask.provider + " has done \"" + ask.key +
                          "\" is not known: the server stopped, or waited in vain, while it was asked. Look there, and "
                          "remove the row of that key from stheno_ask",
                      ProviderError::Outcome::unknown);
}

} // namespace

void add_settlement(std::string_view port, std::string_view method, Settlement settlement) {
  settlements()[std::string(port) + "." + std::string(method)] = std::move(settlement);
}

void Journal::begin_run() {
  ids_used_.clear();
  for (auto& entry : entries_) entry.used = false;
}

std::optional<Json> Journal::answer(const Ask& ask) {
  for (auto& entry : entries_) {
    if (entry.used || entry.settled || !entry.sent || !same(entry.ask, ask)) continue;
    entry.used = true;
    if (entry.refusal) throw *entry.refusal;
    return entry.answer;
  }
  return std::nullopt;
}

const std::string& Journal::id(std::string_view prefix, std::string_view what) {
  const std::string name = std::string(prefix) + " " + std::string(what);
  auto& ids = ids_[name];
  const auto turn = ids_used_[name]++;
  if (turn == ids.size()) ids.push_back(base::make_id(prefix));
  return ids[turn];
}

std::optional<Json> Journal::write_down(const Ask& ask, const std::string& token) {
  static const db::Statement insert(with_limit(
      "INSERT INTO stheno_ask AS a (key, port, provider, method, arguments, again, process, token) VALUES ($1, "
      "$2, $3, $4, $5, $6, $7, $8) ON CONFLICT (key) DO UPDATE SET process = excluded.process, token = "
      "excluded.token, asked_at = now() WHERE a.asked_at < now() - $abandoned AND (a.answer IS NOT NULL OR "
      "a.again) RETURNING answer"));
  static const db::Statement keep_alive("UPDATE stheno_ask SET asked_at = now() WHERE token = ANY($1::text[])");
  static const db::Statement abandoned(
      with_limit("SELECT 1 FROM stheno_ask WHERE key = $1 AND asked_at < now() - $abandoned"));
  std::vector<std::string> tokens;
  for (const auto& entry : entries_)
    if (!entry.token.empty()) tokens.push_back(entry.token);
  db::Batch batch;
  const auto own = batch.add({insert, db::Params::of(ask.key, ask.port, ask.provider, ask.method, ask.arguments,
                                                     ask.again == Ask::Again::safe, this_process(), token)});
  const auto nobodys = batch.add({abandoned, db::Params::of(ask.key)});
  batch.add({keep_alive, db::Params::of(tokens)});
  batch.run(database_.shared());
  if (own->empty()) {
    if (!nobodys->empty()) refuse_unknown(ask);
    throw Error::conflict("The provider " + ask.provider +
                          " is being asked for the same thing by another request. Retry "
                          "when that has ended");
  }
  if (own->is_null(0, 0)) return std::nullopt;
  return base::parse_json(own->text(0, 0));
}

void Journal::fetch(const Ask& ask) {
  static const db::Statement store("UPDATE stheno_ask SET answer = $3, asked_at = now() WHERE key = $1 AND token = $2");
  static const db::Statement drop("DELETE FROM stheno_ask WHERE key = $1 AND token = $2");
  if (!outside_)
    throw ProviderError(base::ErrorType::unavailable, "The provider " + ask.provider + " can't be reached");
  if (entries_.size() >= kMostAsks)
    throw ProviderError(base::ErrorType::unexpected_state,
                        "The provider " + ask.provider + " has been asked too often");
  // 1. Written down, and perhaps answered: to somebody who is gone.
  const bool lasting = ask.effect == Ask::Effect::lasting;
  auto entry =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return !e.sent && same(e.ask, ask); });
  if (entry == entries_.end()) {
    Entry fresh{.ask = ask};
    if (lasting) {
      fresh.token = base::ulid();
      fresh.answer = write_down(ask, fresh.token);
      fresh.sent = fresh.answer.has_value();
    }
    entries_.push_back(std::move(fresh));
    if (lasting) return;
    entry = std::prev(entries_.end());
  }
  // 2. Sent.
  entry->sent = true;
  try {
    db::forget_confirmation(); // as in Call::ask
    entry->answer = outside_->ask(ask);
  } catch (const ProviderError& error) {
    if (lasting && error.outcome == ProviderError::Outcome::unknown) throw;
    entry->refusal = error;
    if (lasting) database_.shared().run(drop, db::Params::of(ask.key, entry->token));
    entry->token.clear();
    return;
  }
  if (lasting)
    database_.shared().run(
        store, db::Params::of(ask.key, entry->token, entry->answer->is_nullish() ? Json::object() : *entry->answer));
}

void Journal::drop_unsent() {
  static const db::Statement drop("DELETE FROM stheno_ask WHERE token = ANY($1::text[])");
  std::vector<std::string> tokens;
  for (const auto& entry : entries_)
    if (!entry.sent) tokens.push_back(entry.token);
  if (!tokens.empty()) database_.shared().run(drop, db::Params::of(tokens));
}

std::optional<db::Command> Journal::use_up() const {
  // A row that is gone was taken over by somebody who held this request for dead: the division ends the transaction.
  static const db::Statement statement(
      "WITH gone AS (DELETE FROM stheno_ask WHERE token = ANY($1::text[]) RETURNING 1) "
      "SELECT 1 / (CASE WHEN (SELECT count(*) FROM gone) = cardinality($1::text[]) THEN 1 ELSE 0 END)");
  std::vector<std::string> tokens;
  for (const auto& entry : entries_)
    if (entry.used && !entry.token.empty()) tokens.push_back(entry.token);
  if (tokens.empty()) return std::nullopt;
  return db::Command{statement, db::Params::of(tokens)};
}

void Journal::committed() {
  for (auto& entry : entries_)
    if (entry.used) entry.settled = true;
}

std::vector<Journal::Left> Journal::left() const {
  std::vector<Left> left;
  for (const auto& entry : entries_)
    if (!entry.token.empty() && !entry.settled && entry.answer) left.push_back({entry.ask, *entry.answer, entry.token});
  return left;
}

void install_asks(db::Database& database) {
  database.shared().run(db::Statement::once(
      "CREATE TABLE IF NOT EXISTS stheno_ask (key text PRIMARY KEY, port text NOT NULL, provider text NOT NULL, method text "
      "NOT NULL, arguments jsonb NOT NULL, again boolean NOT NULL, answer jsonb, process text NOT NULL, token text NOT "
      "NULL, asked_at timestamptz NOT NULL DEFAULT now())"));
}

void settle(Call& call, const Journal::Left& left) {
  static const db::Statement take("DELETE FROM stheno_ask WHERE key = $1 AND token = $2 RETURNING 1");
  call.atomic([&] {
    if (call.db().run(take, db::Params::of(left.ask.key, left.token)).empty()) return;
    const auto found = settlements().find(name_of(left.ask));
    if (found != settlements().end()) found->second(call, left.ask, left.answer);
  });
}

void settle_left(Call& call) {
  static const db::Statement find(
      with_limit("SELECT key, port, provider, method, arguments, again, answer, process, token, asked_at < now() - "
                 "$abandoned FROM stheno_ask ORDER BY asked_at"));
  static const db::Statement take(
      "UPDATE stheno_ask SET process = $3, token = $4, asked_at = now() WHERE key = $1 AND token = $2 RETURNING 1");
  static const db::Statement store("UPDATE stheno_ask SET answer = $3, asked_at = now() WHERE key = $1 AND token = $2");
  static const db::Statement drop("DELETE FROM stheno_ask WHERE key = $1 AND token = $2");
  const auto rows = call.db().run(find);
  for (int row = 0; row < rows.rows(); row++) {
    if (!rows.boolean(row, 9) && !has_ended(rows.text(row, 7))) continue;
    const bool again = rows.boolean(row, 5), answered = !rows.is_null(row, 6);
    Journal::Left left{.ask = {.port = std::string(rows.text(row, 1)),
                               .provider = std::string(rows.text(row, 2)),
                               .method = std::string(rows.text(row, 3)),
                               .key = std::string(rows.text(row, 0)),
                               .arguments = base::parse_json(rows.text(row, 4)),
                               .effect = Ask::Effect::lasting,
                               .again = again ? Ask::Again::safe : Ask::Again::never},
                       .answer = answered ? base::parse_json(rows.text(row, 6)) : Json(),
                       .token = base::ulid()};
    const auto& ask = left.ask;
    try {
      if (!answered && (!again || !call.outside)) refuse_unknown(ask);
      // Another server may look at the same time.
      if (call.db().run(take, db::Params::of(ask.key, rows.text(row, 8), this_process(), left.token)).empty()) continue;
      if (!answered) {
        try {
          left.answer = call.outside->ask(ask);
        } catch (const ProviderError& error) {
          if (error.outcome == ProviderError::Outcome::unknown) throw;
          call.db().run(drop, db::Params::of(ask.key, left.token));
          base::log_info("A provider was asked again for what a server that is gone had begun, and refuses",
                         {{"what", ask.key}, {"provider", ask.provider}, {"error", error.what()}});
          continue;
        }
        call.db().run(store, db::Params::of(ask.key, left.token, left.answer));
      }
      settle(call, left);
      base::log_info("What a server that is gone had asked a provider for is stored",
                     {{"what", ask.key}, {"provider", ask.provider}});
    } catch (const std::exception& error) {
      base::log_error("What a server that is gone had asked a provider for is not settled",
                      {{"what", ask.key}, {"provider", ask.provider}, {"error", error.what()}});
    }
  }
}

} // namespace ports
