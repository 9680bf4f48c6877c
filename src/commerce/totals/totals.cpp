#include "commerce/totals/totals.hpp"
#include "base/error.hpp"
#include "base/money.hpp"
#include <algorithm>
#include <cmath>

namespace commerce::totals {

namespace {

using base::js_round;

bool is_gross(bool includes_tax, tax::Inclusive inclusive) { return includes_tax && inclusive == tax::Inclusive::on; }

// What of a unit price is tax, rounded per unit.
double tax_in_unit(const Item& item, double fraction, tax::Inclusive inclusive) {
  if (!is_gross(item.includes_tax, inclusive)) return 0;
  return js_round(tax::tax_amount(item.unit_price, fraction, tax::PriceKind::gross));
}

// Medusa 1.20: TaxCalculationStrategy.calculateLineItemsTax. Each line is rounded for itself.
double item_tax(const Item& item, const std::vector<tax::Line>& lines, double discount, tax::Inclusive inclusive) {
  const double taxable =
      (item.unit_price - tax_in_unit(item, tax::combined(lines), inclusive)) * item.quantity - discount;
  double sum = 0;
  for (const tax::Line& line : lines) sum += js_round(tax::tax_amount(taxable, line.rate / 100));
  return js_round(sum);
}

// Medusa 1.20: TaxCalculationStrategy.calculateShippingMethodsTax. The sum is rounded, not the lines.
// Quirk: with several lines in a gross price each is taken out as if it were alone.
double method_tax(const Method& method, const std::vector<tax::Line>& lines, tax::Inclusive inclusive) {
  const auto kind = is_gross(method.includes_tax, inclusive) ? tax::PriceKind::gross : tax::PriceKind::net;
  double sum = 0;
  for (const tax::Line& line : lines) sum += tax::tax_amount(method.price, line.rate / 100, kind);
  return js_round(sum);
}

double discount_of(const Item& item, const Allocations& allocations) {
  const auto found = allocations.find(item.id);
  return found == allocations.end() ? 0 : found->second.amount;
}

double unit_discount_of(const Item& item, const Allocations& allocations) {
  const auto found = allocations.find(item.id);
  // JavaScript's `NaN || 0`: an item of quantity 0 has no discount per unit.
  return found == allocations.end() || std::isnan(found->second.unit_amount) ? 0 : found->second.unit_amount;
}

// The old way of taxing is on for a rate that is neither null nor 0.
bool legacy(const ItemOptions& options) { return options.tax_rate.value_or(0) != 0; }

ItemTotals bare_item_totals(const Item& item, double subtotal, double discount) {
  ItemTotals totals;
  totals.unit_price = item.unit_price;
  totals.quantity = item.quantity;
  totals.subtotal = totals.original_total = subtotal;
  totals.raw_discount_total = discount;
  totals.discount_total = js_round(discount);
  totals.total = subtotal - totals.discount_total;
  return totals;
}

// Medusa 1.20: NewTotalsService.getLineItemTotalsLegacy.
ItemTotals item_totals_by_rate(const Item& item, double discount, double fraction, tax::Inclusive inclusive) {
  const bool gross = is_gross(item.includes_tax, inclusive);
  ItemTotals totals = bare_item_totals(item, gross ? 0 : item.unit_price * item.quantity, discount);
  // Quirk: a price marked as gross is reduced by the tax on top of it while the flag is off.
  const double tax_in_price =
      item.includes_tax
          ? js_round(tax::tax_amount(item.unit_price, fraction, gross ? tax::PriceKind::gross : tax::PriceKind::net))
          : 0;
  totals.subtotal = js_round((item.unit_price - tax_in_price) * item.quantity);
  totals.original_tax_total = js_round(totals.subtotal * fraction);
  totals.tax_total = js_round((totals.subtotal - totals.discount_total) * fraction);
  // Quirk: the discount is not taken from the total here.
  totals.total = totals.subtotal + totals.tax_total;
  if (gross) totals.original_total += totals.subtotal;
  totals.original_total += totals.original_tax_total;
  return totals;
}

// Medusa 1.20: NewTotalsService.getShippingMethodTotalsLegacy. Quirk: totals don't include the tax.
MethodTotals method_totals_by_rate(const Method& method, double rate) {
  MethodTotals totals;
  totals.price = totals.original_total = totals.total = totals.subtotal = method.price;
  totals.original_tax_total = totals.tax_total = js_round(method.price * (rate / 100));
  return totals;
}

[[noreturn]] void tax_lines_missing(const char* message) { throw base::Error::unexpected_state(message); }

} // namespace

Allocations allocate(const std::vector<Item>& items, const std::vector<AppliedDiscount>& discounts) {
  const auto discount = std::find_if(discounts.begin(), discounts.end(),
                                     [](const AppliedDiscount& d) { return d.type != RuleType::free_shipping; });
  Allocations allocations;
  for (const Item& item : items) {
    double amount = 0, by_hand = 0;
    for (const Adjustment& adjustment : item.adjustments) {
      if (!adjustment.discount_id)
        by_hand += adjustment.amount;
      else if (item.allow_discounts && discount != discounts.end() && *adjustment.discount_id == discount->id)
        amount += adjustment.amount;
    }
    amount += by_hand;
    allocations[item.id] = {amount, js_round(amount / item.quantity)};
  }
  return allocations;
}

bool has_free_shipping(const std::vector<AppliedDiscount>& discounts) {
  return std::any_of(discounts.begin(), discounts.end(),
                     [](const AppliedDiscount& d) { return d.type == RuleType::free_shipping; });
}

ItemTotals item_totals(const Item& item, const Allocations& allocations, const ItemOptions& options,
                       const std::vector<tax::Line>* provided) {
  const double discount = discount_of(item, allocations);
  // 1. The old way: one rate for the whole order.
  if (legacy(options)) return item_totals_by_rate(item, discount, *options.tax_rate / 100, options.inclusive);
  // 2. Net prices make the subtotal; for gross ones it is known only after the tax.
  const bool gross = is_gross(item.includes_tax, options.inclusive);
  ItemTotals totals = bare_item_totals(item, gross ? 0 : item.unit_price * item.quantity, discount);
  // 3. The item's own tax lines, else the provider's.
  const bool own = item.tax_lines && !item.tax_lines->empty();
  if (own)
    totals.tax_lines = *item.tax_lines;
  else if (options.include_tax == IncludeTax::yes && provided)
    totals.tax_lines = *provided;
  else if (options.include_tax == IncludeTax::yes && !item.tax_lines && item.has_variant)
    tax_lines_missing("Tax Lines must be joined to calculate taxes");
  if (item.is_return && !item.tax_lines && item.has_variant) tax_lines_missing("Return Line Items must join tax lines");
  if (totals.tax_lines.empty()) return totals;
  // 4. The tax with and without the discount.
  totals.tax_total = item_tax(item, totals.tax_lines, discount, options.inclusive);
  totals.original_tax_total = item_tax(item, totals.tax_lines, 0, options.inclusive);
  if (gross) {
    totals.subtotal += totals.unit_price * totals.quantity - totals.original_tax_total;
    totals.total += totals.subtotal;
    totals.original_total += totals.subtotal;
  }
  totals.total += totals.tax_total;
  totals.original_total += totals.original_tax_total;
  return totals;
}

MethodTotals method_totals(const Method& method, FreeShipping free, const ItemOptions& options,
                           const std::vector<tax::Line>* provided) {
  MethodTotals totals;
  if (legacy(options)) {
    totals = method_totals_by_rate(method, *options.tax_rate);
  } else {
    totals.price = totals.original_total = totals.total = totals.subtotal = method.price;
    const bool own = method.tax_lines && !method.tax_lines->empty();
    if (own)
      totals.tax_lines = *method.tax_lines;
    else if (options.include_tax == IncludeTax::yes && provided)
      totals.tax_lines = *provided;
    else if (options.include_tax == IncludeTax::yes && !method.tax_lines)
      tax_lines_missing("Tax Lines must be joined to calculate shipping taxes");
    if (!totals.tax_lines.empty()) {
      totals.tax_total = totals.original_tax_total = method_tax(method, totals.tax_lines, options.inclusive);
      if (is_gross(method.includes_tax, options.inclusive)) {
        totals.subtotal -= totals.tax_total;
      } else {
        totals.original_total += totals.original_tax_total;
        totals.total += totals.tax_total;
      }
    }
  }
  if (free == FreeShipping::yes) totals.total = totals.subtotal = totals.tax_total = 0;
  return totals;
}

double item_refund(const Item& item, const Allocations& allocations, std::optional<double> tax_rate,
                   tax::Inclusive inclusive) {
  // 1. The old way. Quirk: the whole discount is taken off, however few units are left.
  if (tax_rate) {
    const double fraction = *tax_rate / 100;
    const double subtotal =
        (item.unit_price - tax_in_unit(item, fraction, inclusive)) * item.quantity - discount_of(item, allocations);
    return js_round(subtotal * (1 + fraction));
  }
  // 2. The units left, less their share of the discount, and the tax of each line on that.
  if (!item.tax_lines)
    tax_lines_missing("Cannot compute line item refund amount, tax lines are missing from the line item");
  const double subtotal =
      (item.unit_price - tax_in_unit(item, tax::combined(*item.tax_lines), inclusive)) * item.quantity -
      unit_discount_of(item, allocations) * item.quantity;
  double tax = 0;
  for (const tax::Line& line : *item.tax_lines) tax += js_round(subtotal * (line.rate / 100));
  return subtotal + tax;
}

double gift_cardable_amount(GiftCardsTaxable taxable, double subtotal, double shipping_total, double discount_total,
                            double tax_total) {
  return taxable == GiftCardsTaxable::yes ? subtotal + shipping_total - discount_total
                                          : subtotal + shipping_total + tax_total - discount_total;
}

GiftCardTotals gift_card_totals(double gift_cardable, const std::vector<GiftCard>& cards) {
  if (cards.empty()) return {};
  double balance = 0, tax = 0, left = gift_cardable;
  for (const GiftCard& card : cards) {
    balance += card.balance;
    const double taxable = std::min(left, card.balance);
    // Quirk: a card without a tax rate does not use up what the next card is taxed on.
    if (taxable <= 0 || card.tax_rate.value_or(0) == 0) continue;
    tax += js_round(taxable * (*card.tax_rate / 100));
    left -= taxable;
  }
  return {std::min(gift_cardable, balance), js_round(tax)};
}

GiftCardTotals gift_card_transaction_totals(const std::vector<GiftCardTransaction>& transactions,
                                            GiftCardsTaxable taxable, double region_tax_rate) {
  GiftCardTotals totals;
  for (const GiftCardTransaction& transaction : transactions) {
    double fraction = transaction.tax_rate.value_or(0) / 100;
    // Rows older than is_taxable go by the card's rate, else by the region's.
    if (!transaction.is_taxable &&
        (taxable == GiftCardsTaxable::yes || transaction.gift_card_tax_rate.value_or(0) != 0))
      fraction = transaction.gift_card_tax_rate.value_or(region_tax_rate) / 100;
    totals.total += transaction.amount;
    totals.tax_total = js_round(totals.tax_total + transaction.amount * fraction);
  }
  return totals;
}

CartTotals cart_totals(const Cart& cart, ForceTaxes force, tax::Inclusive inclusive) {
  CartTotals totals;
  const Allocations allocations = allocate(cart.items, cart.discounts);
  const bool taxed = force == ForceTaxes::yes || cart.region.automatic_taxes;
  const ItemOptions options{taxed ? IncludeTax::yes : IncludeTax::no, inclusive, std::nullopt};
  const auto free = has_free_shipping(cart.discounts) ? FreeShipping::yes : FreeShipping::no;
  // 1. The parts and their sums.
  for (const Item& item : cart.items) {
    const auto& part = totals.items.emplace_back(item_totals(item, allocations, options));
    totals.subtotal += part.subtotal;
    totals.raw_discount_total += part.raw_discount_total;
    totals.item_tax_total += part.tax_total;
  }
  for (const Method& method : cart.shipping_methods) {
    const auto& part = totals.shipping_methods.emplace_back(method_totals(method, free, options));
    totals.shipping_total += part.subtotal;
    totals.shipping_tax_total += part.tax_total;
  }
  totals.tax_total = totals.item_tax_total + totals.shipping_tax_total;
  totals.discount_total = js_round(totals.raw_discount_total);
  // 2. What gift cards pay of it, and the tax that they were sold with.
  const double cardable = gift_cardable_amount(cart.region.gift_cards_taxable, totals.subtotal, totals.shipping_total,
                                               totals.discount_total, totals.tax_total);
  const GiftCardTotals cards = gift_card_totals(cardable, cart.gift_cards);
  totals.gift_card_total = cards.total;
  totals.gift_card_tax_total = cards.tax_total;
  // 3. The total.
  totals.total = totals.subtotal + totals.shipping_total + totals.tax_total -
                 (totals.gift_card_total + totals.discount_total + totals.gift_card_tax_total);
  return totals;
}

OrderTotals order_totals(const Order& order, Returnable returnable, tax::Inclusive inclusive) {
  OrderTotals totals;
  std::vector<Item> all = order.items;
  all.insert(all.end(), order.swap_items.begin(), order.swap_items.end());
  all.insert(all.end(), order.claim_items.begin(), order.claim_items.end());
  const Allocations allocations = allocate(all, order.discounts);
  const ItemOptions options{IncludeTax::yes, inclusive, order.tax_rate};
  const auto free = has_free_shipping(order.discounts) ? FreeShipping::yes : FreeShipping::no;
  // 1. What was paid and given back.
  for (const double amount : order.refunds) totals.refunded_total += amount;
  totals.refunded_total = js_round(totals.refunded_total);
  for (const double amount : order.payments) totals.paid_total += amount;
  totals.refundable_amount = totals.paid_total - totals.refunded_total;
  // 2. The items, each with what can be refunded for the units that have not come back.
  const auto part_of = [&](const Item& item, bool with_totals) {
    OrderItemTotals part;
    Item left = item;
    left.quantity = item.quantity - item.returned_quantity;
    part.refundable = item_refund(left, allocations, order.tax_rate, inclusive);
    if (with_totals) part.totals = item_totals(item, allocations, options);
    part.quantity = with_totals ? item.quantity : left.quantity;
    part.returnable = returnable == Returnable::yes && item.returned_quantity < item.shipped_quantity;
    return part;
  };
  for (const Item& item : order.items) {
    const auto& part = totals.items.emplace_back(part_of(item, true));
    totals.subtotal += part.totals->subtotal;
    totals.raw_discount_total += part.totals->raw_discount_total;
    totals.item_tax_total += part.totals->tax_total;
  }
  for (const Item& item : order.swap_items) totals.swap_items.push_back(part_of(item, returnable == Returnable::yes));
  for (const Item& item : order.claim_items) totals.claim_items.push_back(part_of(item, returnable == Returnable::yes));
  // 3. Shipping.
  for (const Method& method : order.shipping_methods) {
    const auto& part = totals.shipping_methods.emplace_back(method_totals(method, free, options));
    totals.shipping_total += part.subtotal;
    totals.shipping_tax_total += part.tax_total;
  }
  totals.tax_total = totals.item_tax_total + totals.shipping_tax_total;
  // 4. Gift cards. Quirk: the discount is not rounded yet here; transactions go before cards.
  const double cardable = gift_cardable_amount(order.region.gift_cards_taxable, totals.subtotal, totals.shipping_total,
                                               totals.raw_discount_total, totals.tax_total);
  const GiftCardTotals cards =
      order.gift_card_transactions.empty()
          ? gift_card_totals(cardable, order.gift_cards)
          : gift_card_transaction_totals(order.gift_card_transactions, order.region.gift_cards_taxable,
                                         order.region.tax_rate);
  totals.gift_card_total = cards.total;
  totals.gift_card_tax_total = cards.tax_total;
  totals.tax_total -= totals.gift_card_tax_total;
  // 5. The total.
  totals.discount_total = js_round(totals.raw_discount_total);
  totals.total =
      totals.subtotal + totals.shipping_total + totals.tax_total - (totals.gift_card_total + totals.discount_total);
  return totals;
}

} // namespace commerce::totals
