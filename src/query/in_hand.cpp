#include "query/in_hand.hpp"
#include "base/strings.hpp"
#include "db/made_result.hpp"
#include <algorithm>
#include <stdexcept>
#include <unordered_map>

namespace query {

using schema::Column;
using schema::Entity;

namespace {

using Cell = std::optional<std::string_view>;

// One row, wherever it comes from.
struct Found {
  std::optional<Row> read;
  const db::Result* written = nullptr;
  int at = 0;
};

std::size_t place_of(const Entity& entity, const Column& column) {
  return static_cast<std::size_t>(&column - entity.columns.data());
}

// Reads the cells of rows, whose columns stand in another order here and there.
class Cells {
 public:
  Cells(const Entity& entity, const schema::Flags& flags) : entity_(entity), written_(entity.columns.size(), -1) {
    int next = 0;
    for (const auto* column : all_columns(entity, flags)) written_[place_of(entity, *column)] = next++;
  }

  Cell of(const Found& row, const Column& column) const {
    const auto place = place_of(entity_, column);
    if (row.read) {
      const ColumnAt at{static_cast<int>(place)};
      return row.read->is_null(at) ? std::nullopt : Cell(row.read->text(at));
    }
    const int at = written_[place];
    return row.written->is_null(row.at, at) ? std::nullopt : Cell(row.written->text(row.at, at));
  }
  std::string_view key(const Found& row) const { return of(row, *entity_.column(entity_.key)).value_or(""); }

 private:
  const Entity& entity_;
  std::vector<int> written_; // by place
};

// The columns of "t.created_at ASC, t.id ASC"; nullopt where it says more than that, or compares what is no text.
std::optional<std::vector<const Column*>> order_of(const Entity& entity, std::string_view order_by) {
  std::vector<const Column*> columns;
  if (order_by.empty()) return columns;
  for (const std::string& part : base::split(order_by, ',')) {
    std::string_view name = base::trim(part);
    if (!name.starts_with("t.") || !name.ends_with(" ASC")) return std::nullopt;
    const auto* column = entity.column(name.substr(2, name.size() - 6));
    if (!column || (column->type != schema::Type::text && column->type != schema::Type::timestamp)) return std::nullopt;
    columns.push_back(column);
  }
  return columns;
}

} // namespace

void InHand::put(std::string_view path, db::Batch::Slot written) { edit(path).written.push_back(std::move(written)); }

void InHand::put(std::string_view path, const std::vector<Row>& rows) {
  auto& all = edit(path).rows;
  all.insert(all.end(), rows.begin(), rows.end());
}

void InHand::remove(std::string_view path, const std::vector<std::string>& keys) {
  if (!keys.empty()) edit(path).removed.insert(keys.begin(), keys.end());
}

void InHand::keep_only(std::string_view path, const std::vector<std::string>& keys) {
  edit(path).only.emplace(keys.begin(), keys.end());
}

void InHand::share(std::string_view path, std::string_view other) {
  edit(path).shared = other;
  edit(other); // whose rows are not taken away
}

void InHand::forget(std::string_view path) { edit(path).forgotten = true; }

const InHand::Edit* InHand::edited(std::string_view path) const {
  const auto found = edits_.find(path);
  return found == edits_.end() ? nullptr : &found->second;
}

const Node* InHand::node(std::string_view path) const {
  const Node* at = tree_.root.get();
  for (std::size_t from = 0; at && from < path.size();) {
    const auto dot = std::min(path.find('.', from), path.size());
    at = at->child(path.substr(from, dot - from));
    from = dot + 1;
  }
  return at;
}

bool InHand::keeps_order(const Wanted& wanted) const {
  const auto* edit = edited(wanted.path);
  return !edit || !edit->adds() || order_of(wanted.entity, wanted.order_by);
}

db::Result InHand::rows(const Wanted& wanted, const Column* link,
                        const std::set<std::string_view, std::less<>>& keys) const {
  const Cells cells(wanted.entity, flags_);
  std::vector<Found> known;
  std::unordered_map<std::string_view, std::size_t> at; // by key
  const auto add = [&](Found row) {
    const auto [found, is_new] = at.emplace(cells.key(row), known.size());
    if (is_new)
      known.push_back(std::move(row));
    else
      known[found->second] = std::move(row);
  };
  // 1. What was read, less what is gone.
  const auto* edit = edited(wanted.path);
  const auto add_read = [&](std::string_view path) {
    const auto* node = this->node(path);
    if (!node) return;
    const auto* its = edited(path);
    for (const Row& row : node->rows()) {
      const Found one{.read = row};
      const auto key = cells.key(one);
      if (!its || (!its->removed.contains(key) && (!its->only || its->only->contains(key)))) add(one);
    }
  };
  add_read(wanted.path);
  if (edit && !edit->shared.empty()) add_read(edit->shared);
  // 2. What was written.
  if (edit) {
    for (const auto& row : edit->rows) add({.read = row});
    for (const auto& written : edit->written)
      for (int row = 0; row < written->rows(); row++) add({.read = std::nullopt, .written = &*written, .at = row});
  }
  // 3. Those that belong to one of the rows above.
  if (link)
    std::erase_if(known, [&](const Found& row) {
      const auto key = cells.of(row, *link);
      return !key || !keys.contains(*key);
    });
  // 4. Their order.
  if (edit && edit->adds())
    if (const auto order = order_of(wanted.entity, wanted.order_by); order && !order->empty())
      std::stable_sort(known.begin(), known.end(), [&](const Found& a, const Found& b) {
        for (const auto* column : *order) {
          const auto left = cells.of(a, *column).value_or(""), right = cells.of(b, *column).value_or("");
          if (left != right) return left < right;
        }
        return false;
      });
  std::vector<Cell> all;
  for (const auto& row : known) {
    for (const auto* column : wanted.columns) all.push_back(cells.of(row, *column));
    if (wanted.joined) all.emplace_back(*keys.begin());
  }
  return db::made_result(all, static_cast<int>(wanted.columns.size()) + (wanted.joined ? 1 : 0));
}

} // namespace query
