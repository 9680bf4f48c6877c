// The items of a claim: what is wrong with which units, with pictures and tags. Owns the rows of claim_item, claim_image and
// claim_tag. Called by claim/service, on the fiber of the request, inside a transaction that holds the order's row. The number
// of statements is the same for any number of items. All throw base::Error with 1.20's sentences.
#pragma once
#include "base/json.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/claim/tables.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::claim {

struct WishedItem {
  std::string item_id; // a line item
  std::int64_t quantity = 0;
  std::string reason{};
  std::optional<std::string> note{};
  std::vector<std::string> tags{}, images{}; // values; URLs
};
// `lines`: the line items of the order, of its swaps and of its claims. Medusa 1.20: ClaimItemService.create for each.
void create_items(ports::Call& call, std::string_view claim_id, const std::vector<query::RowOf<table::LineItem>>& lines,
                  const std::vector<WishedItem>& wished);

// `existing`: the claim's items with images and tags. `changes`: a body's claim_items, each with id, images and tags, and where
// given note, reason, metadata. Medusa 1.20: ClaimItemService.update for each.
void update_items(ports::Call& call, const std::vector<query::RowOf<table::ClaimItem>>& existing,
                  const base::JsonArray& changes);

} // namespace commerce::claim
