#include "commerce/cart/rules.hpp"
#include "commerce/address_rules.hpp"

namespace commerce::cart {

using rules::Is;
using rules::Presence;
using rules::Rules;

namespace {

const Rules item_of_cart{
    .rows = {{"variant_id", Is::string, Presence::not_empty}, {"quantity", Is::integer, Presence::not_empty}},
    .of = "LineItem"};

const Rules code{{{"code", Is::string}}};

// What JavaScript makes of a value within a text.
std::string spelled(const base::Json& value) {
  if (value.is_object()) return "[object Object]";
  if (value.is_string()) return value.as_string();
  if (!value.is_array()) return value.dump();
  std::string text;
  for (const auto& element : value.as_array()) {
    if (&element != &value.as_array().front()) text += ',';
    if (!element.is_null()) text += spelled(element);
  }
  return text;
}

// Medusa 1.20: IsType([AddressPayload, String]). An address or the id of one.
// Quirk: what is wrong is told as JSON within the message, and all but the first sentence begin with a blank.
void address_or_id(const base::Json& body, std::vector<std::string>& problems) {
  for (const char* name : {"billing_address", "shipping_address"}) {
    const base::Json& value = body[name];
    if (value.is_nullish() || value.is_string()) continue;
    std::vector<std::string> wrong{"an unknown value was passed to the validate function"};
    if (value.is_object()) {
      base::Json copy = value;
      wrong = rules::check(kAddressRules, copy);
    }
    if (wrong.empty()) continue;
    base::JsonArray details;
    for (const auto& sentence : wrong) details.emplace_back((details.empty() ? "" : " ") + sentence);
    const base::Json problem = base::JsonObject{
        {"message", std::string(name) + " must be one of: AddressPayload,String"},
        {"details", base::JsonObject{{"String", base::JsonArray{base::Json("String validation failed: " +
                                                                           spelled(value) + " is not a string")}},
                                     {"AddressPayload", std::move(details)}}}};
    problems.push_back(problem.dump());
  }
}

} // namespace

const Rules find_params{{{"expand", Is::string, Presence::optional}, {"fields", Is::string, Presence::optional}}};

const Rules create_body{{{"region_id", Is::string, Presence::optional},
                         {"country_code", Is::string, Presence::optional},
                         {"items", Is::array, Presence::optional, &item_of_cart},
                         {"context", Is::any, Presence::optional},
                         {"sales_channel_id", Is::string, Presence::optional}}};

const Rules update_body{{{"region_id", Is::string, Presence::optional},
                         {"country_code", Is::string, Presence::optional},
                         {"email", Is::email, Presence::optional},
                         {"billing_address", Is::any, Presence::optional},
                         {"shipping_address", Is::any, Presence::optional},
                         {"gift_cards", Is::array, Presence::optional, &code},
                         {"discounts", Is::array, Presence::optional, &code},
                         {"customer_id", Is::string, Presence::optional},
                         {"context", Is::any, Presence::optional},
                         {"sales_channel_id", Is::string, Presence::optional}},
                        address_or_id};

const Rules item_body{
    .rows = {{"variant_id", Is::string}, {"quantity", Is::integer}, {"metadata", Is::any, Presence::optional}},
    .of = "LineItem"};

const Rules item_update_body{.rows = {{"quantity", Is::integer}, {"metadata", Is::any, Presence::optional}},
                             .of = "LineItem"};

const Rules shipping_method_body{{{"option_id", Is::string}, {"data", Is::any, Presence::optional}}};

const Rules payment_session_body{{{"provider_id", Is::string}}};

const Rules payment_session_update_body{{{"data", Is::object}}};

} // namespace commerce::cart
