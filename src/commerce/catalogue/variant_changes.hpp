// Variants of one product, made, changed and removed together: what is there, what a body wants, and the statements that
// make the difference, a constant number however many variants. Events go out with the commit.
// Called by the admin writes of products and variants, on the request's fiber, inside a transaction that holds the product's
// row. Medusa 1.20: ProductVariantService.create, update and delete; createVariantsTransaction.
#pragma once
#include "commerce/catalogue/tables.hpp"
#include "commerce/catalogue/variant_prices.hpp"
#include "commerce/rows.hpp"
#include "ports/call.hpp"
#include "query/row_of.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce::catalogue {

struct Option {
  std::string id, title;
};

class VariantChanges {
 public:
  // Of a product that is about to be made.
  VariantChanges(ports::Call& call, std::string product_id, std::vector<Option> options);
  // Of a product that was loaded with what relations() names.
  VariantChanges(ports::Call& call, const query::RowOf<table::Product>& product);
  static void add_relations(query::Selection& product);
  // Locks the product's variants in the order in which orders lock them, ahead of reading them.
  static db::Command lock(std::string_view product_id);

  VariantPrices& prices() { return prices_; }
  bool has(std::string_view id) const { return variants_.find(id) != nullptr; }
  std::vector<std::string> ids() const;

  void remove(const std::vector<std::string>& ids);
  // `body`: columns, options and prices; `extra` are columns besides (variant_rank). `told`: names in the event.
  void update(std::string_view id, const base::Json& body, const base::Json& extra,
              const std::vector<std::string>& told);
  // All that are made together, each with its columns, options and prices. Throws what 1.20 refuses, before any is made.
  void create(const base::JsonArray& bodies);
  std::size_t next_rank() const { return variants_.size(); }

  // Throws invalid_data where a variant that is new or has other options now is the twin of another.
  std::vector<db::Command> writes();

 private:
  struct Value {
    std::string id, option_id, value;
  };
  void refuse(const base::Json& body) const;
  void choose(std::string_view variant_id, const base::Json& option);
  void refuse_twins() const;
  static void refuse_stock_below_zero(const base::Json& body, const base::Json& before);
  void add_inventory_item(const base::Json& variant);

  ports::Call& call_;
  std::string product_id_;
  std::vector<Option> options_;
  Rows variants_{"ProductVariant"}, values_{"ProductOptionValue"};
  base::StringMap<std::vector<Value>> chosen_; // of each variant that is there
  VariantPrices prices_;
  std::vector<std::string> removed_, rearranged_; // rearranged: new, or of other options than before
  base::JsonArray items_, item_links_;            // of the inventory module
};

} // namespace commerce::catalogue
