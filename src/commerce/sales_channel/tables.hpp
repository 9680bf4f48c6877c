// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct SalesChannel {
  static constexpr std::string_view name = "SalesChannel";
  static constexpr Column columns[] = {
      {"id", text},   {"created_at", timestamp},       {"updated_at", timestamp}, {"deleted_at", timestamp, nullable},
      {"name", text}, {"description", text, nullable}, {"is_disabled", boolean},  {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"products", many_to_many, "Product", "sales_channel_id", "product_id", "product_sales_channel"},
      {"publishableKeys", many_to_many, "PublishableApiKey", "sales_channel_id", "publishable_key_id",
       "publishable_api_key_sales_channel"},
      {"locations", to_many, "SalesChannelLocation", "sales_channel_id"},
  };
};

struct SalesChannelLocation {
  static constexpr std::string_view name = "SalesChannelLocation";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"sales_channel_id", text},
      {"location_id", text},
  };
  static constexpr Relation relations[] = {
      {"sales_channel", to_one, "SalesChannel", "sales_channel_id"},
  };
};

struct PublishableApiKey {
  static constexpr std::string_view name = "PublishableApiKey";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"created_by", text, nullable},
      {"revoked_by", text, nullable},
      {"revoked_at", timestamp, nullable},
      {"title", text},
  };
};

struct PublishableApiKeySalesChannel {
  static constexpr std::string_view name = "PublishableApiKeySalesChannel";
  static constexpr Column columns[] = {
      {"id", text}, {"created_at", timestamp},  {"updated_at", timestamp},
      {"id", text}, {"sales_channel_id", text}, {"publishable_key_id", text},
  };
};

} // namespace commerce::table
