// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_sales_channel_entities() {
  schema::add({
      .name = "SalesChannel",
      .table = "sales_channel",
      .prefix = "sc",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"name", text},
              {"description", text, nullable},
              {"is_disabled", boolean},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"products", many_to_many, "Product", "sales_channel_id", "product_id", "product_sales_channel"},
              {"publishableKeys", many_to_many, "PublishableApiKey", "sales_channel_id", "publishable_key_id",
               "publishable_api_key_sales_channel"},
              {"locations", to_many, "SalesChannelLocation", "sales_channel_id"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "SalesChannelLocation",
      .table = "sales_channel_location",
      .prefix = "scloc",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"sales_channel_id", text},
              {"location_id", text},
          },
      .relations =
          {
              {"sales_channel", to_one, "SalesChannel", "sales_channel_id"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "PublishableApiKey",
      .table = "publishable_api_key",
      .prefix = "pk",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"created_by", text, nullable},
              {"revoked_by", text, nullable},
              {"revoked_at", timestamp, nullable},
              {"title", text},
          },
  });

  schema::add({
      .name = "PublishableApiKeySalesChannel",
      .table = "publishable_api_key_sales_channel",
      .prefix = "pksc",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"id", text},
              {"sales_channel_id", text},
              {"publishable_key_id", text},
          },
  });
}

} // namespace commerce
