#include "commerce/cart/line_items.hpp"
#include "base/error.hpp"
#include "base/metadata.hpp"
#include "base/strings.hpp"
#include "commerce/cart/discounts.hpp"
#include "commerce/stock/allocation.hpp"
#include "commerce/stock/availability.hpp"
#include "commerce/stock/modules.hpp"
#include <algorithm>
#include <unordered_set>

namespace commerce::cart {

using base::Error;
using base::Json;

namespace {

// 1.20 lets a shopper change them: what is added is paid for and never sent, and what comes back has its price turned round.
constexpr const char* kItemsOfSwap = "The items of a swap's cart can't be changed";

const VariantFacts* find_facts(const std::vector<VariantFacts>& variants, std::string_view id) {
  const auto at =
      std::lower_bound(variants.begin(), variants.end(), id,
                       [](const VariantFacts& variant, std::string_view wanted) { return variant.id < wanted; });
  return at != variants.end() && at->id == id ? &*at : nullptr;
}

// Throws where one of the variants is not `there`.
template<class There> void refuse_without(const std::vector<WantedItem>& wanted, There&& there) {
  std::vector<std::string> missing;
  std::unordered_set<std::string_view, base::KeyedHash> told;
  for (const auto& item : wanted)
    if (!there(item.variant_id) && told.insert(item.variant_id).second) missing.push_back(item.variant_id);
  if (!missing.empty())
    throw Error::invalid_data("Unable to generate the line items, some variant has not been found: " +
                              base::join(missing, ", "));
}

// The item of the cart that a new one may be added to.
// Quirk: of several with that variant only the one that was written last is looked at, and metadata must be the same.
const Json* mergeable(const State& state, const WantedItem& wanted) {
  const Json* last = nullptr;
  if (wanted.unit_price) return last;
  for (const auto& item : state.items.all())
    if (item["variant_id"] == Json(wanted.variant_id) && item["should_merge"].truthy() &&
        (!last || item["updated_at"].as_string() >= (*last)["updated_at"].as_string()))
      last = &item;
  const Json metadata = wanted.metadata.truthy() ? wanted.metadata : Json::object();
  return last && base::same_value((*last)["metadata"], metadata) ? last : nullptr;
}

} // namespace

const VariantFacts& facts_of(const std::vector<VariantFacts>& variants, std::string_view id) {
  return *find_facts(variants, id);
}

LastQuantities last_quantities(const std::vector<WantedItem>& wanted) {
  LastQuantities last;
  for (const auto& item : wanted) last[item.variant_id] = item.quantity;
  return last;
}

db::Command variants_query(const ports::Call& call, const std::vector<WantedItem>& wanted, std::string_view cart_id,
                           const std::optional<std::string>& sales_channel_id) {
  static const db::Statement statement(
      "WITH channel AS (SELECT coalesce($3, (SELECT sales_channel_id FROM cart WHERE id = $2),"
      " (SELECT default_sales_channel_id FROM store WHERE $2 = '' LIMIT 1)) AS id) "
      "SELECT v.id, v.product_id, v.title, p.title, p.thumbnail, p.discountable, p.is_giftcard, v.allow_backorder,"
      " v.manage_inventory, v.inventory_quantity, channel.id IS NULL OR EXISTS (SELECT 1 FROM product_sales_channel s"
      " WHERE s.product_id = v.product_id AND s.sales_channel_id = channel.id), p.status = 'published',"
      " $4::text[] = '{}' OR EXISTS (SELECT 1 FROM product_sales_channel s WHERE s.product_id = v.product_id AND"
      " s.sales_channel_id = ANY($4)) "
      "FROM channel, product_variant v JOIN product p ON p.id = v.product_id "
      "WHERE v.id = ANY($1) AND v.deleted_at IS NULL");
  std::vector<std::string> ids;
  for (const auto& item : wanted) ids.push_back(item.variant_id);
  return {statement, db::Params::of(ids, cart_id, sales_channel_id, call.identity.sales_channel_ids)};
}

std::vector<VariantFacts> variants_of(const db::Result& result, const std::vector<WantedItem>& wanted) {
  std::vector<VariantFacts> variants;
  for (int row = 0; row < result.rows(); row++) {
    VariantFacts v;
    v.id = result.text(row, 0);
    v.product_id = result.text(row, 1);
    v.title = result.text(row, 2);
    v.product_title = result.text(row, 3);
    v.thumbnail = result.optional_text(row, 4);
    v.discountable = result.boolean(row, 5);
    v.is_giftcard = result.boolean(row, 6);
    v.allow_backorder = result.boolean(row, 7);
    v.manage_inventory = result.boolean(row, 8);
    v.inventory_quantity = result.integer(row, 9);
    v.in_sales_channel = result.boolean(row, 10);
    v.published = result.boolean(row, 11);
    v.opened_by_key = result.boolean(row, 12);
    variants.push_back(std::move(v));
  }
  std::sort(variants.begin(), variants.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  refuse_without(wanted, [&](const std::string& id) { return find_facts(variants, id) != nullptr; });
  return variants;
}

void check_may_be_bought(const ports::Call& call, const std::vector<WantedItem>& wanted,
                         const std::vector<VariantFacts>& variants) {
  if (!call.identity.user_id)
    refuse_without(wanted, [&](const std::string& id) { return facts_of(variants, id).published; });
  std::vector<std::string> closed;
  for (const auto& item : wanted)
    if (const auto& v = facts_of(variants, item.variant_id); !v.opened_by_key) closed.push_back(v.product_title);
  if (!closed.empty())
    throw Error::invalid_data("The products [" + base::join(closed, " - ") +
                              "] are not associated with the Publishable API Key passed in the header of the request.");
}

Json make_item(ports::Call& call, std::string_view cart_id, const VariantFacts& variant, const WantedItem& wanted,
               const VariantPrice& selected) {
  const VariantPrice price = wanted.unit_price ? VariantPrice{wanted.unit_price, false} : selected;
  if (!price.amount)
    throw Error::invalid_data("Cannot generate line item for variant \"" +
                              (variant.title.empty() ? variant.product_title : variant.title) + "\" without a price");
  Json item = base::JsonObject{{"cart_id", cart_id},
                               {"title", variant.product_title},
                               {"description", variant.title},
                               {"thumbnail", variant.thumbnail},
                               {"is_return", false},
                               {"is_giftcard", variant.is_giftcard},
                               {"should_merge", !wanted.unit_price},
                               {"allow_discounts", variant.discountable},
                               {"has_shipping", false},
                               {"unit_price", *price.amount},
                               {"variant_id", variant.id},
                               {"quantity", wanted.quantity},
                               {"metadata", wanted.metadata.truthy() ? wanted.metadata : Json::object()}};
  if (call.on(schema::Flag::tax_inclusive_pricing)) item.set("includes_tax", price.includes_tax);
  return item;
}

base::JsonArray new_items(ports::Call& call, std::string_view cart_id, const Buyer& buyer,
                          const std::vector<WantedItem>& wanted, const std::vector<VariantFacts>& variants) {
  std::vector<PriceQuestion> questions;
  const auto last = last_quantities(wanted);
  for (const auto& item : wanted)
    questions.push_back({item.variant_id, facts_of(variants, item.variant_id).product_id, last.at(item.variant_id)});
  const auto prices = prices_of(call, buyer, questions);
  base::JsonArray items;
  for (std::size_t i = 0; i < wanted.size(); i++)
    items.push_back(make_item(call, cart_id, facts_of(variants, wanted[i].variant_id), wanted[i], prices[i]));
  return items;
}

void set_price(State& state, std::string_view item_id, const VariantPrice& price) {
  if (!price.amount) return;
  state.items.set(item_id, "unit_price", *price.amount);
  if (state.call->on(schema::Flag::tax_inclusive_pricing)) state.items.set(item_id, "includes_tax", price.includes_tax);
}

void check_sales_channel(ports::Call& call, const std::vector<WantedItem>& wanted,
                         const std::vector<VariantFacts>& variants) {
  if (!call.on(schema::Flag::sales_channels)) return;
  std::vector<std::string> foreign;
  for (const auto& item : wanted)
    if (const auto& v = facts_of(variants, item.variant_id); !v.in_sales_channel) foreign.push_back(v.product_title);
  if (!foreign.empty())
    throw Error::invalid_data("The products [" + base::join(foreign, " - ") +
                              "] must belongs to the sales channel on which the cart has been created.");
}

bool in_stock(const VariantFacts& variant, std::int64_t quantity) {
  return variant.allow_backorder || !variant.manage_inventory || variant.inventory_quantity >= quantity;
}

void refuse_out_of_stock(const VariantFacts& variant, std::int64_t quantity) {
  if (in_stock(variant, quantity)) return;
  throw stock::short_of(
      {.variant_id = variant.id, .quantity = quantity, .title = stock::title_of(variant.product_title, variant.title)});
}

void refuse_more_than_stock(const VariantFacts& variant, std::int64_t quantity) {
  if (in_stock(variant, quantity)) return;
  throw Error(base::ErrorType::not_allowed,
              "Inventory doesn't cover the desired quantity of \"" +
                  stock::title_of(variant.product_title, variant.title) + '"',
              "insufficient_inventory");
}

void ask_inventory(ports::Call& call, std::vector<VariantFacts>& variants, const std::string& sales_channel_id) {
  if (!stock::enabled(call, stock::Module::inventory)) return;
  std::vector<std::string> ids;
  for (const auto& variant : variants) ids.push_back(variant.id);
  const bool any = !sales_channel_id.empty() && call.on(schema::Flag::sales_channels);
  const auto left = stock::left_of(call, ids, any ? std::optional(sales_channel_id) : std::nullopt);
  std::unordered_map<std::string_view, std::int64_t, base::KeyedHash> quantity_of;
  for (const auto& one : left) quantity_of.emplace(one.variant_id, one.quantity);
  for (auto& variant : variants) {
    const auto found = quantity_of.find(variant.id);
    if (found == quantity_of.end())
      variant.manage_inventory = false;
    else
      variant.inventory_quantity = found->second;
  }
}

void add_items(State& state, const std::vector<WantedItem>& wanted, std::vector<VariantFacts> variants,
               const Buyer& buyer, From from) {
  state.refuse_swap(kItemsOfSwap);
  // 1. All products must be sold where the cart was made.
  check_may_be_bought(*state.call, wanted, variants);
  if (from == From::the_carts_channel) check_sales_channel(*state.call, wanted, variants);
  ask_inventory(*state.call, variants, state.text("sales_channel_id"));
  // 2. Decide which items are added to existing ones, and check the stock for the whole quantity.
  struct Step {
    const WantedItem* wanted;
    std::string merged_into; // the id of an existing item; empty: a new one
    std::int64_t quantity;
  };
  std::vector<Step> steps;
  for (const auto& item : wanted) {
    const Json* existing = mergeable(state, item);
    Step step{&item, existing ? (*existing)["id"].as_string() : "", item.quantity};
    if (existing) {
      step.quantity += (*existing)["quantity"].as_int();
      state.items.set(step.merged_into, "quantity", step.quantity);
    }
    refuse_out_of_stock(facts_of(variants, item.variant_id), step.quantity);
    steps.push_back(std::move(step));
  }
  // 3. Price them, by the buyer's region and customer group. A new line is priced by its own quantity even if the
  // variant appears more than once; then the last quantity counts.
  std::vector<PriceQuestion> questions;
  const auto last = last_quantities(wanted);
  for (const auto& step : steps) {
    const auto& id = step.wanted->variant_id;
    questions.push_back(
        {id, facts_of(variants, id).product_id, step.merged_into.empty() ? last.at(id) : step.quantity});
  }
  const auto prices = prices_of(*state.call, buyer, questions);
  for (std::size_t i = 0; i < steps.size(); i++) {
    const auto& variant = facts_of(variants, steps[i].wanted->variant_id);
    if (steps[i].merged_into.empty()) {
      state.items.add(make_item(*state.call, state.id(), variant, *steps[i].wanted, prices[i]));
      state.know_product(variant.id, variant.product_id);
    } else {
      set_price(state, steps[i].merged_into, prices[i]);
    }
  }
  // 4. Whatever was to be shipped must be arranged anew.
  for (const auto& item : base::JsonArray(state.items.all()))
    if (item["has_shipping"].truthy()) state.items.set(item["id"].as_string(), "has_shipping", false);
  state.methods.clear();
  // 5. Discounts apply to what the cart holds now.
  refresh_adjustments(state);
}

void update_item(State& state, std::string_view item_id, std::int64_t quantity, const Json& metadata) {
  state.refuse_swap(kItemsOfSwap);
  // 1. The item must be in the cart.
  const Json* item = state.items.find(item_id);
  if (!item) throw Error::invalid_data("Could not find the line item");
  const std::string variant_id = (*item)["variant_id"].is_string() ? (*item)["variant_id"].as_string() : "";
  if (variant_id.empty()) throw Error::invalid_data("A line item without a variant cannot be changed");
  // 2. The stock must cover the quantity, and the price may depend on it.
  const std::vector<WantedItem> wanted{{variant_id, quantity, {}}};
  auto variants =
      variants_of(state.call->db().run(variants_query(*state.call, wanted, state.id(), std::nullopt)), wanted);
  if (quantity > (*item)["quantity"].as_int()) check_may_be_bought(*state.call, wanted, variants);
  ask_inventory(*state.call, variants, state.text("sales_channel_id"));
  refuse_more_than_stock(variants.front(), quantity);
  const std::string customer = state.text("customer_id");
  const Buyer buyer{state.text("region_id"), customer.empty() ? std::nullopt : std::optional(customer)};
  const auto price = prices_of(*state.call, buyer, {{variant_id, variants.front().product_id, quantity}}).front();
  // 3. Shipping must be arranged anew.
  // Quirk: the items still say that they can be shipped.
  state.methods.clear();
  // 4. Change the item.
  state.items.set(item_id, "quantity", quantity);
  set_price(state, item_id, price);
  if (metadata.is_object() && metadata.size())
    state.items.set(item_id, "metadata", base::merge_metadata((*state.items.find(item_id))["metadata"], metadata));
  // 5. Discounts apply to what the cart holds now.
  refresh_adjustments(state);
}

bool remove_items(State& state, const std::vector<std::string>& item_ids) {
  // 1. Find them; without any, nothing happens.
  const bool any = std::any_of(item_ids.begin(), item_ids.end(), [&](const auto& id) { return state.items.find(id); });
  if (!any) return false;
  state.refuse_swap(kItemsOfSwap);
  // 2. Whatever was to be shipped must be arranged anew.
  state.methods.clear();
  state.items.set_all("has_shipping", false);
  // 3. Remove them, and 4. let discounts apply to the rest.
  for (const auto& id : item_ids) state.remove_item(id);
  refresh_adjustments(state);
  return true;
}

} // namespace commerce::cart
