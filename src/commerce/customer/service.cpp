#include "commerce/customer/service.hpp"
#include "base/error.hpp"
#include "base/metadata.hpp"
#include "base/strings.hpp"
#include "base/tokens.hpp"
#include "commerce/addresses.hpp"
#include "commerce/customer/tables.hpp"
#include "commerce/passwords.hpp"
#include "query/row_of.hpp"
#include "query/write.hpp"

namespace commerce::customer {
namespace {

constexpr std::chrono::minutes kPasswordTokenLifetime{15};

const schema::Entity& customers() {
  static const auto& entity = schema::get("Customer");
  return entity;
}
const schema::Entity& addresses() {
  static const auto& entity = schema::get("Address");
  return entity;
}

const db::Statement& account_of_email() {
  static const db::Statement statement(
      "SELECT id, password_hash FROM customer WHERE email = $1 AND has_account AND deleted_at IS NULL");
  return statement;
}

// Medusa 1.20: address.country_code?.toLowerCase(). Quirk: a null is as if it had not been said.
void lower_country(base::Json& address) {
  const auto& country = address["country_code"];
  if (country.is_string())
    address.set("country_code", base::lower(country.as_string()));
  else
    address.erase("country_code");
}

// Medusa 1.20: CustomerService.updateBillingAddress_. Returns the writes, and sets billing_address_id in `changes` where
// it becomes another.
std::vector<db::Command> billing_address_writes(ports::Call& call, const query::RowOf<table::Customer>& customer,
                                                const base::Json& address, base::Json& changes) {
  // 1. Null takes it away.
  if (address.is_null()) {
    changes.set("billing_address_id", nullptr);
    return {};
  }
  // 2. An id names one of the customer's own addresses; 1.20 takes anybody's.
  if (address.is_string()) {
    static const db::Statement own(
        "SELECT 1 FROM address WHERE id = $1 AND deleted_at IS NULL AND (customer_id = $2 OR "
        "id = (SELECT billing_address_id FROM customer WHERE id = $2))");
    const auto& id = address.as_string();
    if (call.db().run(own, db::Params::of(id, customer.id())).empty())
      throw base::Error::not_found("Address with id " + id + " was not found");
    changes.set("billing_address_id", id);
    return {};
  }
  // 3. An address changes the one there is, or becomes a new one.
  base::Json row = address;
  lower_country(row);
  std::vector<db::Command> writes;
  if (!customer.is_null("billing_address_id")) {
    if (row.size()) {
      const auto id = customer.text("billing_address_id");
      writes.push_back(copy_address_for_others(id, customer.id()));
      writes.push_back(query::update(addresses(), id, row));
    }
    return writes;
  }
  writes.push_back(query::insert(addresses(), row));
  changes.set("billing_address_id", row["id"]);
  return writes;
}

// The groups that the customer is in from now on: those that are no longer named, and those that are new.
std::vector<db::Command> group_writes(std::string_view id, const base::Json& groups) {
  static const db::Statement leave(
      "DELETE FROM customer_group_customers WHERE customer_id = $1 AND customer_group_id <> ALL($2)");
  std::vector<std::string> ids;
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& group : groups.as_array()) {
    ids.push_back(group["id"].as_string());
    pairs.emplace_back(id, ids.back());
  }
  return {{leave, db::Params::of(id, ids)},
          query::link("customer_group_customers", "customer_id", "customer_group_id", pairs)};
}

struct Compared {
  std::string_view name;
  query::ColumnName<table::Address, query::is_text> column;
  template<std::size_t size> consteval Compared(const char (&text)[size]) : name(text, size - 1), column(text) {}
};
constexpr Compared kCompared[] = {"country_code", "address_1", "address_2",  "city",     "phone",
                                  "postal_code",  "province",  "first_name", "last_name"};

// Quirk: a member that the new address leaves out differs from the null that the old one has for it, so that only
// addresses given with every one of these members are recognised.
bool same_address(const query::RowOf<table::Address>& old, const base::Json& address) {
  for (const auto& [name, column] : kCompared) {
    const auto& value = address[name];
    const auto had = old.optional_text(column);
    if (value.is_undefined() || !had != value.is_null()) return false;
    if (value.is_string() && value.as_string() != had) return false;
  }
  return true;
}

} // namespace

