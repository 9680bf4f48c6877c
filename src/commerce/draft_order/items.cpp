#include "commerce/draft_order/items.hpp"
#include "base/error.hpp"
#include "base/metadata.hpp"
#include "commerce/cart/discounts.hpp"
#include "commerce/cart/line_items.hpp"
#include "db/batch.hpp"

namespace commerce::draft_order {

using base::Error;
using base::Json;
using cart::State;
using ports::Call;

namespace {

constexpr cart::Needs kItems{.items = true, .methods = true, .discounts = true};

// Throws where the stock doesn't cover that many of the item.
void refuse_without_stock(const State& state, const Json& item, std::int64_t quantity) {
  if (!item["variant_id"].is_string()) return;
  const std::vector<cart::WantedItem> wanted{{item["variant_id"].as_string(), quantity, {}}};
  Call& call = *state.call;
  auto variants =
      cart::variants_of(call.db().run(cart::variants_query(call, wanted, state.id(), std::nullopt)), wanted);
  cart::ask_inventory(call, variants, state.text("sales_channel_id"));
  cart::refuse_more_than_stock(variants.front(), quantity);
}

} // namespace

void add_item(Call& call, const std::string& draft_id, const ItemWish& wish) {
  call.atomic([&] {
    const Open draft = find_open(call, draft_id);
    // 1. What is no variant is a line as it is.
    if (!wish.variant_id) {
      State state = lock_open(call, draft, {});
      state.items.add(custom_item(state.id(), wish));
      return write_cart(call, state);
    }
    // 2. A variant is priced, and follows a cart's rules but for the sales channel.
    if (!wish.quantity)
      throw Error::invalid_data("Unable to generate the line item because one or more required argument(s) are "
                                "missing. Ensure quantity, regionId, and variantId are passed");
    const std::vector<cart::WantedItem> wanted{{*wish.variant_id, wish.quantity, wish.metadata, wish.unit_price}};
    db::Batch before;
    const auto variants = before.add(cart::variants_query(call, wanted, draft.cart_id, std::nullopt));
    State state = lock_open(call, draft, kItems, std::move(before));
    cart::add_items(state, wanted, cart::variants_of(*variants, wanted), {state.text("region_id"), std::nullopt},
                    cart::From::anywhere);
    call.emit("cart.updated", base::JsonObject{{"id", state.id()}});
    write_cart(call, state);
  });
}

void update_item(Call& call, const std::string& draft_id, const std::string& item_id, const ItemChange& change) {
  if (change.quantity == 0) return remove_item(call, draft_id, item_id);
  call.atomic([&] {
    // 1. The line must be in the draft, and the stock must cover it.
    const Open draft = find_open(call, draft_id);
    State state = lock_open(call, draft, kItems);
    const Json* item = state.items.find(item_id);
    if (!item) throw Error::invalid_data("Could not find the line item");
    if (change.quantity) refuse_without_stock(state, *item, *change.quantity);
    // 2. Shipping must be arranged anew.
    state.methods.clear();
    // 3. Change the line.
    if (change.title) state.items.set(item_id, "title", *change.title);
    if (change.unit_price) state.items.set(item_id, "unit_price", *change.unit_price);
    if (change.quantity) state.items.set(item_id, "quantity", *change.quantity);
    if (change.metadata.is_object() && change.metadata.size())
      state.items.set(item_id, "metadata",
                      base::merge_metadata((*state.items.find(item_id))["metadata"], change.metadata));
    // 4. Discounts apply to what the draft holds now.
    cart::refresh_adjustments(state);
    call.emit("cart.updated", state.cart);
    write_cart(call, state);
  });
}

void remove_item(Call& call, const std::string& draft_id, const std::string& item_id) {
  call.atomic([&] {
    const Open draft = find_open(call, draft_id);
    State state = lock_open(call, draft, kItems);
    if (cart::remove_items(state, {item_id})) call.emit("cart.updated", base::JsonObject{{"id", state.id()}});
    write_cart(call, state);
  });
}

} // namespace commerce::draft_order
