// A product made and changed: what a body wants, and the statements that make it so. Events go out with the commit.
// Called by the admin writes of products and by imports, inside a transaction. Medusa 1.20: ProductService.create and update.
#pragma once
#include "commerce/catalogue/product_parts.hpp"
#include "commerce/catalogue/tables.hpp"
#include "ports/call.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include <string>
#include <vector>

namespace commerce::catalogue {

struct NewProduct {
  std::string id;
  std::vector<db::Command> writes;
};
// Where the body names no sales channel.
enum class Unnamed { becomes_default, stays_without };
// With its options and variants.
NewProduct make_product(ports::Call& call, base::Json body, Unnamed channel);

// `product` is locked, and `parts` have found what the body names.
std::vector<db::Command> change_product(ports::Call& call, const query::RowOf<table::Product>& product,
                                        const base::Json& body, ProductParts& parts);

} // namespace commerce::catalogue