const query::Selection& store_selection() {
  static const auto selection = [] {
    auto all = query::select({}, {"shipping_addresses", "billing_address"});
    all.child("shipping_addresses")->order_by = "t.created_at ASC, t.id ASC";
    return all;
  }();
  return selection;
}

// Medusa 1.20: CustomerService.retrieve
query::Tree retrieve(ports::Call& call, std::string_view id, const query::Selection& selection,
                     std::vector<db::Command> before) {
  auto tree =
      query::read_one(call.db(), call.flags, {.entity = &customers(), .selection = selection}, id, std::move(before));
  if (!tree.first()) throw base::Error::not_found("Customer with id: " + std::string(id) + " was not found");
  return tree;
}

// Medusa 1.20: CustomerService.retrieveRegisteredByEmail
std::optional<Account> registered(ports::Call& call, std::string_view email) {
  const auto found = call.db().run(account_of_email(), db::Params::of(base::lower(email)));
  if (found.empty()) return std::nullopt;
  return Account{std::string(found.text(0, 0)), found.optional_text(0, 1)};
}

// Medusa 1.20: AuthService.authenticateCustomer
std::optional<base::Login> log_in(ports::Call& call, std::string_view email, std::string_view password) {
  static const db::Statement strengthen("UPDATE customer SET password_hash = $1 WHERE id = $2 AND password_hash = $3");
  return commerce::log_in(call, call.db().run(account_of_email(), db::Params::of(base::lower(email))), password,
                          strengthen);
}

base::Json with_password_hash(base::Json fields) {
  if (fields["password"].truthy()) fields.set("password_hash", base::hash_password(fields["password"].as_string()));
  fields.erase("password");
  return fields;
}

// Medusa 1.20: CustomerService.create
query::Tree create(ports::Call& call, const base::Json& fields, const query::Selection& selection) {
  const auto email = base::lower(fields["email"].as_string());
  const bool account = fields["password_hash"].truthy();
  base::Json row = fields;
  row.set("email", email);
  if (account) row.set("has_account", true);
  return call.atomic([&] {
    // 1. Refuse a second account, and a second guest, of one address.
    static const db::Statement same_email("SELECT has_account FROM customer WHERE email = $1 AND deleted_at IS NULL");
    const auto existing = call.db().run(same_email, db::Params::of(email));
    for (int i = 0; i < existing.rows(); i++) {
      if (existing.boolean(i, 0) != account) continue;
      throw base::Error(base::ErrorType::duplicate_error,
                        account ? "A customer with the given email already has an account. Log in instead"
                                : "Guest customer with email already exists",
                        "invalid_request_error");
    }
    // 2. Insert, and tell. The event has the whole row as 1.20's, but not the hash of the password.
    auto insert = query::insert(customers(), row);
    auto tree = retrieve(call, row["id"].as_string(), selection, {std::move(insert)});
    call.emit("customer.created", query::row_value(*tree.first()));
    return tree;
  });
}

// Medusa 1.20: CustomerService.update
query::Tree update(ports::Call& call, std::string_view id, const base::Json& changes,
                   const query::Selection& selection) {
  return call.atomic([&] {
    // 1. Load the customer.
    const auto loaded = retrieve(call, id, {});
    const auto customer = *loaded.first<table::Customer>();
    base::Json row = changes;
    // 2. Merge the metadata.
    if (changes["metadata"].truthy())
      row.set("metadata", base::merge_metadata(customer.json("metadata"), changes["metadata"]));
    else
      row.erase("metadata");
    // 3. The billing address.
    std::vector<db::Command> writes;
    row.erase("billing_address");
    if (changes.has("billing_address"))
      writes = billing_address_writes(call, customer, changes["billing_address"], row);
    row.erase("groups");
    if (changes["groups"].is_array())
      for (auto& write : group_writes(id, changes["groups"])) writes.push_back(std::move(write));
    // 4. The other columns are taken as they are. Quirk: an email keeps its upper case.
    // 5. Write what differs, and tell in any case.
    const auto before = query::row_value(customer);
    for (const auto& member : base::JsonObject(row.as_object()))
      if (member.value == before[member.name]) row.erase(member.name);
    if (row.size()) writes.push_back(query::update(customers(), id, row));
    auto tree = retrieve(call, id, selection, std::move(writes));
    call.emit("customer.updated", query::row_value(*tree.first()));
    return tree;
  });
}

