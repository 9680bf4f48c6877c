// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct Store {
  static constexpr std::string_view name = "Store";
  static constexpr Column columns[] = {
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
  };
  static constexpr Relation relations[] = {
      {"default_currency", to_one, "Currency", "default_currency_code", "code"},
      {"currencies", many_to_many, "Currency", "store_id", "currency_code", "store_currencies"},
      {"default_sales_channel", to_one, "SalesChannel", "default_sales_channel_id", "id", "", Flag::sales_channels},
  };
};

struct Note {
  static constexpr std::string_view name = "Note";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"value", text},
      {"resource_type", text},
      {"resource_id", text},
      {"author_id", text, nullable},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"author", to_one, "User", "author_id"},
  };
};

struct Notification {
  static constexpr std::string_view name = "Notification";
  static constexpr Column columns[] = {
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
  };
  static constexpr Relation relations[] = {
      {"customer", to_one, "Customer", "customer_id"},
      {"parent_notification", to_one, "Notification", "parent_id"},
      {"resends", to_many, "Notification", "parent_id"},
      {"provider", to_one, "NotificationProvider", "provider_id"},
  };
};

struct NotificationProvider {
  static constexpr std::string_view name = "NotificationProvider";
  static constexpr Column columns[] = {
      {"id", text},
      {"is_installed", boolean},
  };
};

struct Oauth {
  static constexpr std::string_view name = "Oauth";
  static constexpr Column columns[] = {
      {"id", text},
      {"display_name", text},
      {"application_name", text},
      {"install_url", text, nullable},
      {"uninstall_url", text, nullable},
      {"data", json, nullable},
  };
};

struct BatchJob {
  static constexpr std::string_view name = "BatchJob";
  static constexpr Column columns[] = {
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
  };
  static constexpr Relation relations[] = {
      {"created_by_user", to_one, "User", "created_by"},
  };
};

struct StagedJob {
  static constexpr std::string_view name = "StagedJob";
  static constexpr Column columns[] = {
      {"id", text},
      {"event_name", text},
      {"data", json},
      {"options", json},
  };
};

struct IdempotencyKey {
  static constexpr std::string_view name = "IdempotencyKey";
  static constexpr Column columns[] = {
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
  };
};

} // namespace commerce::table
