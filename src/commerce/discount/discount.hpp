// Discount arithmetic: may a discount be used, does it match a product or a customer, what does it take from
// an item. Pure: structs in, structs out; no database, any thread. Called by discount/service, cart and
// checkout.
#pragma once
#include "base/error.hpp"
#include "base/time.hpp"
#include "commerce/totals/totals.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::discount {

using totals::RuleType;
enum class AllocationType { none, total, item }; // none: the column is null (free shipping)

enum class ConditionType { products, product_types, product_collections, product_tags, customer_groups };
enum class ConditionOperator { in, not_in };

struct Rule {
  std::string id;
  RuleType type = RuleType::percentage;
  double value = 0;
  AllocationType allocation = AllocationType::none;
};

struct Condition {
  std::string id;
  ConditionType type = ConditionType::products;
  ConditionOperator op = ConditionOperator::in;
  std::vector<std::string> resources{}; // ids of products, types, collections, tags or groups
};

struct Discount {
  std::string id, code;
  Rule rule;
  std::vector<Condition> conditions{};   // of the rule
  std::vector<std::string> region_ids{}; // the parent's for a dynamic discount
  std::optional<std::string> parent_discount_id{};
  bool is_disabled = false, is_deleted = false;
  base::Instant starts_at{};
  std::optional<base::Instant> ends_at{};
  std::int64_t usage_count = 0;
  std::optional<std::int64_t> usage_limit{};
};

// Medusa 1.20: DiscountService.validateDiscountForCartOrThrow, in its order of checks. `customer_groups` are
// the groups of `customer_id`; throws base::Error (not_allowed, invalid_data) with 1.20's sentences.
struct CartFacts {
  std::string region_id;
  std::optional<std::string> customer_id{};
  std::vector<std::string> customer_groups{};
};
void check(const Discount& discount, const CartFacts& cart, base::Instant now);
// Why nobody may use it any more (or yet): the first of those checks. Nothing where somebody may.
std::optional<base::Error> ended(const Discount& discount, base::Instant now);

bool has_reached_limit(const Discount& discount);
bool valid_for_region(const Discount& discount, std::string_view region_id);

// Medusa 1.20: DiscountConditionRepository.canApplyForCustomer.
bool can_apply_for_customer(const std::vector<Condition>& conditions, const std::vector<std::string>& customer_groups);

struct ProductFacts {
  std::string id;
  std::optional<std::string> type_id{}, collection_id{};
  std::vector<std::string> tag_ids{};
};
// Medusa 1.20: DiscountConditionRepository.isValidForProduct; conditions on customer groups don't count.
// Every condition must hold. A custom item has no product and is never discounted: that is the caller's
// check.
bool valid_for_product(const std::vector<Condition>& conditions, const ProductFacts& product);

// Medusa 1.20: DiscountService.calculateDiscountForLineItem. What the rule takes from one item: a percentage
// is rounded per item, a fixed total is split by the items' share of the discountable subtotal and stays a
// fraction, a fixed amount per item is times the quantity; never more than the item's price. `items`: all of
// the cart (or order), with tax lines when tax-inclusive pricing is on.
double item_discount(const Rule& rule, const totals::Item& item, const std::vector<totals::Item>& items,
                     const std::vector<totals::AppliedDiscount>& applied, tax::Inclusive inclusive);

// Medusa 1.20: LineItemAdjustmentService.generateAdjustments for all items of a cart: the first discount that
// is not free shipping, on items that allow discounts, are no returns and whose product matches. Items
// without an adjustment are left out.
struct NewAdjustment {
  std::string item_id;
  double amount = 0;
  std::string discount_id;
  std::string description = "discount";
};
enum class Matches { no, yes };
std::vector<NewAdjustment> adjustments(const std::vector<Discount>& discounts, const std::vector<totals::Item>& items,
                                       const std::vector<Matches>& product_matches, tax::Inclusive inclusive);

} // namespace commerce::discount
