#include "commerce/draft_order/service.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "commerce/cart/discounts.hpp"
#include "commerce/cart/line_items.hpp"
#include "commerce/cart/shipping_methods.hpp"
#include "commerce/cart/update.hpp"
#include "commerce/draft_order/states.hpp"
#include "db/batch.hpp"
#include "query/write.hpp"

namespace commerce::draft_order {

using base::Error;
using base::Json;
using cart::State;
using ports::Call;

namespace {

constexpr cart::Needs kFresh{.items = true, .methods = true, .discounts = true, .fresh = true};

const schema::Entity& entity() {
  static const schema::Entity& found = schema::get("DraftOrder");
  return found;
}

// A draft is completed with its cart.
void refuse_completed(const State& cart) { check(act::update, cart.completed() ? "completed" : "open"); }

// Quirk: no quantity is one.
std::vector<cart::WantedItem> wanted_variants(const std::vector<ItemWish>& items) {
  std::vector<cart::WantedItem> wanted;
  for (const auto& item : items)
    if (item.variant_id)
      wanted.push_back({*item.variant_id, item.quantity ? item.quantity : 1, item.metadata, item.unit_price});
  return wanted;
}

// Medusa 1.20: LineItemService.generate, without what buyers of some group pay.
base::JsonArray variant_items(Call& call, const cart::Draft& draft, const std::string& cart_id,
                              const std::vector<cart::WantedItem>& wanted, const db::Result& found) {
  auto rows = cart::new_items(call, cart_id, {draft.region_id, std::nullopt}, wanted, cart::variants_of(found, wanted));
  for (auto& row : rows) row.set("has_shipping", nullptr);
  return rows;
}

// `found`: what is known of the wanted variants, where there are any.
std::vector<db::Command> insert_items(Call& call, const Wish& wish, const std::string& cart_id,
                                      const std::vector<cart::WantedItem>& wanted, const db::Batch::Slot& found) {
  std::vector<db::Command> writes;
  if (found) {
    auto of_variants = variant_items(call, wish.cart, cart_id, wanted, *found);
    writes.push_back(query::insert(schema::get("LineItem"), of_variants));
  }
  base::JsonArray custom;
  for (const auto& item : wish.items)
    if (!item.variant_id) custom.push_back(custom_item(cart_id, item));
  if (!custom.empty()) writes.push_back(query::insert(schema::get("LineItem"), custom));
  return writes;
}

std::optional<db::Command> insert_agreed_prices(const Wish& wish, const std::string& cart_id) {
  base::JsonArray agreed;
  for (const auto& method : wish.shipping_methods)
    if (method.price)
      agreed.push_back(
          base::JsonObject{{"shipping_option_id", method.option_id}, {"cart_id", cart_id}, {"price", *method.price}});
  if (agreed.empty()) return std::nullopt;
  return query::insert(schema::get("CustomShippingOption"), agreed);
}

} // namespace

void write_cart(Call& call, const State& cart) {
  for (auto& query : cart.writes()) call.write_last(std::move(query));
}

Json custom_item(const std::string& cart_id, const ItemWish& wish) {
  return base::JsonObject{
      {"cart_id", cart_id},        {"has_shipping", true},
      {"title", wish.title},       {"is_return", false},
      {"is_giftcard", false},      {"should_merge", true},
      {"allow_discounts", false},  {"unit_price", wish.unit_price.value_or(0)},
      {"quantity", wish.quantity}, {"metadata", wish.metadata.is_nullish() ? Json(nullptr) : wish.metadata}};
}

std::string create(Call& call, const Wish& wish) {
  return call.atomic([&] {
    // 1. The cart, and the draft that it belongs to.
    const auto wanted = wanted_variants(wish.items);
    db::Batch lookups;
    db::Batch::Slot found;
    if (!wanted.empty()) found = lookups.add(cart::variants_query(call, wanted, "", std::nullopt));
    auto made = cart::drafted(call, wish.cart, std::move(lookups));
    Json draft = base::JsonObject{{"cart_id", made.id}, {"no_notification_order", wish.no_notification_order}};
    made.writes.push_back(query::insert(entity(), draft));
    const std::string draft_id = draft["id"].as_string();
    call.emit("draft_order.created", base::JsonObject{{"id", draft_id}});
    // 2. Its items, and what shipping costs where that was agreed on.
    append(made.writes, insert_items(call, wish, made.id, wanted, found));
    if (auto agreed = insert_agreed_prices(wish, made.id)) made.writes.push_back(std::move(*agreed));
    // 3. How it is shipped, and 4. what is taken off.
    State state = State::lock(call, made.id, kFresh, db::Batch(std::move(made.writes)));
    std::vector<cart::WantedMethod> methods;
    for (const auto& method : wish.shipping_methods) methods.push_back({method.option_id, method.data});
    cart::add_shipping_methods(state, methods);
    if (!wish.discounts.empty()) {
      cart::replace_discounts(state, wish.discounts);
      call.emit("cart.updated", state.cart);
    }
    write_cart(call, state);
    return draft_id;
  });
}

Open find_open(Call& call, const std::string& draft_id) {
  static const db::Statement statement(
      "SELECT d.cart_id, d.status, c.customer_id FROM draft_order d LEFT JOIN cart c ON c.id = d.cart_id "
      "WHERE d.id = $1");
  const auto found = call.db().run(statement, db::Params::of(draft_id));
  if (found.empty()) throw Error::not_found("Draft order with " + draft_id + " was not found");
  check(act::update, found.text(0, 1));
  return {std::string(found.text(0, 0)), found.optional_text(0, 2)};
}

State lock_open(Call& call, const Open& draft, const cart::Needs& needs, db::Batch before) {
  auto with_completed = needs;
  with_completed.completed = true;
  State state = State::lock(call, draft.cart_id, with_completed, std::move(before));
  refuse_completed(state);
  return state;
}

void update(Call& call, const std::string& draft_id, const Json& changes) {
  call.atomic([&] {
    // 1. The draft must be open.
    const Open draft = find_open(call, draft_id);
    Json of_cart = Json::object();
    for (const auto& [name, value] : changes.as_object())
      if (name != "no_notification_order" && (!value.is_null() || name.ends_with("_address"))) of_cart.set(name, value);
    const Json& buyer = of_cart["customer_id"];
    auto cart = cart::lock_to_update(call, draft.cart_id, of_cart,
                                     buyer.truthy() ? std::optional(buyer.as_string()) : draft.customer_id);
    refuse_completed(cart.state);
    // 2. What is the draft's own.
    if (const Json& silent = changes["no_notification_order"]; !silent.is_undefined()) {
      call.write_last(query::update(entity(), draft_id, base::JsonObject{{"no_notification_order", silent}}));
      call.emit("draft_order.updated", base::JsonObject{{"id", draft_id}});
    }
    // 3. The rest is its cart's.
    cart::update(cart, of_cart);
    write_cart(call, cart.state);
  });
}

void remove(Call& call, const std::string& draft_id) {
  call.atomic([&] {
    // The cart's row first, as whoever makes an order of it has that.
    static const db::Statement lock_cart(
        "SELECT 1 FROM cart WHERE id = (SELECT cart_id FROM draft_order WHERE id = $1) FOR UPDATE");
    static const db::Statement lock_draft("SELECT status FROM draft_order WHERE id = $1 FOR UPDATE");
    db::Batch batch;
    batch.add({lock_cart, db::Params::of(draft_id)});
    const auto draft = batch.add({lock_draft, db::Params::of(draft_id)});
    batch.run(call.db());
    if (draft->empty()) return;
    // 1.20 fails by mistake, as the order names its draft.
    check(act::remove, draft->text(0, 0));
    call.write_last(query::remove(entity(), {draft_id}));
  });
}

} // namespace commerce::draft_order
