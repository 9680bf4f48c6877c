#include "commerce/claim/additional.hpp"
#include "base/ids.hpp"
#include "commerce/cart/generated.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/customer/tables.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/stock/sale.hpp"
#include "commerce/tax/service.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"

namespace commerce::claim {

using query::RowOf;

base::JsonArray take_items(ports::Call& call, const RowOf<table::Order>& order, std::string_view claim_id,
                           const std::vector<cart::WantedItem>& wanted) {
  if (wanted.empty()) return {};
  // 1. The line items, priced for the order's region.
  auto items = cart::generate_items(call, {order.str("region_id"), std::nullopt}, wanted);
  std::vector<stock::Wish> wishes;
  for (auto& item : items) {
    item.set("id", base::make_id("item"));
    item.set("claim_order_id", claim_id);
    wishes.push_back({.variant_id = item["variant_id"].as_string(),
                      .quantity = item["quantity"].as_int(),
                      .line_item_id = item["id"].as_string(),
                      .title = stock::title_of(item["title"].as_string(), item["description"].as_string())});
  }
  // 2. All of them are taken, or none.
  const bool channels = call.on(schema::Flag::sales_channels);
  stock::Sale sale(call, std::move(wishes), channels ? order.optional_text("sales_channel_id") : std::nullopt);
  const auto taken = call.db().run(sale.query(stock::Sale::Mode::take));
  if (const auto refusals = sale.refusals(taken); !refusals.empty()) throw base::Error(refusals.front());
  sale.write();
  return items;
}

void write_items(ports::Call& call, const RowOf<table::Order>& order, base::JsonArray items) {
  if (items.empty()) return;
  // 1. The rows.
  call.write_last(query::insert(schema::get("LineItem"), items));
  // 2. Their tax lines.
  std::vector<std::string> ids;
  for (const auto& item : items) ids.push_back(item["id"].as_string());
  const auto tree = query::read(call.db(), call.flags,
                                {.entity = &schema::get("LineItem"),
                                 .selection = query::select({}, {"variant"}),
                                 .where = {{"id", query::Operator::in, ids}}});
  const auto region = order.one<table::Region>("region");
  const auto rows = tree.rows<table::LineItem>();
  const auto lines = tax::provider_lines(
      call, {*region, order.one<table::Address>("shipping_address"), order.one<table::Customer>("customer")}, rows, {},
      tax::rates_for(call, *region, rows, {}));
  for (auto& write : tax::store_lines(lines)) call.write_last(std::move(write));
}

} // namespace commerce::claim
