// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/sales_channel/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_sales_channel_entities() {
  schema::add({
      .name = table::SalesChannel::name,
      .table = "sales_channel",
      .prefix = "sc",
      .key = "id",
      .columns = listed(table::SalesChannel::columns),
      .relations = listed(table::SalesChannel::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::SalesChannelLocation::name,
      .table = "sales_channel_location",
      .prefix = "scloc",
      .key = "id",
      .columns = listed(table::SalesChannelLocation::columns),
      .relations = listed(table::SalesChannelLocation::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::PublishableApiKey::name,
      .table = "publishable_api_key",
      .prefix = "pk",
      .key = "id",
      .columns = listed(table::PublishableApiKey::columns),
  });

  schema::add({
      .name = table::PublishableApiKeySalesChannel::name,
      .table = "publishable_api_key_sales_channel",
      .prefix = "pksc",
      .key = "id",
      .columns = listed(table::PublishableApiKeySalesChannel::columns),
  });
}

} // namespace commerce
