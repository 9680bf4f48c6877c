#include "db/kept_rows.hpp"
#include "base/fiber.hpp"
#include "base/metrics.hpp"
#include <algorithm>
#include <libpq-fe.h>
#include <numeric>
#include <stdexcept>

namespace db {
namespace {

using base::metrics::label;

enum Found { hit, miss };
base::metrics::Counter looks({"stheno_kept_rows_total", "Keys whose rows were at hand, or had to be asked for."},
                             {label("found", "hit"), label("found", "miss")});
base::metrics::Counter
    drops({"stheno_kept_rows_dropped_total",
           "Answers dropped from the kept rows: something has changed them, or others needed the room."});

constexpr std::uint32_t kNull = 1u << 31;

} // namespace

PackedRows::PackedRows(const Result& result, std::span<const int> rows)
    : rows_(static_cast<int>(rows.size())), columns_(result.columns()) {
  std::size_t length = 0;
  for (const int row : rows)
    for (int column = 0; column < columns_; column++) length += result.text(row, column).size();
  text_.reserve(length);
  ends_.reserve(rows.size() * static_cast<std::size_t>(columns_));
  for (const int row : rows)
    for (int column = 0; column < columns_; column++) {
      text_ += result.text(row, column);
      ends_.push_back(static_cast<std::uint32_t>(text_.size()) | (result.is_null(row, column) ? kNull : 0));
    }
}

std::optional<std::string_view> PackedRows::text(int row, int column) const {
  const auto at = static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column);
  if (ends_[at] & kNull) return std::nullopt;
  const std::size_t begin = at ? ends_[at - 1] & ~kNull : 0;
  return std::string_view(text_).substr(begin, ends_[at] - begin);
}

Result result_of(std::span<const PackedRowsPtr> packed, std::span<const int> columns) {
  PGresult* made = PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK);
  static char name[] = "kept";
  std::vector<PGresAttDesc> described(columns.size(), {name, 0, 0, 0, 25, -1, -1});
  PQsetResultAttrs(made, static_cast<int>(columns.size()), described.data());
  int at = 0;
  for (const auto& rows : packed)
    for (int row = 0; row < rows->rows(); row++, at++)
      for (int column = 0; column < static_cast<int>(columns.size()); column++) {
        const auto text = rows->text(row, columns[static_cast<std::size_t>(column)]);
        // libpq copies the value, whose type it takes as char*.
        PQsetvalue(made, at, column, text ? const_cast<char*>(text->data()) : nullptr,
                   text ? static_cast<int>(text->size()) : -1);
      }
  return Result(made);
}

std::size_t KeptRows::Entry::bytes() const {
  constexpr std::size_t kAround = 200; // what the list, the map and the allocator take
  return rows->bytes() + 2 * key.size() + kAround;
}

KeptRows::KeptRows(std::span<const LoggedTable> tables, std::size_t most_bytes) : most_bytes_(most_bytes) {
  for (const auto& table : tables) tables_[std::string(table.name)].columns = table.columns;
}

bool KeptRows::watches(std::string_view table, std::string_view column) const {
  const auto found = tables_.find(table);
  return found != tables_.end() &&
         std::find(found->second.columns.begin(), found->second.columns.end(), column) != found->second.columns.end();
}

Command KeptRows::look() {
  const std::lock_guard lock(mutex_);
  Params params;
  if (state_.looked)
    params.add(state_.server_since).add(state_.snapshot).add(state_.deadline);
  else
    params.add(std::nullopt).add(std::nullopt).add(std::nullopt);
  return {row_log_question(), std::move(params)};
}

KeptRows::Confirmed KeptRows::judge(const Result& result) {
  State now{true, std::string(result.text(0, 1)), std::string(result.text(0, 2)), std::string(result.text(0, 3))};
  const bool all = result.boolean(0, 0) || result.rows() >= kMostChanges;
  bool own = false;
  const std::lock_guard lock(mutex_);
  if (all) {
    forget_all();
  } else {
    for (int row = 0; row < result.rows(); row++) {
      if (result.is_null(row, 4)) continue;
      own = own || result.boolean(row, 6);
      const auto table = tables_.find(result.text(row, 4));
      if (table == tables_.end()) continue;
      clock_++;
      table->second.changed_at = clock_;
      if (result.is_null(row, 5))
        change(table->second, {});
      else
        for (const auto& key : elements_of(result.text(row, 5))) change(table->second, key);
    }
  }
  state_ = std::move(now);
  return own ? 0 : clock_;
}

KeptRows::Question& KeptRows::registered(const Kept& kept) {
  const auto [found, fresh] = questions_.try_emplace(&kept);
  if (fresh)
    for (const auto& source : kept.sources) {
      const auto table = tables_.find(source.table);
      if (table == tables_.end()) throw std::logic_error("nobody watches " + std::string(source.table));
      table->second.ends.emplace_back(&found->second, source.column);
      found->second.tables.push_back(&table->second);
    }
  return found->second;
}

