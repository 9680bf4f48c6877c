// What the store and the admin see of a region. Called once at start by both.
#pragma once
#include "query/grammar.hpp"

namespace commerce::region {

inline query::Grammar grammar() {
  const std::vector<std::string> relations{"countries", "payment_providers", "fulfillment_providers", "currency"};
  return {.fields = {"id", "name", "currency_code", "tax_rate", "tax_code", "gift_cards_taxable", "automatic_taxes",
                     "tax_provider_id", "metadata", "created_at", "updated_at", "deleted_at", "includes_tax"},
          .relations = relations,
          .allowed_relations = relations};
}

} // namespace commerce::region
