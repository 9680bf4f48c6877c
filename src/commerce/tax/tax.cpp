#include "commerce/tax/tax.hpp"
#include <algorithm>

namespace commerce::tax {

namespace {

std::vector<Rate> rates_of(const base::StringMap<std::vector<Rate>>& map, std::string_view id, double default_rate) {
  const auto found = map.find(id);
  if (found != map.end() && !found->second.empty()) return found->second;
  return {Rate::region_default(default_rate)};
}

void add_lines(std::vector<Line>& lines, const std::string& owner, const std::vector<Rate>& rates) {
  for (const Rate& rate : rates) lines.push_back({owner, rate.rate.value_or(0), rate.name, rate.code});
}

} // namespace

std::vector<Rate> RegionRates::for_product(std::string_view product_id) const {
  return rates_of(of_product, product_id, default_rate);
}

std::vector<Rate> RegionRates::for_shipping_option(std::string_view option_id) const {
  return rates_of(of_shipping_option, option_id, default_rate);
}

double combined(const std::vector<Rate>& rates) {
  double sum = 0;
  for (const Rate& rate : rates) sum += rate.rate.value_or(0) / 100;
  return sum;
}

double combined(const std::vector<Line>& lines) {
  double sum = 0;
  for (const Line& line : lines) sum += line.rate / 100;
  return sum;
}

double tax_amount(double price, double fraction, PriceKind kind) {
  return kind == PriceKind::gross ? fraction * price / (1 + fraction) : price * fraction;
}

std::vector<Rate> unite(std::vector<Rate> own, const std::vector<Rate>& of_type) {
  for (const Rate& rate : of_type)
    if (std::none_of(own.begin(), own.end(), [&](const Rate& r) { return r.id == rate.id; })) own.push_back(rate);
  return own;
}

Lines system_lines(const std::vector<ItemToTax>& items, const std::vector<MethodToTax>& methods,
                   const RegionRates& rates) {
  Lines lines;
  for (const ItemToTax& item : items)
    if (!item.is_return && item.product_id) add_lines(lines.of_items, item.id, rates.for_product(*item.product_id));
  for (const MethodToTax& method : methods)
    add_lines(lines.of_methods, method.id, rates.for_shipping_option(method.shipping_option_id));
  return lines;
}

} // namespace commerce::tax
