#include "ports/remote_tax.hpp"
#include "base/json_text.hpp"
#include <cmath>

namespace ports {

using base::Json;
using base::JsonArray;
using base::JsonObject;
using base::text_of;

namespace {

JsonArray arguments_of(const std::vector<Taxable>& taxables, const char* name) {
  JsonArray all;
  for (const Taxable& taxable : taxables) {
    JsonArray rates;
    for (const TaxProviderRate& rate : taxable.rates)
      rates.push_back(JsonObject{{"rate", rate.rate ? Json(*rate.rate) : Json(nullptr)},
                                 {"name", rate.name},
                                 {"code", rate.code ? Json(*rate.code) : Json(nullptr)}});
    all.push_back(JsonObject{{name, taxable.row}, {"rates", std::move(rates)}});
  }
  return all;
}

// Medusa 1.20: TotalsService.getAllocationMap; what discounts take of each item.
Json allocation_of(const std::vector<Taxable>& items) {
  Json allocation = Json::object();
  for (const Taxable& item : items) {
    const std::int64_t quantity = item.row["quantity"].is_integer() ? item.row["quantity"].as_int() : 0;
    if (item.discount == 0 || quantity == 0) continue;
    const double each = static_cast<double>(item.discount) / static_cast<double>(quantity);
    allocation.set(item.id,
                   JsonObject{{"discount", JsonObject{{"amount", item.discount},
                                                      {"unit_amount", std::int64_t(std::floor(each + 0.5))}}}});
  }
  return allocation;
}

TaxProviderLine line_of(const Json& told) {
  TaxProviderLine line;
  line.id = text_of(told["item_id"].is_string() ? told["item_id"] : told["shipping_method_id"]);
  line.rate = told["rate"].is_number() ? told["rate"].as_number() : 0;
  line.name = text_of(told["name"]);
  if (told["code"].is_string()) line.code = told["code"].as_string();
  return line;
}

// Ids and times that each run of a transaction makes anew: the same question has the same key without them.
bool made_anew(std::string_view name) {
  for (const std::string_view one : {"id", "cart_id", "order_id", "item_id", "shipping_address_id",
                                     "billing_address_id", "created_at", "updated_at", "deleted_at", "allocation_map"})
    if (name == one) return true;
  return false;
}

Json without_what_is_made_anew(const Json& value) {
  if (value.is_array()) {
    JsonArray parts;
    for (const Json& part : value.as_array()) parts.push_back(without_what_is_made_anew(part));
    return parts;
  }
  if (!value.is_object()) return value;
  Json object = Json::object();
  for (const auto& [name, member] : value.as_object())
    if (!made_anew(name)) object.set(name, without_what_is_made_anew(member));
  return object;
}

class RemoteTax final : public TaxProvider {
 public:
  explicit RemoteTax(std::string id) : id_(std::move(id)) {}
  std::string_view id() const override { return id_; }

  std::vector<TaxProviderLine> tax_lines(Call& call, const std::vector<Taxable>& items,
                                         const std::vector<Taxable>& methods,
                                         const TaxContext& context) const override {
    Json arguments = JsonObject{{"items", arguments_of(items, "item")},
                                {"methods", arguments_of(methods, "method")},
                                {"context", JsonObject{{"region", context.region},
                                                       {"shipping_address", context.shipping_address},
                                                       {"customer", context.customer},
                                                       {"is_return", context.is_return},
                                                       {"allocation_map", allocation_of(items)}}}};
    std::string key = "tax_lines " + without_what_is_made_anew(arguments).dump();
    for (const Taxable& item : items) key += " " + std::to_string(item.discount);
    const Json told = call.ask({.port = "tax",
                                .provider = id_,
                                .method = "tax_lines",
                                .key = std::move(key),
                                .arguments = std::move(arguments)});
    std::vector<TaxProviderLine> lines;
    if (!told.is_array()) return lines;
    for (const Json& line : told.as_array()) {
      lines.push_back(line_of(line));
      // The answer may be that of an earlier run, whose items had other ids: where they stood tells which is meant.
      const auto& asked = line["item_id"].is_string() ? items : methods;
      if (line["at"].is_integer() && line["at"].as_int() >= 0 &&
          static_cast<std::size_t>(line["at"].as_int()) < asked.size())
        lines.back().id = asked[static_cast<std::size_t>(line["at"].as_int())].id;
    }
    return lines;
  }

 private:
  std::string id_;
};

} // namespace

std::unique_ptr<TaxProvider> remote_tax_provider(std::string id) { return std::make_unique<RemoteTax>(std::move(id)); }

} // namespace ports
