// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/payment/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_payment_entities() {
  schema::add({
      .name = table::Payment::name,
      .table = "payment",
      .prefix = "pay",
      .key = "id",
      .columns = listed(table::Payment::columns),
      .relations = listed(table::Payment::relations),
  });

  schema::add({
      .name = table::PaymentSession::name,
      .table = "payment_session",
      .prefix = "ps",
      .key = "id",
      .columns = listed(table::PaymentSession::columns),
      .relations = listed(table::PaymentSession::relations),
  });

  schema::add({
      .name = table::PaymentProvider::name,
      .table = "payment_provider",
      .prefix = "",
      .key = "id",
      .columns = listed(table::PaymentProvider::columns),
  });

  schema::add({
      .name = table::PaymentCollection::name,
      .table = "payment_collection",
      .prefix = "paycol",
      .key = "id",
      .columns = listed(table::PaymentCollection::columns),
      .relations = listed(table::PaymentCollection::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::Refund::name,
      .table = "refund",
      .prefix = "ref",
      .key = "id",
      .columns = listed(table::Refund::columns),
      .relations = listed(table::Refund::relations),
  });
}

} // namespace commerce
