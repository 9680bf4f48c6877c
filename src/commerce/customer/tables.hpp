// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct Customer {
  static constexpr std::string_view name = "Customer";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"email", text},
      {"first_name", text, nullable},
      {"last_name", text, nullable},
      {"billing_address_id", text, nullable},
      {"password_hash", text, nullable, never},
      {"phone", text, nullable},
      {"has_account", boolean},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"billing_address", to_one, "Address", "billing_address_id"},
      {"shipping_addresses", to_many, "Address", "customer_id"},
      {"orders", to_many, "Order", "customer_id"},
      {"groups", many_to_many, "CustomerGroup", "customer_id", "customer_group_id", "customer_group_customers"},
  };
};

struct CustomerGroup {
  static constexpr std::string_view name = "CustomerGroup";
  static constexpr Column columns[] = {
      {"id", text},   {"created_at", timestamp},    {"updated_at", timestamp}, {"deleted_at", timestamp, nullable},
      {"name", text}, {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"customers", many_to_many, "Customer", "customer_group_id", "customer_id", "customer_group_customers"},
      {"price_lists", many_to_many, "PriceList", "customer_group_id", "price_list_id", "price_list_customer_groups"},
  };
};

struct Address {
  static constexpr std::string_view name = "Address";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"customer_id", text, nullable},
      {"company", text, nullable},
      {"first_name", text, nullable},
      {"last_name", text, nullable},
      {"address_1", text, nullable},
      {"address_2", text, nullable},
      {"city", text, nullable},
      {"country_code", text, nullable},
      {"province", text, nullable},
      {"postal_code", text, nullable},
      {"phone", text, nullable},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"customer", to_one, "Customer", "customer_id"},
      {"country", to_one, "Country", "country_code", "iso_2"},
  };
};

} // namespace commerce::table
