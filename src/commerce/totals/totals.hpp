// Totals of line items, shipping methods, gift cards, carts and orders.
// Pure: structs in, structs out; no database, any thread. Called by totals/decorate, discount, cart, order
// and payment. All amounts are JavaScript doubles, and are rounded (halves towards plus infinity) exactly
// where 1.20 rounds: a discount of a fixed total split over items leaves fractions on the items that only the
// sum's rounding takes away.
#pragma once
#include "base/strings.hpp"
#include "commerce/tax/tax.hpp"
#include <optional>
#include <string>
#include <vector>

namespace commerce::totals {

struct Adjustment {
  double amount = 0;
  std::optional<std::string> discount_id{}; // null: made by hand; always counts
};

struct Item {
  std::string id;
  double unit_price = 0;
  double quantity = 0;
  double returned_quantity = 0; // null is 0
  double shipped_quantity = 0;  // null is 0
  bool includes_tax = false;    // the column; counts with tax::Inclusive::on only
  bool allow_discounts = true;
  bool is_return = false;
  bool has_variant = true;
  std::vector<Adjustment> adjustments{};
  std::optional<std::vector<tax::Line>> tax_lines{}; // null: not loaded
};

struct Method {
  std::string id;
  double price = 0;
  bool includes_tax = false;
  std::optional<std::vector<tax::Line>> tax_lines{}; // null: not loaded
};

struct GiftCard {
  double balance = 0;
  std::optional<double> tax_rate{}; // percent
};
struct GiftCardTransaction {
  double amount = 0;
  std::optional<double> tax_rate{};
  std::optional<bool> is_taxable{};           // null in rows older than the column
  std::optional<double> gift_card_tax_rate{}; // of the card itself
};

enum class RuleType { fixed, percentage, free_shipping };
struct AppliedDiscount {
  std::string id;
  RuleType type = RuleType::percentage;
};

// What a discount takes from an item.
struct Allocation {
  double amount = 0, unit_amount = 0;
};
using Allocations = base::StringMap<Allocation>; // by item id

// Medusa 1.20: TotalsService.getAllocationMap. Only the first discount that is not free shipping counts, and
// only on items that allow discounts; adjustments without a discount always count. `items` of an order
// include those of its swaps and claims.
Allocations allocate(const std::vector<Item>& items, const std::vector<AppliedDiscount>& discounts);
bool has_free_shipping(const std::vector<AppliedDiscount>& discounts);

struct ItemTotals {
  double unit_price = 0, quantity = 0, subtotal = 0, discount_total = 0, total = 0, original_total = 0,
         original_tax_total = 0, tax_total = 0, raw_discount_total = 0;
  std::vector<tax::Line> tax_lines{};
};
struct MethodTotals {
  double price = 0, original_total = 0, total = 0, subtotal = 0, original_tax_total = 0, tax_total = 0;
  std::vector<tax::Line> tax_lines{};
};

// Lines for what has none of its own, as the provider computed them.
enum class IncludeTax { no, yes };
struct ItemOptions {
  IncludeTax include_tax = IncludeTax::yes;
  tax::Inclusive inclusive = tax::Inclusive::off;
  std::optional<double> tax_rate{}; // the order's own rate: the old way of taxing. 0 and null are the new way
};

// Medusa 1.20: NewTotalsService.getLineItemTotals for one item. `provided`: the provider's lines of this
// item, null when it was not asked. Throws unexpected_state when tax lines are wanted and neither has been
// loaded.
ItemTotals item_totals(const Item& item, const Allocations& allocations, const ItemOptions& options,
                       const std::vector<tax::Line>* provided = nullptr);
// Medusa 1.20: NewTotalsService.getShippingMethodTotals for one method.
enum class FreeShipping { no, yes };
MethodTotals method_totals(const Method& method, FreeShipping free, const ItemOptions& options,
                           const std::vector<tax::Line>* provided = nullptr);
// Medusa 1.20: NewTotalsService.getLineItemRefund. A tax rate, even 0, means the old way; null the item's tax
// lines.
double item_refund(const Item& item, const Allocations& allocations, std::optional<double> tax_rate,
                   tax::Inclusive inclusive);

struct GiftCardTotals {
  double total = 0, tax_total = 0;
};
enum class GiftCardsTaxable { no, yes }; // the region's gift_cards_taxable
double gift_cardable_amount(GiftCardsTaxable taxable, double subtotal, double shipping_total, double discount_total,
                            double tax_total);
GiftCardTotals gift_card_totals(double gift_cardable, const std::vector<GiftCard>& cards);
GiftCardTotals gift_card_transaction_totals(const std::vector<GiftCardTransaction>& transactions,
                                            GiftCardsTaxable taxable, double region_tax_rate);

struct Region {
  double tax_rate = 0;
  GiftCardsTaxable gift_cards_taxable = GiftCardsTaxable::no;
  bool automatic_taxes = true;
};

// A cart as the totals see it. Lines of items and methods are the ones to tax by: with taxes, the caller
// (decorate, or checkout) has put those of the provider there.
struct Cart {
  std::vector<Item> items{};
  std::vector<Method> shipping_methods{};
  std::vector<AppliedDiscount> discounts{};
  std::vector<GiftCard> gift_cards{};
  Region region{};
};
struct CartTotals {
  std::vector<ItemTotals> items;              // as Cart::items
  std::vector<MethodTotals> shipping_methods; // as Cart::shipping_methods
  double subtotal = 0, discount_total = 0, raw_discount_total = 0, item_tax_total = 0, shipping_total = 0,
         shipping_tax_total = 0, tax_total = 0, gift_card_total = 0, gift_card_tax_total = 0, total = 0;
};
// Medusa 1.20: CartService.decorateTotals. Taxes are included when forced or when the region taxes
// automatically.
enum class ForceTaxes { no, yes };
CartTotals cart_totals(const Cart& cart, ForceTaxes force, tax::Inclusive inclusive);

struct Order {
  std::vector<Item> items{};
  std::vector<Item> swap_items{}, claim_items{}; // additional items of all swaps, of all claims, in order
  std::vector<Method> shipping_methods{};
  std::vector<AppliedDiscount> discounts{};
  std::vector<GiftCard> gift_cards{};
  std::vector<GiftCardTransaction> gift_card_transactions{};
  std::vector<double> payments{}, refunds{}; // amounts
  Region region{};
  std::optional<double> tax_rate{};
};
// Which items get totals of their own besides the order's items.
enum class Returnable { not_asked, no, yes }; // context.includes.returnable_items: missing, false, true
struct OrderItemTotals {
  std::optional<ItemTotals> totals; // null: this item gets none (items of swaps and claims, unless Returnable::yes)
  double quantity = 0;              // as shown: Quirk: without totals, what has been returned is subtracted
  double refundable = 0;
  bool returnable = false; // Returnable::yes and not all that was shipped has come back
};
struct OrderTotals {
  std::vector<OrderItemTotals> items, swap_items, claim_items;
  std::vector<MethodTotals> shipping_methods;
  double subtotal = 0, discount_total = 0, raw_discount_total = 0, item_tax_total = 0, shipping_total = 0,
         shipping_tax_total = 0, tax_total = 0, gift_card_total = 0, gift_card_tax_total = 0, total = 0,
         refunded_total = 0, paid_total = 0, refundable_amount = 0;
};
// Medusa 1.20: OrderService.decorateTotals with a context (not a list of fields).
OrderTotals order_totals(const Order& order, Returnable returnable, tax::Inclusive inclusive);

} // namespace commerce::totals
