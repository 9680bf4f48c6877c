// Customers and their addresses. Owns the rows of customer and of the addresses that belong to one. Called by the store's
// customer and login endpoints and by carts, on the fiber of the request.
#pragma once
#include "base/json.hpp"
#include "base/passwords.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace commerce::customer {

// What the store's customer endpoints show: all columns, the shipping addresses and the billing address.
const query::Selection& store_selection();
// Throws not_found where there is no such customer; `before` travels ahead of the read.
query::Tree retrieve(ports::Call& call, std::string_view id, const query::Selection& selection,
                     std::vector<db::Command> before = {});

// A customer with an account.
struct Account {
  std::string id;
  std::optional<std::string> password_hash;
};
std::optional<Account> registered(ports::Call& call, std::string_view email);
// The registered customer whose password it is.
std::optional<base::Login> log_in(ports::Call& call, std::string_view email, std::string_view password);

// The same fields with `password_hash` in place of a `password` that is given.
base::Json with_password_hash(base::Json fields);

// Inserts a customer: `fields` has an `email` and may have first_name, last_name, phone, metadata and a `password_hash`,
// which makes it an account. One address has at most one account and one guest. Returns the new row, as `selection` says.
query::Tree create(ports::Call& call, const base::Json& fields, const query::Selection& selection);
// Changes the columns that `changes` names; `metadata` is merged, `billing_address` is an address,
// the id of one, or null; `groups` are [{id}] and replace those that the customer is in.
query::Tree update(ports::Call& call, std::string_view id, const base::Json& changes,
                   const query::Selection& selection);

// The customer after the change.
query::Tree add_address(ports::Call& call, std::string_view customer_id, base::Json address,
                        const query::Selection& selection);
query::Tree update_address(ports::Call& call, std::string_view customer_id, std::string_view address_id,
                           base::Json changes, const query::Selection& selection);
query::Tree remove_address(ports::Call& call, std::string_view customer_id, std::string_view address_id,
                           const query::Selection& selection);

// Publishes a token by which the customer can set a new password within a quarter of an hour.
void send_password_token(ports::Call& call, std::string_view id);
// The account for which the token was made. Throws unauthorized where it is for none, or no longer.
std::string account_of_password_token(ports::Call& call, std::string_view email, std::string_view token);

} // namespace commerce::customer
