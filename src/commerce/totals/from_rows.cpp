#include "commerce/totals/from_rows.hpp"
#include <algorithm>

namespace commerce::totals {

using query::Row;

namespace {

std::vector<Row> many(const Row& row, std::string_view relation) {
  return row.has(relation) ? row.many(relation) : std::vector<Row>{};
}
std::optional<double> optional_number(const Row& row, std::string_view column) {
  if (row.is_null(column)) return std::nullopt;
  return row.number(column);
}

std::optional<std::vector<tax::Line>> lines_of(const Row& owner) {
  if (!owner.has("tax_lines")) return std::nullopt;
  std::vector<tax::Line> lines;
  for (const Row& line : owner.many("tax_lines"))
    lines.push_back({owner.str("id"), line.number("rate"), line.str("name"), line.optional_text("code")});
  return lines;
}

std::vector<double> amounts(const std::vector<Row>& rows) {
  std::vector<double> amounts;
  for (const Row& row : rows) amounts.push_back(row.number("amount"));
  return amounts;
}

} // namespace

tax::Inclusive inclusive(const schema::Flags& flags) {
  return flags.on(schema::Flag::tax_inclusive_pricing) ? tax::Inclusive::on : tax::Inclusive::off;
}

Item item_of(const Row& row, tax::Inclusive inclusive) {
  Item item{.id = row.str("id"),
            .unit_price = row.number("unit_price"),
            .quantity = row.number("quantity"),
            .returned_quantity = row.number("returned_quantity"),
            .shipped_quantity = row.number("shipped_quantity"),
            .includes_tax = inclusive == tax::Inclusive::on && row.boolean("includes_tax"),
            .allow_discounts = row.boolean("allow_discounts"),
            .is_return = row.boolean("is_return"),
            .has_variant = !row.is_null("variant_id"),
            .tax_lines = lines_of(row)};
  for (const Row& adjustment : many(row, "adjustments"))
    item.adjustments.push_back({adjustment.number("amount"), adjustment.optional_text("discount_id")});
  return item;
}

Method method_of(const Row& row, tax::Inclusive inclusive) {
  return {.id = row.str("id"),
          .price = row.number("price"),
          .includes_tax = inclusive == tax::Inclusive::on && row.boolean("includes_tax"),
          .tax_lines = lines_of(row)};
}

AppliedDiscount discount_of(const Row& row) {
  const auto rule = row.one("rule");
  const std::string_view type = rule ? rule->text("type") : "";
  return {row.str("id"), type == "fixed"           ? RuleType::fixed
                         : type == "free_shipping" ? RuleType::free_shipping
                                                   : RuleType::percentage};
}

Region region_of(const Row& row) {
  return {row.number("tax_rate"), row.boolean("gift_cards_taxable") ? GiftCardsTaxable::yes : GiftCardsTaxable::no,
          row.boolean("automatic_taxes")};
}

std::vector<Row> in_order_of_use(std::vector<Row> gift_cards) {
  std::stable_sort(gift_cards.begin(), gift_cards.end(), [](const Row& a, const Row& b) {
    constexpr auto never = base::Instant::max();
    const auto a_end = a.instant("ends_at").value_or(never), b_end = b.instant("ends_at").value_or(never);
    return a_end != b_end ? a_end < b_end : a.integer("balance") < b.integer("balance");
  });
  return gift_cards;
}

GiftCard gift_card_of(const Row& row) { return {row.number("balance"), optional_number(row, "tax_rate")}; }

Cart cart_of(const Row& row, tax::Inclusive inclusive) {
  Cart cart;
  for (const Row& item : many(row, "items")) cart.items.push_back(item_of(item, inclusive));
  for (const Row& method : many(row, "shipping_methods")) cart.shipping_methods.push_back(method_of(method, inclusive));
  for (const Row& discount : many(row, "discounts")) cart.discounts.push_back(discount_of(discount));
  for (const Row& card : in_order_of_use(many(row, "gift_cards"))) cart.gift_cards.push_back(gift_card_of(card));
  if (const auto region = row.one("region")) cart.region = region_of(*region);
  return cart;
}

Order order_of(const Row& row, tax::Inclusive inclusive) {
  Order order;
  for (const Row& item : many(row, "items")) order.items.push_back(item_of(item, inclusive));
  for (const Row& swap : many(row, "swaps"))
    for (const Row& item : many(swap, "additional_items")) order.swap_items.push_back(item_of(item, inclusive));
  for (const Row& claim : many(row, "claims"))
    for (const Row& item : many(claim, "additional_items")) order.claim_items.push_back(item_of(item, inclusive));
  for (const Row& method : many(row, "shipping_methods"))
    order.shipping_methods.push_back(method_of(method, inclusive));
  for (const Row& discount : many(row, "discounts")) order.discounts.push_back(discount_of(discount));
  for (const Row& card : in_order_of_use(many(row, "gift_cards"))) order.gift_cards.push_back(gift_card_of(card));
  for (const Row& use : many(row, "gift_card_transactions")) {
    GiftCardTransaction transaction{.amount = use.number("amount"), .tax_rate = optional_number(use, "tax_rate")};
    if (!use.is_null("is_taxable")) transaction.is_taxable = use.boolean("is_taxable");
    if (use.has("gift_card"))
      if (const auto card = use.one("gift_card")) transaction.gift_card_tax_rate = optional_number(*card, "tax_rate");
    order.gift_card_transactions.push_back(transaction);
  }
  order.payments = amounts(many(row, "payments"));
  order.refunds = amounts(many(row, "refunds"));
  if (const auto region = row.one("region")) order.region = region_of(*region);
  order.tax_rate = optional_number(row, "tax_rate");
  return order;
}

} // namespace commerce::totals
