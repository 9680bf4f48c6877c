#include "commerce/rows.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <stdexcept>

namespace commerce {

using base::Json;

namespace {

template<class Array> auto by_id(Array& rows, std::string_view id) {
  return std::find_if(rows.begin(), rows.end(), [&](const Json& row) { return row["id"].as_string() == id; });
}

} // namespace

Rows::Rows(std::string_view entity, base::JsonArray rows)
    : entity_(&schema::get(entity)), rows_(std::move(rows)), before_(rows_) {}

const Json* Rows::find(std::string_view id) const {
  const auto at = by_id(rows_, id);
  return at == rows_.end() ? nullptr : &*at;
}

void Rows::set(std::string_view id, std::string_view column, Json value) {
  const auto at = by_id(rows_, id);
  if (at == rows_.end()) throw std::logic_error("no row " + std::string(id));
  at->set(column, std::move(value));
}

void Rows::set_all(std::string_view column, const Json& value) {
  for (auto& row : rows_) row.set(column, value);
}

std::string Rows::add(Json row) {
  if (row["id"].is_nullish()) row.set("id", base::make_id(entity_->prefix));
  rows_.push_back(std::move(row));
  return rows_.back()["id"].as_string();
}

void Rows::remove(std::string_view id) {
  const auto at = by_id(rows_, id);
  if (at == rows_.end()) return;
  if (by_id(before_, id) != before_.end()) removed_.emplace_back(id);
  rows_.erase(at);
}

void Rows::forget(std::string_view id) {
  for (auto* rows : {&rows_, &before_})
    std::erase_if(*rows, [&](const Json& row) { return row["id"].as_string() == id; });
}

void Rows::clear() {
  while (!rows_.empty()) remove(std::string(rows_.back()["id"].as_string()));
}

std::vector<db::Command> Rows::writes() const {
  db::Batch batch;
  write(batch, {});
  return batch.take();
}

Rows::Written Rows::write(db::Batch& batch, const query::Returned& returned) const {
  Written written{removed_, {}};
  if (!removed_.empty()) batch.add(query::erase_where(*entity_, "id", removed_));
  // One UPDATE for all rows: it names the columns that changed in any of them.
  std::vector<std::string_view> columns;
  std::vector<const Json*> changed;
  base::JsonArray added;
  base::StringMap<const Json*> before;
  for (const auto& row : before_) before.emplace(row["id"].as_string(), &row);
  for (const auto& row : rows_) {
    const auto old = before.find(row["id"].as_string());
    if (old == before.end()) {
      added.push_back(row);
      continue;
    }
    bool differs = false;
    for (const auto& [name, value] : row.as_object())
      if (!((*old->second)[name] == value)) {
        differs = true;
        if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
      }
    if (differs) changed.push_back(&row);
  }
  if (!changed.empty()) {
    base::JsonArray updates;
    for (const Json* row : changed) {
      Json update = base::JsonObject{{"id", (*row)["id"]}};
      for (const auto column : columns) update.set(column, (*row)[column]);
      updates.push_back(std::move(update));
    }
    written.rows.push_back(batch.add(query::update_each(*entity_, updates, returned)));
  }
  if (!added.empty()) written.rows.push_back(batch.add(query::insert(*entity_, added, returned)));
  return written;
}

void append(std::vector<db::Command>& writes, std::vector<db::Command> more) {
  for (auto& write : more) writes.push_back(std::move(write));
}

} // namespace commerce
