// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/fulfillment/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_fulfillment_entities() {
  schema::add({
      .name = table::Fulfillment::name,
      .table = "fulfillment",
      .prefix = "ful",
      .key = "id",
      .columns = listed(table::Fulfillment::columns),
      .relations = listed(table::Fulfillment::relations),
  });

  schema::add({
      .name = table::FulfillmentItem::name,
      .table = "fulfillment_item",
      .prefix = "",
      .key = "fulfillment_id",
      .columns = listed(table::FulfillmentItem::columns),
      .relations = listed(table::FulfillmentItem::relations),
  });

  schema::add({
      .name = table::FulfillmentProvider::name,
      .table = "fulfillment_provider",
      .prefix = "",
      .key = "id",
      .columns = listed(table::FulfillmentProvider::columns),
  });

  schema::add({
      .name = table::TrackingLink::name,
      .table = "tracking_link",
      .prefix = "tlink",
      .key = "id",
      .columns = listed(table::TrackingLink::columns),
      .relations = listed(table::TrackingLink::relations),
      .soft_delete = true,
  });
}

} // namespace commerce
