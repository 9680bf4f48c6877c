// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct GiftCard {
  static constexpr std::string_view name = "GiftCard";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"code", text},
      {"value", integer},
      {"balance", integer},
      {"region_id", text},
      {"order_id", text, nullable},
      {"is_disabled", boolean},
      {"ends_at", timestamp, nullable},
      {"tax_rate", number, nullable},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"region", to_one, "Region", "region_id"},
      {"order", to_one, "Order", "order_id"},
  };
};

struct GiftCardTransaction {
  static constexpr std::string_view name = "GiftCardTransaction";
  static constexpr Column columns[] = {
      {"id", text},
      {"gift_card_id", text},
      {"order_id", text},
      {"amount", integer},
      {"created_at", timestamp},
      {"is_taxable", boolean, nullable},
      {"tax_rate", number, nullable},
  };
  static constexpr Relation relations[] = {
      {"gift_card", to_one, "GiftCard", "gift_card_id"},
      {"order", to_one, "Order", "order_id"},
  };
};

} // namespace commerce::table
