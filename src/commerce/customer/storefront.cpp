#include "commerce/customer/storefront.hpp"
#include "base/error.hpp"
#include "base/passwords.hpp"
#include "commerce/address_rules.hpp"
#include "commerce/customer/service.hpp"
#include "http/errors.hpp"
#include "http/resource.hpp"

namespace commerce::customer {
namespace {

using http::Context;
using http::Is;
using http::Presence;

void answer(Context& context, const query::Tree& tree) { context.json(http::one_json("customer", *tree.first())); }

const std::string& me(const Context& context) { return *context.call.identity.customer_id; }

// --- rules ---------------------------------------------------------------------------------------------------------

const http::Rules kCreate{{{"first_name", Is::string, Presence::optional},
                           {"last_name", Is::string, Presence::optional},
                           {"email", Is::email},
                           {"password", Is::string},
                           {"phone", Is::string, Presence::optional}}};

const http::Rules kNewAddress{{{"first_name", Is::string},
                               {"last_name", Is::string},
                               {"phone", Is::string, Presence::optional},
                               {"metadata", Is::any, Presence::optional},
                               {"company", Is::string, Presence::optional},
                               {"address_1", Is::string},
                               {"address_2", Is::string, Presence::optional},
                               {"city", Is::string},
                               {"country_code", Is::string},
                               {"province", Is::string, Presence::optional},
                               {"postal_code", Is::string}}};
const http::Rules kAddAddress{{{"address", Is::nested, Presence::required, &kNewAddress}}};

const http::Rules kUpdate{{{"billing_address", Is::any, Presence::optional},
                           {"first_name", Is::string, Presence::optional},
                           {"last_name", Is::string, Presence::optional},
                           {"password", Is::string, Presence::optional},
                           {"phone", Is::string, Presence::optional},
                           {"email", Is::email, Presence::optional},
                           {"metadata", Is::object, Presence::optional}}};

const http::Rules kPasswordToken{{{"email", Is::email}}};
const http::Rules kPasswordReset{{{"email", Is::email}, {"token", Is::string}, {"password", Is::string}}};

// Medusa 1.20: IsType([AddressPayload, String]); its sentence is JSON in a string.
void check_billing_address(const base::Json& value) {
  if (value.is_nullish() || value.is_string()) return;
  std::vector<std::string> problems{"an unknown value was passed to the validate function"};
  if (value.is_object()) {
    base::Json copy = value;
    problems = http::check(kAddressRules, copy);
    if (problems.empty()) return;
  }
  base::JsonArray sentences;
  for (const auto& problem : problems) sentences.emplace_back(problem);
  const std::string text = value.is_object() ? "[object Object]" : value.is_array() ? "" : value.dump();
  throw base::Error::invalid_data(
      base::Json(base::JsonObject{{"message", "billing_address must be one of: AddressPayload,String"},
                                  {"details", base::JsonObject{{"String", base::JsonArray{"String validation failed: " +
                                                                                          text + " is not a string"}},
                                                               {"AddressPayload", std::move(sentences)}}}})
          .dump());
}

// --- handlers ------------------------------------------------------------------------------------------------------

// Logged in with the password that has just been set.
void remember(Context& context, std::string_view id, const base::Json& fields) {
  const auto& hash = fields["password_hash"];
  context.session.log_in(http::Person::customer,
                         {std::string(id), base::password_mark(id, hash.is_string() ? hash.as_string() : "")});
}

void create_customer(Context& context) {
  const auto fields = with_password_hash(context.body());
  const auto tree = create(context.call, fields, store_selection());
  remember(context, tree.first()->id(), fields);
  answer(context, tree);
}

void show_me(Context& context) { answer(context, retrieve(context.call, me(context), store_selection())); }

void update_me(Context& context) {
  check_billing_address(context.body()["billing_address"]);
  const auto changes = with_password_hash(context.body());
  answer(context, update(context.call, me(context), changes, store_selection()));
  if (!changes["password_hash"].truthy()) return;
  // All sessions end but the one in which the password was changed, which goes on under a new id.
  context.session.ended.push_back(me(context));
  if (context.session.data["customer_id"] == base::Json(me(context))) remember(context, me(context), changes);
}

void add_my_address(Context& context) {
  // 1.20 answers a missing address and a list of them with 500.
  const auto& address = context.body()["address"];
  if (!address.is_object()) throw base::Error::invalid_data("nested property address must be either object or array");
  answer(context, add_address(context.call, me(context), address, store_selection()));
}

void update_my_address(Context& context) {
  answer(context,
         update_address(context.call, me(context), context.param("address_id"), context.body(), store_selection()));
}

void remove_my_address(Context& context) {
  answer(context, remove_address(context.call, me(context), context.param("address_id"), store_selection()));
}

// Says nothing of whether there is such an account.
void request_password_token(Context& context) {
  if (const auto account = registered(context.call, context.body()["email"].as_string()))
    send_password_token(context.call, account->id);
  http::answer_status(204, context.response);
}

void reset_password(Context& context) {
  const auto& body = context.body();
  const auto id = account_of_password_token(context.call, body["email"].as_string(), body["token"].as_string());
  answer(context, update(context.call, id, with_password_hash(base::JsonObject{{"password", body["password"]}}), {}));
  context.session.ended.push_back(id);
}

} // namespace

http::Routes store_routes() {
  using enum http::Method;
  using http::Auth;
  return {
      {.method = post, .path = "/store/customers", .handler = create_customer, .body_rules = &kCreate},
      {.method = post,
       .path = "/store/customers/password-reset",
       .handler = reset_password,
       .body_rules = &kPasswordReset,
       .guess = http::Guess::token},
      {.method = post,
       .path = "/store/customers/password-token",
       .handler = request_password_token,
       .body_rules = &kPasswordToken},
      {.method = get, .path = "/store/customers/me", .handler = show_me, .auth = Auth::customer},
      {.method = post,
       .path = "/store/customers/me",
       .handler = update_me,
       .auth = Auth::customer,
       .body_rules = &kUpdate},
      {.method = post,
       .path = "/store/customers/me/addresses",
       .handler = add_my_address,
       .auth = Auth::customer,
       .body_rules = &kAddAddress},
      {.method = post,
       .path = "/store/customers/me/addresses/:address_id",
       .handler = update_my_address,
       .auth = Auth::customer,
       .body_rules = &kAddressRules},
      {.method = del,
       .path = "/store/customers/me/addresses/:address_id",
       .handler = remove_my_address,
       .auth = Auth::customer},
  };
}

} // namespace commerce::customer