// Medusa 1.20: CustomerService.addAddress
query::Tree add_address(ports::Call& call, std::string_view customer_id, base::Json address,
                        const query::Selection& selection) {
  lower_country(address);
  auto customer = retrieve(call, customer_id, store_selection());
  for (const auto& old : customer.first<table::Customer>()->many<table::Address>("shipping_addresses"))
    if (same_address(old, address)) return retrieve(call, customer_id, selection);
  address.set("customer_id", customer_id);
  auto insert = query::insert(addresses(), address);
  return retrieve(call, customer_id, selection, {std::move(insert)});
}

// Medusa 1.20: CustomerService.updateAddress
query::Tree update_address(ports::Call& call, std::string_view customer_id, std::string_view address_id,
                           base::Json changes, const query::Selection& selection) {
  static const db::Statement own("SELECT 1 FROM address WHERE id = $1 AND customer_id = $2 AND deleted_at IS NULL");
  if (call.db().run(own, db::Params::of(address_id, customer_id)).empty())
    throw base::Error::invalid_data("Could not find address for customer");
  lower_country(changes);
  std::vector<db::Command> writes;
  if (changes.size()) {
    writes.push_back(copy_address_for_others(address_id, customer_id));
    writes.push_back(query::update(addresses(), address_id, changes));
  }
  return retrieve(call, customer_id, selection, std::move(writes));
}

// Medusa 1.20: CustomerService.removeAddress
query::Tree remove_address(ports::Call& call, std::string_view customer_id, std::string_view address_id,
                           const query::Selection& selection) {
  static const db::Statement remove("UPDATE address SET deleted_at = now(), updated_at = now() WHERE id = $1 AND "
                                    "customer_id = $2 AND deleted_at IS NULL");
  return retrieve(
      call, customer_id, selection,
      {copy_address_for_others(address_id, customer_id), {remove, db::Params::of(address_id, customer_id)}});
}

// Medusa 1.20: CustomerService.generateResetPasswordToken
void send_password_token(ports::Call& call, std::string_view id) {
  static const db::Statement statement("SELECT has_account, password_hash, email, first_name, last_name FROM customer "
                                       "WHERE id = $1 AND deleted_at IS NULL");
  const auto found = call.db().run(statement, db::Params::of(id));
  if (found.empty()) throw base::Error::not_found("Customer with id: " + std::string(id) + " was not found");
  if (!found.boolean(0, 0))
    throw base::Error::not_allowed("You must have an account to reset the password. Create an account first");
  if (found.is_null(0, 1)) return; // nothing to sign with
  // Signed with the hash of the old password: the token ends with it.
  const auto token = base::sign_jwt(found.text(0, 1), base::JsonObject{{"customer_id", id}}, kPasswordTokenLifetime);
  call.emit("customer.password_reset", base::JsonObject{{"id", id},
                                                        {"email", found.text(0, 2)},
                                                        {"first_name", found.optional_text(0, 3)},
                                                        {"last_name", found.optional_text(0, 4)},
                                                        {"token", token}});
}

std::string account_of_password_token(ports::Call& call, std::string_view email, std::string_view token) {
  const auto account = registered(call, email);
  if (account && account->password_hash) {
    const auto claims = base::verify_jwt(*account->password_hash, token);
    if (claims && (*claims)["customer_id"] == base::Json(account->id)) return account->id;
  }
  throw base::Error(base::ErrorType::unauthorized, "Invalid or expired password reset token");
}

} // namespace commerce::customer
