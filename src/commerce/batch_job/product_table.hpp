// Products as a table: one line a variant, the columns of 1.20. One description says what is exported and what is imported.
// Owns nothing. Called by the strategies of products; pure functions but for the rows that they are given.
// Medusa 1.20: strategies/batch-jobs/product/types/columns-definition.
#pragma once
#include "base/json.hpp"
#include "commerce/catalogue/tables.hpp"
#include "query/query.hpp"
#include "query/row_of.hpp"
#include "schema/flags.hpp"
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::batch_job {

// A column that holds a column of the product or of the variant as it is.
enum class Of { product, variant };
enum class Kind { text, integer, boolean };
enum class Blank { null, unsaid }; // what an empty cell means: the column becomes null, or stays as it is
struct PlainColumn {
  std::string_view heading;
  Of of;
  std::string_view column;
  Kind kind = Kind::text;
  Blank blank = Blank::null;
};
// Those ahead of the columns that each job has for itself, in their order; among them (with no `column`) what a product hangs on.
std::span<const PlainColumn> plain_columns();

// Where a product has a price.
struct PricePlace {
  std::string currency_code;
  std::string region_id{}, region_name{}, region_currency{}; // empty: the currency's own price
  bool operator==(const PricePlace&) const = default;
};

// How many columns of each kind the products need. Medusa 1.20: getProductRelationsDynamicColumnsShape.
struct Shape {
  std::size_t options = 0, images = 0, sales_channels = 0, categories = 0;
  std::vector<PricePlace> prices{};

  void see(const query::RowOf<table::Product>& product);
  // As it stands in a job's context.
  static Shape from(const base::Json& json);
  base::Json json() const;
};

// What has to be loaded of a product to see it and to write it.
query::Selection product_table_selection(const schema::Flags& flags);

class ProductTable {
 public:
  using Cells = std::vector<std::string>;
  explicit ProductTable(Shape shape);
  const Cells& headings() const { return headings_; }
  // A line for each variant; none for a product without.
  std::vector<Cells> lines(const query::RowOf<table::Product>& product) const;

 private:
  const Shape shape_;
  std::vector<PricePlace> price_columns_;
  Cells headings_;
};
// The line as it stands in the file.
void append_line(std::string& out, const ProductTable::Cells& cells);

// "Price EUR", "Price North America [USD]".
std::string heading(const PricePlace& place);
// An amount as people write it: 1050 of EUR is 10.5, of JPY 1050. Medusa 1.20: humanizeAmount, computerizeAmount.
double humane(std::int64_t amount, std::string_view currency);
std::int64_t minor_units(double amount, std::string_view currency);

} // namespace commerce::batch_job
