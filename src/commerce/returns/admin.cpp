#include "commerce/returns/admin.hpp"
#include "base/error.hpp"
#include "commerce/eager.hpp"
#include "commerce/idempotency/routes.hpp"
#include "commerce/order/locked.hpp"
#include "commerce/order/shown.hpp"
#include "commerce/order/tables.hpp"
#include "commerce/returns/wishes.hpp"
#include "commerce/stock/modules.hpp"
#include "commerce/values.hpp"
#include "http/resource.hpp"
#include "query/row_of.hpp"
#include <cmath>
#include <limits>

namespace commerce::returns {
namespace {

using base::Json;
using http::Context;
using http::Is;
using http::Presence;

http::Resource returns() {
  return http::Resource{.path = "/admin/returns",
                        .entity = "Return",
                        .one = "return",
                        .many = "returns",
                        .read = {.relations = {"swap", "order"}},
                        .refused = {"fields", "expand", "order"},
                        .limit = 50,
                        .auth = http::Auth::admin,
                        .prepare = [](http::Context&, const query::Wanted&,
                                      query::Read& read) { add_eager_items(read.selection, *read.entity); }}
      .list();
}

// --- what a body may say -------------------------------------------------------------------------------------------

// `refund` becomes the column refund_amount: whole units that it holds.
void check_refund(const Json& body, std::vector<std::string>& problems) {
  const Json& refund = body["refund"];
  if (!refund.is_number()) return;
  const double amount = refund.as_number();
  constexpr double most = std::numeric_limits<std::int32_t>::max();
  if (amount > most) problems.push_back("refund must not be greater than " + base::number_text(most));
  if (amount < -most) problems.push_back("refund must not be less than " + base::number_text(-most));
}
// 1.20 takes any number for it, and answers 500.
void check_whole_refund(const Json& body, std::vector<std::string>& problems) {
  check_refund(body, problems);
  const Json& refund = body["refund"];
  if (refund.is_number() && refund.as_number() != std::floor(refund.as_number()))
    problems.emplace_back("refund must be an integer number");
}

const http::Rules kFindRules{{{"expand", Is::string, Presence::optional}, {"fields", Is::string, Presence::optional}}};
const http::Rules kWishedItemRules{.rows = {{"item_id", Is::string, Presence::not_empty_first},
                                            {"quantity", Is::integer, Presence::not_empty_first},
                                            {"reason_id", Is::string, Presence::optional},
                                            {"note", Is::string, Presence::optional}},
                                   .of = "ReturnItem"};
const http::Rules kShippingRules{
    .rows = {{"option_id", Is::string, Presence::optional}, {"price", Is::integer, Presence::optional}},
    .of = "ShippingMethod"};
const http::Rules kReturnRules{.rows = {{"items", Is::array, Presence::required, &kWishedItemRules},
                                        {"return_shipping", Is::nested, Presence::optional, &kShippingRules},
                                        {"note", Is::string, Presence::optional},
                                        {"receive_now", Is::boolean, Presence::optional},
                                        {"no_notification", Is::boolean, Presence::optional},
                                        {"refund", Is::integer, Presence::optional},
                                        {"location_id", Is::string, Presence::optional}},
                               .extra = check_refund};
const http::Rules kReceivedItemRules{.rows = {{"item_id", Is::string}, {"quantity", Is::number}}, .of = "ReturnItem"};
const http::Rules kReceiveRules{.rows = {{"items", Is::array, Presence::required, &kReceivedItemRules},
                                         {"refund", Is::number, Presence::optional},
                                         {"location_id", Is::string, Presence::optional}},
                                .extra = check_whole_refund};

// Below nothing means nothing.
std::optional<base::Amount> refund_of(const Json& body) {
  const Json& refund = body["refund"];
  return refund.is_number() ? std::optional(std::max<base::Amount>(0, refund.as_int())) : std::nullopt;
}
std::vector<Part> parts_of(const Json& body) {
  std::vector<Part> parts;
  for (const auto& item : body["items"].as_array())
    parts.push_back({item["item_id"].as_string(), item["quantity"].as_int()});
  return parts;
}

Wish wish_of(const Context& context) {
  const Json& body = context.body();
  Wish wish{.order_id = context.param("id"),
            .items = wished_items(body["items"]),
            .shipping = wished_shipping(body["return_shipping"])};
  // Quirk: a refund of 0 is none that was named.
  if (const auto refund = refund_of(body); refund && body["refund"].truthy()) wish.refund_amount = refund;
  if (stock::enabled(context.call, stock::Module::inventory) &&
      stock::enabled(context.call, stock::Module::stock_location))
    wish.location_id = optional_text(body["location_id"]);
  return wish;
}

// --- the routes ----------------------------------------------------------------------------------------------------

// Medusa 1.20: POST /admin/orders/:id/return
void request_return(Context& context) {
  const auto view = order::changed_view(context.call.flags, context.query());
  const Json& body = context.body();
  Wish wish = wish_of(context);
  idempotency::run_with_key(context, [&](const idempotency::Key& key) {
    return context.call.atomic([&]() -> idempotency::Reply {
      auto& call = context.call;
      // 1. The return, made known to whoever carries it.
      Json no_notification = body["no_notification"];
      if (!no_notification.is_bool()) {
        const auto order = order::lock(call, wish.order_id, {});
        no_notification = order::notification(std::nullopt, *order.first<table::Order>());
      }
      wish.no_notification = no_notification.is_bool() ? std::optional(no_notification.as_bool()) : std::nullopt;
      wish.idempotency_key = key.name;
      const auto created = create(call, wish);
      if (wish.shipping) fulfill(call, created.id);
      call.emit(
          "order.return_requested",
          base::JsonObject{{"id", wish.order_id}, {"return_id", created.id}, {"no_notification", no_notification}});
      // 2. Where it is here already: its units are back. Quirk: the order's status and the money wait for an admin.
      if (body["receive_now"].truthy())
        receive(call, created.id,
                {.items = parts_of(body), .refund = refund_of(body), .mismatch = Mismatch::requires_action});
      return {200, order::enveloped(order::retrieve(call, view, wish.order_id))};
    });
  });
}

// Medusa 1.20: POST /admin/returns/:id/receive
void receive_return(Context& context) {
  const auto& id = context.param("id");
  const Json& body = context.body();
  const Receipt receipt{
      .items = parts_of(body), .refund = refund_of(body), .location_id = optional_text(body["location_id"])};
  receive_and_refund(context.call, id, receipt);
  query::Read read{.entity = &schema::get("Return"), .selection = query::select({}, {"swap"})};
  add_eager_items(read.selection, *read.entity);
  const auto tree = query::read_one(context.call.db(), context.call.flags, read, id);
  context.json(R"({"return":)" + query::row_json(*tree.first()) + "}");
}

// The order as 1.20 shows it here: in the way of its lists, and whole.
std::string order_of_canceled(ports::Call& call, const std::string& order_id) {
  auto grammar = order::admin_grammar(call.flags);
  std::erase(grammar.read.fields, "sales_channel_id");
  std::erase(grammar.read.relations, "sales_channel");
  const auto view = order::whole(order::resolve(call.flags, grammar, Json::object(), query::Many::no));
  const query::Read read{.entity = &schema::get("Order"), .selection = order::to_load(view)};
  const auto tree = query::read_one(call.db(), call.flags, read, order_id);
  if (!tree.first()) throw base::Error::not_found("Order with id: " + order_id + " was not found");
  return order::enveloped(order::to_json(call, view, *tree.first<table::Order>(), order::Level::list));
}

// Medusa 1.20: POST /admin/returns/:id/cancel
void cancel_return(Context& context) {
  const auto order_id = cancel(context.call, context.param("id"));
  context.json(order_of_canceled(context.call, order_id));
}

} // namespace

http::Routes admin_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  auto routes = returns().routes();
  for (auto& route : http::Routes{{post, "/admin/orders/:id/return", request_return, admin, &kFindRules, &kReturnRules},
                                  {post, "/admin/returns/:id/receive", receive_return, admin, nullptr, &kReceiveRules},
                                  {post, "/admin/returns/:id/cancel", cancel_return, admin}})
    routes.push_back(std::move(route));
  return routes;
}

} // namespace commerce::returns
