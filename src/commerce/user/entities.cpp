// Medusa 1.20: the entities of this domain, as its tables hold them.
#include "commerce/entities.hpp"
#include "commerce/user/tables.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_user_entities() {
  schema::add({
      .name = table::User::name,
      .table = "user",
      .prefix = "usr",
      .key = "id",
      .columns = listed(table::User::columns),
      .soft_delete = true,
  });

  schema::add({
      .name = table::Invite::name,
      .table = "invite",
      .prefix = "invite",
      .key = "id",
      .columns = listed(table::Invite::columns),
      .soft_delete = true,
  });

  schema::add({
      .name = table::AnalyticsConfig::name,
      .table = "analytics_config",
      .prefix = "acfg",
      .key = "id",
      .columns = listed(table::AnalyticsConfig::columns),
      .soft_delete = true,
  });
}

} // namespace commerce
