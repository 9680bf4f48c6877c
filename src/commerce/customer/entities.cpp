// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/customer/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_customer_entities() {
  schema::add({
      .name = table::Customer::name,
      .table = "customer",
      .prefix = "cus",
      .key = "id",
      .columns = listed(table::Customer::columns),
      .relations = listed(table::Customer::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::CustomerGroup::name,
      .table = "customer_group",
      .prefix = "cgrp",
      .key = "id",
      .columns = listed(table::CustomerGroup::columns),
      .relations = listed(table::CustomerGroup::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::Address::name,
      .table = "address",
      .prefix = "addr",
      .key = "id",
      .columns = listed(table::Address::columns),
      .relations = listed(table::Address::relations),
      .soft_delete = true,
  });
}

} // namespace commerce
