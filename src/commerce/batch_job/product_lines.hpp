// What the lines of a product table say: the headings of a file resolved once, then each line as bodies of the admin routes.
// Owns nothing. Called by the import of products, on the runner's fiber. Pure but for the regions that it is given.
// Medusa 1.20: columns-definition's importDescriptors, transformProductData and transformVariantData.
#pragma once
#include "commerce/batch_job/import_file.hpp"
#include "commerce/batch_job/product_table.hpp"
#include "schema/flags.hpp"
#include <map>
#include <string>
#include <vector>

namespace commerce::batch_job {

class ProductHeadings {
 public:
  // Throws invalid_data for headings that mean nothing, and where the handle's is missing, in 1.20's words.
  ProductHeadings(const ImportFile::Cells& headings, const schema::Flags& flags);

  // The shape of a table that has all of these columns.
  Shape shape(const Regions& regions) const;
  const ImportFile::Cells& headings() const { return headings_; }

  // The product's handle. Throws invalid_data where the line has none.
  std::string handle(const ImportLine& line) const;
  // The cell below a plain heading: empty where the file has no such column.
  std::string cell(const ImportLine& line, std::string_view heading) const;
  // How 1.20 says which line was wrong.
  std::string describe(const ImportLine& line, std::string_view why) const;

  // What the line says of its product, but for what has to be looked up.
  base::Json product(const ImportLine& line) const;
  // What it says of its variant: columns, options as { title, value }, prices.
  base::Json variant(const ImportLine& line, const Regions& regions) const;

  // Throws invalid_data where a price stands below a region that is not there.
  void refuse_unknown_regions(const ImportLine& line, const Regions& regions) const;

  // The names of what a product hangs on that was there before; whether the file says anything of them.
  struct Named {
    bool said = false;
    std::vector<std::string> names;
  };
  Named collection(const ImportLine& line) const;     // handles
  Named sales_channels(const ImportLine& line) const; // ids and names, as they come
  Named categories(const ImportLine& line) const;     // handles

 private:
  struct Option {
    std::size_t name = kNone, value = kNone; // columns
  };
  struct Price {
    std::size_t column;
    PriceHeading heading;
  };
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  bool resolve(std::string_view heading, std::size_t column, const schema::Flags& flags);
  Named named(const ImportLine& line, const std::vector<std::size_t>& columns) const;
  base::Json columns_of(const ImportLine& line, Of of) const;

  std::map<std::string, std::size_t, std::less<>> plain_; // by heading
  ImportFile::Cells headings_;
  std::map<int, Option> options_; // by number
  std::vector<Price> prices_;
  std::vector<std::size_t> images_, channels_, categories_;
  Shape shape_; // but for the prices
};

} // namespace commerce::batch_job