void KeptRows::change(Table& table, std::string_view key) {
  const auto equals = key.find('=');
  const std::string_view column = key.substr(0, equals);
  for (const auto& [question, by] : table.ends) {
    if (by.empty() || key.empty()) {
      drop(*question);
    } else if (by == column) {
      const auto entry = question->by_key.find(key.substr(equals + 1));
      if (entry != question->by_key.end()) drop(entry->second);
    }
  }
}

void KeptRows::drop(Question& question) {
  while (!question.by_key.empty()) drop(question.by_key.begin()->second);
}

void KeptRows::drop(Entries::iterator entry) {
  drops.add();
  bytes_ -= entry->bytes();
  auto& by_key = entry->question->by_key;
  by_key.erase(by_key.find(entry->key));
  entries_.erase(entry);
}

void KeptRows::forget_all() {
  for (auto& [kept, question] : questions_) question.by_key.clear();
  drops.add(0, entries_.size());
  entries_.clear();
  bytes_ = 0;
  clock_++;
  for (auto& [name, table] : tables_) table.changed_at = clock_;
}

std::vector<PackedRowsPtr> KeptRows::find(const Kept& kept, std::span<const std::string> keys) {
  std::vector<PackedRowsPtr> found(keys.size());
  const std::lock_guard lock(mutex_);
  Question& question = registered(kept);
  for (std::size_t i = 0; i < keys.size(); i++) {
    const auto entry = question.by_key.find(keys[i]);
    if (entry == question.by_key.end()) {
      looks.add(miss);
      continue;
    }
    looks.add(hit);
    entries_.splice(entries_.begin(), entries_, entry->second);
    found[i] = entry->second->rows;
  }
  return found;
}

void KeptRows::keep(const Kept& kept, const std::string& key, PackedRowsPtr rows, Confirmed clock) {
  const std::lock_guard lock(mutex_);
  Question& question = registered(kept);
  for (const Table* table : question.tables)
    if (table->changed_at > clock) return;
  if (const auto before = question.by_key.find(key); before != question.by_key.end()) drop(before->second);
  entries_.push_front({&question, key, std::move(rows)});
  // What is larger than a share of the whole would push out more than it is worth.
  constexpr std::size_t kShares = 8;
  const std::size_t bytes = entries_.front().bytes();
  if (bytes > most_bytes_ / kShares) {
    entries_.pop_front();
    return;
  }
  bytes_ += bytes;
  question.by_key.emplace(entries_.front().key, entries_.begin());
  while (bytes_ > most_bytes_) drop(std::prev(entries_.end()));
}

KeptRows::Confirmed confirmed(const KeptRows& rows) noexcept {
  const auto* note = base::fiber_note();
  return note && note->owner == &rows ? note->value : 0;
}

void confirm(const KeptRows& rows, KeptRows::Confirmed up_to) noexcept {
  if (auto* note = base::fiber_note()) *note = {&rows, up_to};
}

bool changes(const KeptRows& rows, const std::vector<Command>& commands) {
  return std::any_of(commands.begin(), commands.end(), [&](const Command& command) {
    const auto& tables = command.statement.writes();
    return std::any_of(tables.begin(), tables.end(), [&](const auto& table) { return rows.watches(table); });
  });
}

void forget_confirmation() noexcept {
  if (auto* note = base::fiber_note()) *note = {};
}

PackedRowsOf::PackedRowsOf(const Kept& question, std::vector<std::string> keys)
    : question_(&question), keys_(std::move(keys)) {
  std::sort(keys_.begin(), keys_.end());
  keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
  missing_ = keys_;
  packed_.resize(keys_.size());
}

void PackedRowsOf::find(KeptRows& rows) {
  packed_ = rows.find(*question_, keys_);
  missing_.clear();
  for (std::size_t i = 0; i < keys_.size(); i++)
    if (!packed_[i]) missing_.push_back(keys_[i]);
}

void PackedRowsOf::take(KeptRows& rows, const Result& result, KeptRows::Confirmed clock) {
  std::unordered_map<std::string_view, std::vector<int>> by_key;
  for (int row = 0; row < result.rows(); row++) by_key[result.text(row, question_->key)].push_back(row);
  for (std::size_t i = 0; i < keys_.size(); i++) {
    if (packed_[i]) continue;
    packed_[i] = std::make_shared<const PackedRows>(result, by_key[keys_[i]]);
    if (clock) rows.keep(*question_, keys_[i], packed_[i], clock);
  }
}

Result PackedRowsOf::result() const {
  std::vector<int> all(packed_.empty() ? 0 : static_cast<std::size_t>(packed_.front()->columns()));
  std::iota(all.begin(), all.end(), 0);
  return result_of(packed_, all);
}

KeptRows::Confirmed KeptRows::clock() const {
  const std::lock_guard lock(mutex_);
  return clock_;
}

KeptRows::Figures KeptRows::figures() const {
  const std::lock_guard lock(mutex_);
  return {entries_.size(), bytes_};
}

} // namespace db
