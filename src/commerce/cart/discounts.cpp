#include "commerce/cart/discounts.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "commerce/cart/lookups.hpp"
#include "commerce/discount/service.hpp"
#include "commerce/totals/from_rows.hpp"
#include <algorithm>

namespace commerce::cart {

using base::Error;
using base::Json;

namespace {

// 1.20 lets a shopper take them away, and then gives back more than was paid for what comes back.
constexpr const char* kDiscountsOfSwap = "The discounts of a swap's cart can't be changed";

// Puts `wanted` in the place of the adjustments that discounts have made, leaving alone those that stay the same.
void replace_adjustments(State& state, const std::vector<discount::NewAdjustment>& wanted) {
  std::vector<bool> there(wanted.size());
  for (const auto& old : base::JsonArray(state.adjustments.all())) {
    if (old["discount_id"].is_nullish()) continue;
    const Json* item = state.items.find(old["item_id"].as_string());
    if (item && (*item)["is_return"].truthy()) continue;
    std::size_t same = 0;
    while (same < wanted.size() &&
           !(wanted[same].item_id == old["item_id"].as_string() &&
             old["discount_id"] == Json(wanted[same].discount_id) && old["amount"].as_number() == wanted[same].amount))
      same++;
    if (same < wanted.size())
      there[same] = true;
    else
      state.adjustments.remove(old["id"].as_string());
  }
  for (std::size_t i = 0; i < wanted.size(); i++)
    if (!there[i])
      state.adjustments.add(base::JsonObject{{"item_id", wanted[i].item_id},
                                             {"description", wanted[i].description},
                                             {"discount_id", wanted[i].discount_id},
                                             {"amount", wanted[i].amount}});
}

// Whether these are the codes of the discounts, in whatever order.
bool names_the_same(const std::vector<discount::Discount>& discounts, const std::vector<std::string>& codes) {
  std::vector<std::string> old, wanted;
  for (const auto& discount : discounts) old.push_back(discount.code);
  for (const auto& code : codes) wanted.emplace_back(base::trim(base::upper(code)));
  std::sort(old.begin(), old.end());
  std::sort(wanted.begin(), wanted.end());
  return old == wanted;
}

} // namespace

std::vector<totals::Item> items_to_total(const State& state) {
  std::vector<totals::Item> items;
  for (const auto& row : state.items.all()) {
    totals::Item item;
    item.id = row["id"].as_string();
    item.unit_price = row["unit_price"].as_number();
    item.quantity = row["quantity"].as_number();
    item.includes_tax = row["includes_tax"].truthy();
    item.allow_discounts = row["allow_discounts"].truthy();
    item.is_return = row["is_return"].truthy();
    item.has_variant = row["variant_id"].is_string();
    for (const auto& adjustment : state.adjustments.all()) {
      if (adjustment["item_id"].as_string() != item.id) continue;
      const Json& by = adjustment["discount_id"];
      item.adjustments.push_back(
          {adjustment["amount"].as_number(), by.is_string() ? std::optional(by.as_string()) : std::nullopt});
    }
    items.push_back(std::move(item));
  }
  return items;
}

// Medusa 1.20: CartService.refreshAdjustments_
void refresh_adjustments(State& state) {
  const discount::Discount* applied = state.line_discount();
  if (!applied || state.items.empty()) return replace_adjustments(state, {});
  // 1. Which of the cart's products meet the rule's conditions.
  std::vector<std::string> products;
  for (const auto& item : state.items.all()) products.push_back(state.product_of(item));
  const auto matches = discount::match_products(*state.call, applied->rule.id, products);
  // 2. What it takes from each item.
  auto items = items_to_total(state);
  const auto inclusive = totals::inclusive(state.call->flags);
  if (inclusive == tax::Inclusive::on) add_tax_lines(state, items);
  replace_adjustments(state, discount::adjustments({*applied}, items, matches, inclusive));
}

void drop_ended_discounts(State& state) {
  const bool had_free_shipping = state.has_free_shipping();
  const auto now = base::now();
  std::erase_if(state.discounts, [&](const discount::Discount& discount) {
    const auto why = discount::ended(discount, now);
    if (why) state.ended.push_back(base::JsonObject{{"code", discount.code}, {"message", why->what()}});
    return why.has_value();
  });
  if (had_free_shipping && !state.has_free_shipping()) adjust_shipping(state, Shipping::at_price);
  refresh_adjustments(state);
}

// Medusa 1.20: CartService.update and applyDiscounts
void replace_discounts(State& state, const std::vector<std::string>& codes) {
  if (state.of_swap() && names_the_same(state.discounts, codes)) return;
  state.refuse_swap(kDiscountsOfSwap);
  const bool had_free_shipping = state.has_free_shipping();
  state.discounts.clear();
  if (codes.empty()) return refresh_adjustments(state);
  // 1. Find them all.
  const auto found = discount::by_codes(*state.call, codes, state.text("customer_id"));
  if (found.discounts.size() != codes.size()) {
    std::vector<std::string> normalized;
    for (const auto& code : codes) normalized.emplace_back(base::trim(base::upper(code)));
    throw Error::not_found("Discounts with code [" + base::join(normalized, ", ") + "] was not found");
  }
  // 2. Each must be usable here, now and by this customer.
  discount::validate_for_cart(found, state.text("region_id"), state.text("customer_id"));
  // 3. Free shipping may be combined with one other discount.
  bool seen_other = false;
  for (const auto& discount : found.discounts) {
    if (!is_free_shipping(discount) && std::exchange(seen_other, true)) continue;
    state.discounts.push_back(discount);
  }
  // 4. Quirk: what an earlier discount took from the items stays when only free shipping takes its place.
  if (state.line_discount() && !state.items.empty()) refresh_adjustments(state);
  // 5. Shipping costs nothing, or again what it did.
  if (had_free_shipping && !state.has_free_shipping()) adjust_shipping(state, Shipping::at_price);
  if (state.has_free_shipping()) adjust_shipping(state, Shipping::free);
}

// Medusa 1.20: CartService.removeDiscount
void remove_discount(State& state, std::string_view code) {
  state.refuse_swap(kDiscountsOfSwap);
  // 1. Quirk: shipping is charged again whichever discount is removed.
  if (state.has_free_shipping()) adjust_shipping(state, Shipping::at_price);
  // 2. Remove it, and 3. let the others apply.
  std::erase_if(state.discounts, [&](const auto& discount) { return discount.code == code; });
  refresh_adjustments(state);
}

void adjust_shipping(State& state, Shipping shipping) {
  for (const auto& method : base::JsonArray(state.methods.all())) {
    const std::string& id = method["id"].as_string();
    if (shipping == Shipping::free)
      state.methods.set(id, "price", 0);
    else if (const auto amount = method_option_amount(state, method))
      state.methods.set(id, "price", *amount);
  }
}

void replace_gift_cards(State& state, const std::vector<std::string>& codes) {
  if (!codes.empty()) state.refuse_swap("Gift cards can't pay for a swap");
  state.gift_card_ids.clear();
  if (codes.empty()) return;
  const auto found = gift_cards_by_code(*state.call, codes);
  for (const auto& code : codes) {
    const auto card = std::find_if(found.begin(), found.end(), [&](const auto& c) { return c.code == code; });
    if (card == found.end()) throw Error::not_found("Gift card with code: " + code + " was not found");
    if (card->is_disabled) throw Error::not_allowed("The gift card is disabled");
    if (card->region_id != state.text("region_id"))
      throw Error::invalid_data("The gift card cannot be used in the current region");
    if (std::find(state.gift_card_ids.begin(), state.gift_card_ids.end(), card->id) == state.gift_card_ids.end())
      state.gift_card_ids.push_back(card->id);
  }
}

} // namespace commerce::cart
