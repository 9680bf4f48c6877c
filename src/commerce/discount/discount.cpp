#include "commerce/discount/discount.hpp"
#include "base/error.hpp"
#include "base/money.hpp"
#include <algorithm>

namespace commerce::discount {

namespace {

bool contains(const std::vector<std::string>& haystack, std::string_view needle) {
  return std::find(haystack.begin(), haystack.end(), needle) != haystack.end();
}

bool any_of(const std::vector<std::string>& resources, const std::vector<std::string>& values) {
  return std::any_of(values.begin(), values.end(), [&](const std::string& v) { return contains(resources, v); });
}

bool matches(const Condition& condition, const ProductFacts& product) {
  switch (condition.type) {
  case ConditionType::products: return contains(condition.resources, product.id);
  case ConditionType::product_types: return product.type_id && contains(condition.resources, *product.type_id);
  case ConditionType::product_collections:
    return product.collection_id && contains(condition.resources, *product.collection_id);
  case ConditionType::product_tags: return any_of(condition.resources, product.tag_ids);
  case ConditionType::customer_groups: break;
  }
  return false;
}

bool holds(ConditionOperator op, bool matched) { return op == ConditionOperator::in ? matched : !matched; }

// The subtotal of an item without taxes, as discounts are calculated on it.
double full_price(const totals::Item& item, const totals::Allocations& allocations, totals::IncludeTax include_tax,
                  tax::Inclusive inclusive) {
  return totals::item_totals(item, allocations, {include_tax, inclusive, std::nullopt}).subtotal;
}

} // namespace

bool has_reached_limit(const Discount& discount) {
  return discount.usage_limit.value_or(0) != 0 && discount.usage_count >= *discount.usage_limit;
}

bool valid_for_region(const Discount& discount, std::string_view region_id) {
  return contains(discount.region_ids, region_id);
}

std::optional<base::Error> ended(const Discount& discount, base::Instant now) {
  using base::Error;
  if (discount.is_deleted) return Error::not_allowed("Discount " + discount.code + " is not there any more");
  if (has_reached_limit(discount))
    return Error::not_allowed("Discount " + discount.code + " has been used maximum allowed times");
  if (discount.starts_at > now) return Error::not_allowed("Discount " + discount.code + " is not valid yet");
  if (discount.ends_at && *discount.ends_at < now)
    return Error::not_allowed("Discount " + discount.code + " is expired");
  if (discount.is_disabled) return Error::not_allowed("The discount code " + discount.code + " is disabled");
  return std::nullopt;
}

void check(const Discount& discount, const CartFacts& cart, base::Instant now) {
  // 1. Usage, dates and the switch.
  if (auto why = ended(discount, now)) throw base::Error(std::move(*why));
  // 2. A condition on customer groups wants a customer.
  const bool for_groups = std::any_of(discount.conditions.begin(), discount.conditions.end(),
                                      [](const Condition& c) { return c.type == ConditionType::customer_groups; });
  if (!cart.customer_id && for_groups)
    throw base::Error::not_allowed("Discount " + discount.code + " is only valid for specific customer");
  // 3. The region, then the customer's groups.
  if (!valid_for_region(discount, cart.region_id))
    throw base::Error::invalid_data("The discount is not available in current region");
  if (cart.customer_id && !can_apply_for_customer(discount.conditions, cart.customer_groups))
    throw base::Error::not_allowed("Discount " + discount.code + " is not valid for customer");
}

bool can_apply_for_customer(const std::vector<Condition>& conditions, const std::vector<std::string>& customer_groups) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& c) {
    return c.type != ConditionType::customer_groups || holds(c.op, any_of(c.resources, customer_groups));
  });
}

bool valid_for_product(const std::vector<Condition>& conditions, const ProductFacts& product) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& c) {
    return c.type == ConditionType::customer_groups || holds(c.op, matches(c, product));
  });
}

double item_discount(const Rule& rule, const totals::Item& item, const std::vector<totals::Item>& items,
                     const std::vector<totals::AppliedDiscount>& applied, tax::Inclusive inclusive) {
  if (!item.allow_discounts) return 0;
  // 1. The price to reduce: of gross prices, what remains without the tax.
  const totals::Allocations allocations = totals::allocate(items, applied);
  const bool gross = item.includes_tax && inclusive == tax::Inclusive::on;
  const double price =
      gross ? full_price(item, allocations, totals::IncludeTax::yes, inclusive) : item.unit_price * item.quantity;
  // 2. By the rule. Division first, as 1.20 does: the doubles come out the same.
  double amount = 0;
  if (rule.type == RuleType::percentage) {
    amount = base::js_round(price / 100 * rule.value);
  } else if (rule.type == RuleType::fixed && rule.allocation == AllocationType::total) {
    const auto include_tax = gross ? totals::IncludeTax::yes : totals::IncludeTax::no;
    double subtotal = 0;
    for (const totals::Item& other : items)
      if (other.allow_discounts) subtotal += full_price(other, allocations, include_tax, inclusive);
    amount = std::min(rule.value, subtotal) * (price / subtotal);
  } else {
    amount = rule.value * item.quantity;
  }
  // 3. Never more than the price.
  return std::min(amount, price);
}

std::vector<NewAdjustment> adjustments(const std::vector<Discount>& discounts, const std::vector<totals::Item>& items,
                                       const std::vector<Matches>& product_matches, tax::Inclusive inclusive) {
  const auto discount = std::find_if(discounts.begin(), discounts.end(),
                                     [](const Discount& d) { return d.rule.type != RuleType::free_shipping; });
  if (discount == discounts.end()) return {};
  std::vector<totals::AppliedDiscount> applied;
  for (const Discount& d : discounts) applied.push_back({d.id, d.rule.type});
  std::vector<NewAdjustment> result;
  for (std::size_t i = 0; i < items.size(); i++) {
    const totals::Item& item = items[i];
    if (!item.allow_discounts || item.is_return || product_matches[i] == Matches::no) continue;
    const double amount = item_discount(discount->rule, item, items, applied, inclusive);
    // An amount of NaN (free items only) can't be stored; 1.20 fails with a database error there.
    if (amount != 0 && amount == amount) result.push_back({item.id, amount, discount->id});
  }
  return result;
}

} // namespace commerce::discount
