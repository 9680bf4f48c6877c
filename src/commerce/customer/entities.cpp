// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_customer_entities() {
  schema::add({
      .name = "Customer",
      .table = "customer",
      .prefix = "cus",
      .key = "id",
      .columns =
          {
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
          },
      .relations =
          {
              {"billing_address", to_one, "Address", "billing_address_id"},
              {"shipping_addresses", to_many, "Address", "customer_id"},
              {"orders", to_many, "Order", "customer_id"},
              {"groups", many_to_many, "CustomerGroup", "customer_id", "customer_group_id", "customer_group_customers"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "CustomerGroup",
      .table = "customer_group",
      .prefix = "cgrp",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"name", text},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"customers", many_to_many, "Customer", "customer_group_id", "customer_id", "customer_group_customers"},
              {"price_lists", many_to_many, "PriceList", "customer_group_id", "price_list_id",
               "price_list_customer_groups"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "Address",
      .table = "address",
      .prefix = "addr",
      .key = "id",
      .columns =
          {
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
          },
      .relations =
          {
              {"customer", to_one, "Customer", "customer_id"},
              {"country", to_one, "Country", "country_code", "iso_2"},
          },
      .soft_delete = true,
  });
}

} // namespace commerce
