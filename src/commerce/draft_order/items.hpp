// The lines of an open draft order: added, changed, removed. Owns nothing. Called by the admin routes, on the fiber of the
// request.
#pragma once
#include "commerce/draft_order/service.hpp"
#include <optional>
#include <string>

namespace commerce::draft_order {

// A variant at its price joins the line of the same variant; one at a price that was agreed on is a line of its own.
void add_item(ports::Call& call, const std::string& draft_id, const ItemWish& wish);

struct ItemChange {
  std::optional<std::string> title{};
  std::optional<base::Amount> unit_price{};
  std::optional<std::int64_t> quantity{}; // 0 takes the line away
  base::Json metadata{};                  // merged
};
// Quirk: another quantity doesn't change the price.
void update_item(ports::Call& call, const std::string& draft_id, const std::string& item_id, const ItemChange& change);
// Nothing happens where the draft has no such line.
void remove_item(ports::Call& call, const std::string& draft_id, const std::string& item_id);

} // namespace commerce::draft_order
