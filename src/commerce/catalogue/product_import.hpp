// A product as a table brings it: made or changed, with those of its variants that the table names; the others stay as they are.
// Called by the import of products, inside its transaction. Writes as the admin routes do, a constant number of statements a
// product. Medusa 1.20: ProductImportStrategy.createProducts, updateProducts, createVariants, updateVariants.
#pragma once
#include "base/json.hpp"
#include "ports/call.hpp"
#include <string>

namespace commerce::catalogue {

struct ImportedProduct {
  std::string id; // empty: it is made
  // What the table says of the product itself, as a body of the admin route; undefined: nothing.
  base::Json body;
  // Each with its columns, its prices, its id where it is there already, and the values of its options, each by the option's title.
  base::JsonArray variants;
};
// Throws what the admin routes refuse, and what the database does.
void import_product(ports::Call& call, const ImportedProduct& product);

} // namespace commerce::catalogue
