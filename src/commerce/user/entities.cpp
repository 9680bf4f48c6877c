// Medusa 1.20: the entities of this domain, as its tables hold them. Columns stand in the order in which JSON shows them.
#include "commerce/entities.hpp"
#include "schema/describe.hpp"

namespace commerce {

using namespace schema::describe;

void add_user_entities() {
  schema::add({
      .name = "User",
      .table = "user",
      .prefix = "usr",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"role", enumeration, nullable},
              {"email", text},
              {"first_name", text, nullable},
              {"last_name", text, nullable},
              {"password_hash", text, nullable, never},
              {"api_token", text, nullable},
              {"metadata", json, nullable},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "Invite",
      .table = "invite",
      .prefix = "invite",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"user_email", text},
              {"role", enumeration, nullable},
              {"accepted", boolean},
              {"token", text},
              {"expires_at", timestamp},
              {"metadata", json, nullable},
          },
      .soft_delete = true,
  });

  schema::add({
      .name = "AnalyticsConfig",
      .table = "analytics_config",
      .prefix = "acfg",
      .key = "id",
      .columns =
          {
              {"id", text},
              {"created_at", timestamp},
              {"updated_at", timestamp},
              {"deleted_at", timestamp, nullable},
              {"user_id", text},
              {"opt_out", boolean},
              {"anonymize", boolean},
          },
      .soft_delete = true,
  });
}

} // namespace commerce
