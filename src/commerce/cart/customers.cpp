#include "commerce/cart/customers.hpp"
#include "base/email.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "base/time.hpp"
#include "commerce/cart/tables.hpp"
#include "commerce/customer/tables.hpp"
#include "query/row_of.hpp"

namespace commerce::cart {

using base::Error;
using base::Json;

namespace {

// A guest is one customer, however many carts name the address at once: who comes second finds the first one's row.
CustomerFacts guest(ports::Call& call, const std::string& email, const db::Result& known) {
  static const db::Statement insert(
      "INSERT INTO customer (id, email, has_account) VALUES ($1, $2, false) ON CONFLICT (email, has_account) "
      "WHERE deleted_at IS NULL DO NOTHING RETURNING id, created_at");
  if (auto found = customer_of(known)) return *found;
  const auto made = call.db().run(insert, db::Params::of(call.same_id("cus", email), email));
  if (made.empty()) {
    if (auto found = customer_of(call.db().run(guest_query(email)))) return *found;
    throw Error::duplicate("Guest customer with email already exists");
  }
  CustomerFacts customer{std::string(made.text(0, 0)), email};
  std::string created;
  base::append_iso_from_postgres(created, made.text(0, 1));
  call.emit("customer.created", base::JsonObject{{"id", customer.id},
                                                 {"created_at", created},
                                                 {"updated_at", created},
                                                 {"deleted_at", nullptr},
                                                 {"email", email},
                                                 {"first_name", nullptr},
                                                 {"last_name", nullptr},
                                                 {"billing_address_id", nullptr},
                                                 {"phone", nullptr},
                                                 {"has_account", false},
                                                 {"metadata", nullptr}});
  return customer;
}

void attach(State& state, const CustomerFacts& customer) {
  state.cart.set("customer_id", customer.id);
  state.cart.set("email", customer.email);
}

} // namespace

db::Command customer_query(std::string_view id) {
  static const db::Statement statement("SELECT id, email FROM customer WHERE id = $1 AND deleted_at IS NULL");
  return {statement, db::Params::of(id)};
}

std::optional<CustomerFacts> customer_of(const db::Result& result) {
  if (result.empty()) return std::nullopt;
  return CustomerFacts{std::string(result.text(0, 0)), std::string(result.text(0, 1))};
}

bool is_free(const query::RowOf<table::Cart>& cart) {
  const auto customer = cart.one<table::Customer>("customer");
  return !customer || !customer->boolean("has_account");
}

Json next_buyer(const State& state, const std::optional<std::string>& logged_in, const Json& named) {
  const std::string current = state.text("customer_id");
  if (logged_in && (current == *logged_in || is_free(state.row()))) return *logged_in;
  // 1.20 takes whatever id is sent. Who is logged in is asked for nothing, as there.
  if (!named.truthy() || named.as_string() == current) return named;
  if (logged_in) return {};
  throw Error::not_allowed("A cart can be given to the customer who is logged in only");
}

void set_customer(State& state, const std::string& customer_id) {
  const auto customer = customer_of(state.call->db().run(customer_query(customer_id)));
  if (!customer) throw Error::not_found("Customer with id: " + customer_id + " was not found");
  attach(state, *customer);
}

db::Command guest_query(const Json& email) {
  static const db::Statement statement(
      "SELECT id, email FROM customer WHERE email = $1 AND NOT has_account AND deleted_at IS NULL");
  return {statement, db::Params::of(email.is_string() ? base::lower(email.as_string()) : std::string())};
}

CustomerFacts guest_customer(ports::Call& call, const Json& email, const db::Result& known) {
  if (!email.is_string() || !base::is_email(email.as_string())) throw Error::invalid_data("The email is not valid");
  return guest(call, base::lower(email.as_string()), known);
}

void set_guest(State& state, const Json& email, const db::Batch::Slot& known) {
  attach(state, known ? guest_customer(*state.call, email, *known)
                      : guest_customer(*state.call, email, state.call->db().run(guest_query(email))));
}

} // namespace commerce::cart
