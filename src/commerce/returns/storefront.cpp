#include "commerce/returns/storefront.hpp"
#include "commerce/idempotency/routes.hpp"
#include "commerce/returns/wishes.hpp"
#include "rules/rules.hpp"
#include <cmath>
#include <limits>

namespace commerce::returns {
namespace {

using base::Json;
using http::Context;
using http::Is;
using http::Presence;

// IsNumber and Min(1), of a column of whole numbers.
void check_quantity(const Json& item, std::vector<std::string>& problems) {
  const Json& quantity = item["quantity"];
  if (!quantity.is_number()) return;
  constexpr double most = std::numeric_limits<std::int32_t>::max();
  if (quantity.as_number() < 1)
    problems.emplace_back("quantity must not be less than 1");
  else if (quantity.as_number() > most)
    problems.push_back("quantity must not be greater than " + base::number_text(most));
  else if (quantity.as_number() != std::floor(quantity.as_number()))
    problems.emplace_back("quantity must be an integer number");
}
constexpr std::string_view kNoNumber =
    "quantity must not be less than 1, quantity must be a number conforming to the specified constraints";
const http::Rules kItemRules{.rows = {{"item_id", Is::string, Presence::not_empty_first},
                                      {.name = "quantity", .is = Is::number, .message = kNoNumber},
                                      {"reason_id", Is::string, Presence::optional},
                                      {"note", Is::string, Presence::optional}},
                             .extra = check_quantity};
const http::Rules kShippingRules{.rows = {{"option_id", Is::string, Presence::not_empty_first}}};
const http::Rules kReturnRules{{{"order_id", Is::string, Presence::not_empty_first},
                                {"items", Is::array, Presence::required, &kItemRules},
                                {"return_shipping", Is::nested, Presence::optional, &kShippingRules}}};

// Medusa 1.20: POST /store/returns
void create_return(Context& context) {
  const Json& body = context.body();
  Wish wish{.order_id = body["order_id"].as_string(),
            .items = wished_items(body["items"]),
            .shipping = wished_shipping(body["return_shipping"])};
  idempotency::run_with_key(context, [&](const idempotency::Key& key) {
    return context.call.atomic([&]() -> idempotency::Reply {
      auto& call = context.call;
      wish.idempotency_key = key.name;
      const auto created = create(call, wish);
      if (wish.shipping) fulfill(call, created.id);
      call.emit("order.return_requested", base::JsonObject{{"id", wish.order_id}, {"return_id", created.id}});
      const query::Read read{.entity = &schema::get("Return"), .selection = query::select({}, {"items.reason"})};
      const auto tree = query::read_one(call.db(), call.flags, read, created.id);
      return {200, R"({"return":)" + query::row_json(*tree.first()) + "}"};
    });
  });
}

} // namespace

http::Routes store_routes() {
  return {
      {.method = http::Method::post, .path = "/store/returns", .handler = create_return, .body_rules = &kReturnRules}};
}

} // namespace commerce::returns
