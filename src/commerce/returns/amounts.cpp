#include "commerce/returns/amounts.hpp"
#include "base/money.hpp"
#include <algorithm>
#include <cmath>

namespace commerce::returns {

using base::js_round;

namespace {

bool is_gross(bool includes_tax, tax::Inclusive inclusive) { return includes_tax && inclusive == tax::Inclusive::on; }

// What of a price is tax, in whole amounts.
double tax_within(double price, double fraction) {
  return js_round(tax::tax_amount(price, fraction, tax::PriceKind::gross));
}

// The tax of each line on a net amount, each rounded for itself.
double taxes_on(double amount, const std::vector<tax::Line>& lines) {
  double sum = 0;
  for (const tax::Line& line : lines) sum += js_round(amount * (line.rate / 100));
  return sum;
}

double unit_discount_of(const totals::Item& item, const totals::Allocations& allocations) {
  const auto found = allocations.find(item.id);
  // JavaScript's `NaN || 0`: an item of which nothing was bought has no discount per unit.
  return found == allocations.end() || std::isnan(found->second.unit_amount) ? 0 : found->second.unit_amount;
}

} // namespace

std::vector<totals::Item> all_items(const totals::Order& order) {
  std::vector<totals::Item> all = order.items;
  all.insert(all.end(), order.swap_items.begin(), order.swap_items.end());
  all.insert(all.end(), order.claim_items.begin(), order.claim_items.end());
  return all;
}

double line_refund(const totals::Item& item, const totals::Allocations& allocations, std::optional<double> tax_rate,
                   tax::Inclusive inclusive) {
  const std::vector<tax::Line> lines = item.tax_lines.value_or(std::vector<tax::Line>{});
  const double fraction = tax_rate ? *tax_rate / 100 : tax::combined(lines);
  const double tax_in_unit = is_gross(item.includes_tax, inclusive) ? tax_within(item.unit_price, fraction) : 0;
  const double subtotal =
      (item.unit_price - tax_in_unit) * item.quantity - unit_discount_of(item, allocations) * item.quantity;
  // The old way: one rate for the whole order.
  if (tax_rate) return js_round(subtotal * (1 + fraction));
  return subtotal + taxes_on(subtotal, lines);
}

double refund_total(const totals::Order& order, const std::vector<Part>& parts, tax::Inclusive inclusive) {
  const auto items = all_items(order);
  const auto allocations = totals::allocate(items, order.discounts);
  double sum = 0;
  for (const Part& part : parts) {
    const auto found = std::find_if(items.begin(), items.end(), [&](const auto& i) { return i.id == part.item_id; });
    if (found == items.end()) continue;
    totals::Item item = *found;
    item.quantity = static_cast<double>(part.quantity);
    sum += line_refund(item, allocations, order.tax_rate, inclusive);
  }
  return js_round(sum);
}

double shipping_total(const totals::Method& method, tax::Inclusive inclusive) {
  const std::vector<tax::Line> lines = method.tax_lines.value_or(std::vector<tax::Line>{});
  const double net = is_gross(method.includes_tax, inclusive)
                         ? method.price - tax_within(method.price, tax::combined(lines))
                         : method.price;
  return net + taxes_on(net, lines);
}

Arrival arrival(const std::vector<Item>& items, const std::vector<Part>& received) {
  std::vector<Part> came;
  for (const Part& part : received) {
    const auto same = std::find_if(came.begin(), came.end(), [&](const Part& p) { return p.item_id == part.item_id; });
    if (same == came.end())
      came.push_back(part);
    else
      same->quantity += part.quantity;
  }
  Arrival arrival;
  const auto add = [&](const std::string& item_id, std::int64_t quantity, std::optional<std::int64_t> requested,
                       std::int64_t before) {
    arrival.items.push_back({item_id, quantity, requested, quantity});
    arrival.matches = arrival.matches && requested == quantity;
    if (quantity != before) arrival.more.push_back({item_id, quantity - before});
  };
  for (const Item& item : items) {
    const auto part = std::find_if(came.begin(), came.end(), [&](const Part& p) { return p.item_id == item.item_id; });
    add(item.item_id, part == came.end() ? 0 : part->quantity, item.requested, item.received.value_or(0));
    if (part != came.end()) came.erase(part);
  }
  for (const Part& part : came) add(part.item_id, part.quantity, std::nullopt, 0);
  return arrival;
}

} // namespace commerce::returns
