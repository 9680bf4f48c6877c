#include "db/row_counts.hpp"
#include <algorithm>

namespace db {

RowCounts::RowCounts(std::span<const std::string_view> tables) {
  for (const auto table : tables) tables_.emplace_back(table);
}

RowCounts::Table* RowCounts::of(std::string_view table) {
  const auto found = std::ranges::find(tables_, table, &Table::name);
  return found == tables_.end() ? nullptr : &*found;
}

std::optional<std::int64_t> RowCounts::Table::find(ChangeLog::Generation generation) {
  const std::lock_guard lock(mutex_);
  return generation == generation_ ? std::optional(count_) : std::nullopt;
}

void RowCounts::Table::keep(ChangeLog::Generation generation, std::int64_t count) {
  const std::lock_guard lock(mutex_);
  if (generation < generation_) return;
  generation_ = generation;
  count_ = count;
}

void ListCounts::enter(ChangeLog::Generation generation) {
  if (generation <= generation_) return;
  generation_ = generation;
  counts_.clear();
}

std::optional<std::int64_t> ListCounts::find(const std::string& what, ChangeLog::Generation generation) {
  const std::lock_guard lock(mutex_);
  enter(generation);
  const auto found = generation == generation_ ? counts_.find(what) : counts_.end();
  return found == counts_.end() ? std::nullopt : std::optional(found->second);
}

void ListCounts::keep(std::string what, ChangeLog::Generation generation, std::int64_t count) {
  constexpr std::size_t kMost = 2'000, kLongest = 4'096; // 8 MB in all
  if (what.size() > kLongest) return;
  const std::lock_guard lock(mutex_);
  enter(generation);
  if (generation != generation_) return;
  if (counts_.size() >= kMost) counts_.clear();
  counts_[std::move(what)] = count;
}

} // namespace db
