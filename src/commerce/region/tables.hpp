// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct Region {
  static constexpr std::string_view name = "Region";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"name", text},
      {"currency_code", text},
      // Below zero and above 100 it is refused in 1.20's own words.
      {.name = "tax_rate", .type = number, .is_signed = Signed::yes},
      {"tax_code", text, nullable},
      {"gift_cards_taxable", boolean},
      {"automatic_taxes", boolean},
      {"tax_provider_id", text, nullable},
      {"metadata", json, nullable},
      {"includes_tax", boolean, required, always, Flag::tax_inclusive_pricing},
  };
  static constexpr Relation relations[] = {
      {"currency", to_one, "Currency", "currency_code", "code"},
      {"tax_rates", to_many, "TaxRate", "region_id"},
      {"countries", to_many, "Country", "region_id"},
      {"tax_provider", to_one, "TaxProvider", "tax_provider_id"},
      {"payment_providers", many_to_many, "PaymentProvider", "region_id", "provider_id", "region_payment_providers"},
      {"fulfillment_providers", many_to_many, "FulfillmentProvider", "region_id", "provider_id",
       "region_fulfillment_providers"},
  };
};

struct Country {
  static constexpr std::string_view name = "Country";
  static constexpr Column columns[] = {
      {"id", integer},
      {"iso_2", text},
      {"iso_3", text},
      {"num_code", integer},
      {"name", text},
      {"display_name", text},
      {"region_id", text, nullable},
  };
  static constexpr Relation relations[] = {
      {"region", to_one, "Region", "region_id"},
  };
};

} // namespace commerce::table
