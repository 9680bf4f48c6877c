// The prices of variants that hang on no price list, replaced variant by variant as a body wants them: what stays keeps its
// row, what is new is added, what is not named is removed. Many variants cost the same few statements as one.
// Called by variant_changes, on the request's fiber. Medusa 1.20: ProductVariantService.updateVariantPrices.
#pragma once
#include "base/json.hpp"
#include "base/strings.hpp"
#include "commerce/pricing/tables.hpp"
#include "db/db.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce::catalogue {

class VariantPrices {
 public:
  // The regions that the prices of these variants' bodies name, with their currencies.
  static db::Command regions_of(const base::JsonArray& variants);
  void know_regions(const db::Result& rows);
  // The prices that a variant has.
  void know(std::string_view variant_id, const std::vector<query::RowOf<table::MoneyAmount>>& prices);

  // From now on the variant has the prices of this list. Throws not_found for a region that is not there, invalid_data for
  // what is no price.
  void replace(std::string_view variant_id, const base::JsonArray& prices);
  std::vector<db::Command> writes();
  // The variants that get other prices than they had.
  const std::vector<std::string>& variants() const { return variants_; }

 private:
  struct Price {
    std::string variant_id;
    base::Json row; // columns of money_amount
    bool kept = false;
  };
  base::Json wanted(const base::Json& price) const;

  base::StringMap<std::string> currencies_;   // by region
  base::StringMap<std::vector<Price>> known_; // by variant
  base::JsonArray changed_, added_, links_;
  std::vector<std::string> removed_, variants_;
};

} // namespace commerce::catalogue
