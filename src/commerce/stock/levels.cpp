#include "commerce/stock/levels.hpp"
#include <algorithm>

namespace commerce::stock {

void load_levels(query::Selection& items) {
  items.with("inventory_levels");
  items.child("inventory_levels")->order_by = "t.created_at ASC, t.id ASC";
}

void add_levels(const std::vector<query::RowOf<table::InventoryItem>>& items, const Places& places, Relation relation) {
  for (const auto& item : items) {
    std::int64_t reserved = 0, stocked = 0;
    std::string levels;
    base::JsonWriter writer(levels);
    writer.open_array();
    for (const auto& level : item.many<table::InventoryLevel>("inventory_levels")) {
      if (!places.empty() && std::find(places.begin(), places.end(), level.text("location_id")) == places.end())
        continue;
      reserved += level.integer("reserved_quantity");
      stocked += level.integer("stocked_quantity");
      std::string shown = query::row_json(level);
      shown.back() = ',';
      base::JsonWriter more(shown);
      more.key("available_quantity").integer(level.integer("stocked_quantity") - level.integer("reserved_quantity"));
      writer.raw(shown + '}');
    }
    writer.close_array();
    if (relation == Relation::hidden) item.compute("inventory_levels", std::string());
    item.compute("reserved_quantity", base::Json(reserved));
    item.compute("stocked_quantity", base::Json(stocked));
    item.compute("location_levels", std::move(levels));
  }
}

} // namespace commerce::stock
