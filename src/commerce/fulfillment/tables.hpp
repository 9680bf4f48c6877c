// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct Fulfillment {
  static constexpr std::string_view name = "Fulfillment";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"claim_order_id", text, nullable},
      {"swap_id", text, nullable},
      {"order_id", text, nullable},
      {"no_notification", boolean, nullable},
      {"provider_id", text},
      {"location_id", text, nullable},
      {"tracking_numbers", json},
      {"data", json},
      {"shipped_at", timestamp, nullable},
      {"canceled_at", timestamp, nullable},
      {"metadata", json, nullable},
      {"idempotency_key", text, nullable},
  };
  static constexpr Relation relations[] = {
      {"claim_order", to_one, "ClaimOrder", "claim_order_id"},
      {"swap", to_one, "Swap", "swap_id"},
      {"order", to_one, "Order", "order_id"},
      {"provider", to_one, "FulfillmentProvider", "provider_id"},
      {"items", to_many, "FulfillmentItem", "fulfillment_id"},
      {"tracking_links", to_many, "TrackingLink", "fulfillment_id"},
  };
};

struct FulfillmentItem {
  static constexpr std::string_view name = "FulfillmentItem";
  static constexpr Column columns[] = {
      {"fulfillment_id", text},
      {"item_id", text},
      {"quantity", integer},
  };
  static constexpr Relation relations[] = {
      {"fulfillment", to_one, "Fulfillment", "fulfillment_id"},
      {"item", to_one, "LineItem", "item_id"},
  };
};

struct FulfillmentProvider {
  static constexpr std::string_view name = "FulfillmentProvider";
  static constexpr Column columns[] = {
      {"id", text},
      {"is_installed", boolean},
  };
};

struct TrackingLink {
  static constexpr std::string_view name = "TrackingLink";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"url", text, nullable},
      {"tracking_number", text},
      {"fulfillment_id", text},
      {"idempotency_key", text, nullable},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"fulfillment", to_one, "Fulfillment", "fulfillment_id"},
  };
};

} // namespace commerce::table
