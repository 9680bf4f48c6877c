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

} // namespace db
