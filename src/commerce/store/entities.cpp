// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/store/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_store_entities() {
  schema::add({
      .name = table::Store::name,
      .table = "store",
      .prefix = "store",
      .key = "id",
      .columns = listed(table::Store::columns),
      .relations = listed(table::Store::relations),
  });

  schema::add({
      .name = table::Note::name,
      .table = "note",
      .prefix = "note",
      .key = "id",
      .columns = listed(table::Note::columns),
      .relations = listed(table::Note::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::Notification::name,
      .table = "notification",
      .prefix = "noti",
      .key = "id",
      .columns = listed(table::Notification::columns),
      .relations = listed(table::Notification::relations),
  });

  schema::add({
      .name = table::NotificationProvider::name,
      .table = "notification_provider",
      .prefix = "",
      .key = "id",
      .columns = listed(table::NotificationProvider::columns),
  });

  schema::add({
      .name = table::Oauth::name,
      .table = "oauth",
      .prefix = "oauth",
      .key = "id",
      .columns = listed(table::Oauth::columns),
  });

  schema::add({
      .name = table::BatchJob::name,
      .table = "batch_job",
      .prefix = "batch",
      .key = "id",
      .columns = listed(table::BatchJob::columns),
      .relations = listed(table::BatchJob::relations),
      .soft_delete = true,
  });

  schema::add({
      .name = table::StagedJob::name,
      .table = "staged_job",
      .prefix = "job",
      .key = "id",
      .columns = listed(table::StagedJob::columns),
  });

  schema::add({
      .name = table::IdempotencyKey::name,
      .table = "idempotency_key",
      .prefix = "ikey",
      .key = "id",
      .columns = listed(table::IdempotencyKey::columns),
  });
}

} // namespace commerce
