#include "commerce/totals/from_rows.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/claim/tables.hpp"
#include "commerce/discount/tables.hpp"
#include "commerce/gift_card/tables.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/payment/tables.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include "commerce/swap/tables.hpp"
#include "query/row_of.hpp"
#include <algorithm>

namespace commerce::totals {

using query::RowOf;

namespace {

template<class Owner, class Line> std::optional<std::vector<tax::Line>> lines_of(const RowOf<Owner>& owner) {
  if (!owner.has("tax_lines")) return std::nullopt;
  std::vector<tax::Line> lines;
  for (const auto& line : owner.template many<Line>("tax_lines"))
    lines.push_back({owner.str("id"), line.number("rate"), line.str("name"), line.optional_text("code")});
  return lines;
}

template<class Table> std::vector<double> amounts(const std::vector<RowOf<Table>>& rows) {
  std::vector<double> amounts;
  for (const auto& row : rows) amounts.push_back(row.number("amount"));
  return amounts;
}

} // namespace

tax::Inclusive inclusive(const schema::Flags& flags) {
  return flags.on(schema::Flag::tax_inclusive_pricing) ? tax::Inclusive::on : tax::Inclusive::off;
}

Item item_of(const RowOf<table::LineItem>& row, tax::Inclusive inclusive) {
  Item item{.id = row.str("id"),
            .unit_price = row.number("unit_price"),
            .quantity = row.number("quantity"),
            .returned_quantity = row.number("returned_quantity"),
            .shipped_quantity = row.number("shipped_quantity"),
            .includes_tax = inclusive == tax::Inclusive::on && row.boolean("includes_tax"),
            .allow_discounts = row.boolean("allow_discounts"),
            .is_return = row.boolean("is_return"),
            .has_variant = !row.is_null("variant_id"),
            .tax_lines = lines_of<table::LineItem, table::LineItemTaxLine>(row)};
  for (const auto& adjustment : row.many_if_loaded<table::LineItemAdjustment>("adjustments"))
    item.adjustments.push_back({adjustment.number("amount"), adjustment.optional_text("discount_id")});
  return item;
}

Method method_of(const RowOf<table::ShippingMethod>& row, tax::Inclusive inclusive) {
  return {.id = row.str("id"),
          .price = row.number("price"),
          .includes_tax = inclusive == tax::Inclusive::on && row.boolean("includes_tax"),
          .tax_lines = lines_of<table::ShippingMethod, table::ShippingMethodTaxLine>(row)};
}

AppliedDiscount discount_of(const RowOf<table::Discount>& row) {
  const auto rule = row.one<table::DiscountRule>("rule");
  const std::string_view type = rule ? rule->text("type") : "";
  return {row.str("id"), type == "fixed"           ? RuleType::fixed
                         : type == "free_shipping" ? RuleType::free_shipping
                                                   : RuleType::percentage};
}

Region region_of(const RowOf<table::Region>& row) {
  return {row.number("tax_rate"), row.boolean("gift_cards_taxable") ? GiftCardsTaxable::yes : GiftCardsTaxable::no,
          row.boolean("automatic_taxes")};
}

std::vector<RowOf<table::GiftCard>> in_order_of_use(std::vector<RowOf<table::GiftCard>> gift_cards) {
  std::stable_sort(gift_cards.begin(), gift_cards.end(), [](const auto& a, const auto& b) {
    constexpr auto never = base::Instant::max();
    const auto a_end = a.instant("ends_at").value_or(never), b_end = b.instant("ends_at").value_or(never);
    return a_end != b_end ? a_end < b_end : a.integer("balance") < b.integer("balance");
  });
  return gift_cards;
}

GiftCard gift_card_of(const RowOf<table::GiftCard>& row) {
  return {row.number("balance"), row.optional_number("tax_rate")};
}

Cart cart_of(const RowOf<table::Cart>& row, tax::Inclusive inclusive) {
  Cart cart;
  for (const auto& item : row.many_if_loaded<table::LineItem>("items")) cart.items.push_back(item_of(item, inclusive));
  for (const auto& method : row.many_if_loaded<table::ShippingMethod>("shipping_methods"))
    cart.shipping_methods.push_back(method_of(method, inclusive));
  for (const auto& discount : row.many_if_loaded<table::Discount>("discounts"))
    cart.discounts.push_back(discount_of(discount));
  for (const auto& card : in_order_of_use(row.many_if_loaded<table::GiftCard>("gift_cards")))
    cart.gift_cards.push_back(gift_card_of(card));
  if (const auto region = row.one<table::Region>("region")) cart.region = region_of(*region);
  return cart;
}

Order order_of(const RowOf<table::Order>& row, tax::Inclusive inclusive) {
  Order order;
  for (const auto& item : row.many_if_loaded<table::LineItem>("items")) order.items.push_back(item_of(item, inclusive));
  for (const auto& swap : row.many_if_loaded<table::Swap>("swaps"))
    for (const auto& item : swap.many_if_loaded<table::LineItem>("additional_items"))
      order.swap_items.push_back(item_of(item, inclusive));
  for (const auto& claim : row.many_if_loaded<table::ClaimOrder>("claims"))
    for (const auto& item : claim.many_if_loaded<table::LineItem>("additional_items"))
      order.claim_items.push_back(item_of(item, inclusive));
  for (const auto& method : row.many_if_loaded<table::ShippingMethod>("shipping_methods"))
    order.shipping_methods.push_back(method_of(method, inclusive));
  for (const auto& discount : row.many_if_loaded<table::Discount>("discounts"))
    order.discounts.push_back(discount_of(discount));
  for (const auto& card : in_order_of_use(row.many_if_loaded<table::GiftCard>("gift_cards")))
    order.gift_cards.push_back(gift_card_of(card));
  for (const auto& use : row.many_if_loaded<table::GiftCardTransaction>("gift_card_transactions")) {
    GiftCardTransaction transaction{.amount = use.number("amount"), .tax_rate = use.optional_number("tax_rate")};
    if (!use.is_null("is_taxable")) transaction.is_taxable = use.boolean("is_taxable");
    if (use.has("gift_card"))
      if (const auto card = use.one<table::GiftCard>("gift_card"))
        transaction.gift_card_tax_rate = card->optional_number("tax_rate");
    order.gift_card_transactions.push_back(transaction);
  }
  order.payments = amounts(row.many_if_loaded<table::Payment>("payments"));
  order.refunds = amounts(row.many_if_loaded<table::Refund>("refunds"));
  if (const auto region = row.one<table::Region>("region")) order.region = region_of(*region);
  order.tax_rate = row.optional_number("tax_rate");
  return order;
}

} // namespace commerce::totals
