// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_store_entities() {
  schema::add({
      .name = "Store",
      .table = "store",
      .prefix = "store",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"name", text},
              {"default_currency_code", text},
              {"swap_link_template", text, nullable},
              {"payment_link_template", text, nullable},
              {"invite_link_template", text, nullable},
              {"default_location_id", text, nullable},
              {"metadata", json, nullable},
              {"default_sales_channel_id", text, nullable, always, Flag::sales_channels},
          },
      .relations =
          {
              {"default_currency", to_one, "Currency", "default_currency_code", "code"},
              {"currencies", many_to_many, "Currency", "store_id", "currency_code", "store_currencies"},
              {"default_sales_channel", to_one, "SalesChannel", "default_sales_channel_id", "id", "",
               Flag::sales_channels},
          },
  });

  schema::add({
      .name = "Note",
      .table = "note",
      .prefix = "note",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"value", text},
              {"resource_type", text},
              {"resource_id", text},
              {"author_id", text, nullable},
              {"metadata", json, nullable},
          },
      .relations =
          {
              {"author", to_one, "User", "author_id"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "Notification",
      .table = "notification",
      .prefix = "noti",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"event_name", text, nullable},
              {"resource_type", text},
              {"resource_id", text},
              {"customer_id", text, nullable},
              {"to", text},
              {"data", json},
              {"parent_id", text, nullable},
              {"provider_id", text, nullable},
          },
      .relations =
          {
              {"customer", to_one, "Customer", "customer_id"},
              {"parent_notification", to_one, "Notification", "parent_id"},
              {"resends", to_many, "Notification", "parent_id"},
              {"provider", to_one, "NotificationProvider", "provider_id"},
          },
  });

  schema::add({
      .name = "NotificationProvider",
      .table = "notification_provider",
      .prefix = "",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"is_installed", boolean},
          },
  });

  schema::add({
      .name = "Oauth",
      .table = "oauth",
      .prefix = "oauth",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"display_name", text},
              {"application_name", text},
              {"install_url", text, nullable},
              {"uninstall_url", text, nullable},
              {"data", json, nullable},
          },
  });

  schema::add({
      .name = "BatchJob",
      .table = "batch_job",
      .prefix = "batch",
      .key = "id",
      .columns =
          {
              {"dry_run", boolean},
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"type", text},
              {"created_by", text, nullable},
              {"context", json, nullable},
              {"result", json, nullable},
              {"pre_processed_at", timestamp, nullable},
              {"processing_at", timestamp, nullable},
              {"confirmed_at", timestamp, nullable},
              {"completed_at", timestamp, nullable},
              {"canceled_at", timestamp, nullable},
              {"failed_at", timestamp, nullable},
          },
      .relations =
          {
              {"created_by_user", to_one, "User", "created_by"},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "StagedJob",
      .table = "staged_job",
      .prefix = "job",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"event_name", text},
              {"data", json},
              {"options", json},
          },
  });

  schema::add({
      .name = "IdempotencyKey",
      .table = "idempotency_key",
      .prefix = "ikey",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"idempotency_key", text},
              {"created_at", timestamp},
              {"locked_at", timestamp, nullable},
              {"request_method", text, nullable},
              {"request_params", json, nullable},
              {"request_path", text, nullable},
              {"response_code", integer, nullable},
              {"response_body", json, nullable},
              {"recovery_point", text},
          },
  });
}

} // namespace commerce
