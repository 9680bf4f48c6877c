// Medusa 1.20: strategies/batch-jobs/price-list/import
#include "base/error.hpp"
#include "base/json_text.hpp"
#include "base/strings.hpp"
#include "commerce/batch_job/export_file.hpp"
#include "commerce/batch_job/import_file.hpp"
#include "commerce/batch_job/strategies.hpp"
#include "commerce/pricing/price_list_edit.hpp"
#include "commerce/rows.hpp"
#include <optional>

namespace commerce::batch_job {
namespace {

using base::Error;
using base::Json;
using ports::BatchJobRun;
using ports::Call;

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

struct Headings {
  struct Price {
    std::size_t column;
    std::string said_as;
    PriceHeading heading;
  };
  std::size_t id = kNone, sku = kNone;
  std::vector<Price> prices;

  explicit Headings(const ImportFile::Cells& cells) {
    for (std::size_t column = 0; column < cells.size(); ++column) {
      const std::string heading(base::trim(cells[column]));
      if (heading == "Product Variant ID")
        id = column;
      else if (heading == "SKU")
        sku = column;
      else if (auto price = price_heading(heading))
        prices.push_back({column, heading, std::move(*price)});
      else
        throw Error::invalid_data("Unable to treat column " + cells[column] +
                                  " from the csv file. No target column found in the provided schema");
    }
  }
  static std::string cell(const ImportLine& line, std::size_t column) {
    return column == kNone ? std::string() : line.cells[column];
  }
  // How 1.20 says which line was wrong.
  Error wrong(const ImportLine& line, std::string_view why) const {
    const auto said = [&](std::size_t column) {
      if (column == kNone) return std::string("undefined");
      return line.cells[column].empty() ? std::string("null") : line.cells[column];
    };
    return Error::invalid_data("Error while processing row with:\n      variant ID: " + said(id) +
                               ",\n      variant SKU: " + said(sku) + ",\n      " + std::string(why));
  }
};

// The variants that a page's lines name, by id or by SKU.
class Variants {
 public:
  Variants(Call& call, const Headings& headings, const std::vector<ImportLine>& lines) {
    static const db::Statement statement(
        "SELECT id, sku FROM product_variant WHERE (id = ANY($1) OR sku = ANY($2)) AND deleted_at IS NULL");
    std::vector<std::string> ids, skus;
    for (const auto& line : lines) {
      ids.push_back(Headings::cell(line, headings.id));
      skus.push_back(Headings::cell(line, headings.sku));
    }
    const auto rows = call.db().run(statement, db::Params::of(ids, skus));
    for (int row = 0; row < rows.rows(); ++row) {
      ids_.emplace(rows.text(row, 0), true);
      by_sku_.emplace(rows.text(row, 1), rows.text(row, 0));
    }
  }
  // Throws what 1.20 says of a line that names none.
  std::string of(const Headings& headings, const ImportLine& line) const {
    if (auto id = Headings::cell(line, headings.id); !id.empty()) {
      if (!ids_.count(id)) throw Error::not_found("Variant with id: " + id + " was not found");
      return id;
    }
    const auto sku = Headings::cell(line, headings.sku);
    if (sku.empty()) throw headings.wrong(line, "SKU or ID is required");
    const auto found = by_sku_.find(sku);
    if (found == by_sku_.end()) throw Error::not_found("Variant with sku: " + sku + " was not found");
    return found->second;
  }

 private:
  base::StringMap<bool> ids_;
  base::StringMap<std::string> by_sku_;
};

void append_prices(Json& prices, const Headings& headings, const ImportLine& line, const std::string& variant,
                   const Regions& regions) {
  for (const auto& column : headings.prices) {
    const auto& cell = line.cells[column.column];
    if (cell.empty()) continue;
    Json price = price_of(column.heading, column.said_as, cell, regions);
    price.set("variant_id", variant);
    prices.push_back(std::move(price));
  }
}

class PriceListImport final : public ports::BatchJobStrategy {
 public:
  std::string_view id() const override { return "price-list-import"; }
  bool only_reads() const override { return false; }

  Json prepare(Call& call, Json job) const override {
    static const db::Statement there("SELECT 1 FROM price_list WHERE id = $1 AND deleted_at IS NULL");
    const Json& list = job["context"]["price_list_id"];
    if (!list.truthy()) throw Error::invalid_data("Price list id is required");
    if (!list.is_string() || call.db().run(there, db::Params::of(list.as_string())).empty())
      throw Error::not_found("Price list with id: " + base::spelled(list) + " was not found");
    return job;
  }

  void pre_process(BatchJobRun& run) const override {
    std::int64_t count = 0;
    read(run, [&](const Headings& headings, const Regions& regions, const std::vector<ImportLine>& lines) {
      const Variants variants(run.call, headings, lines);
      for (const auto& line : lines) {
        Json prices = Json::array();
        append_prices(prices, headings, line, variants.of(headings, line), regions);
        ++count;
      }
    });
    run.result.set("advancement_count", 0);
    run.result.set("count", count);
    run.result.set("operations", base::JsonObject{{"PRICE_LIST_PRICE_CREATE", count}});
    describe_export(run, "price-list-import-count", "PriceList to import",
                    std::to_string(count) + " prices will be added");
  }

  void process(BatchJobRun& run) const override {
    const Json& list = run.context["price_list_id"];
    if (!list.is_string()) throw Error::invalid_data("Price list id is required");
    pricing::clear_prices(run.call, list.as_string());
    std::int64_t done = 0;
    read(run, [&](const Headings& headings, const Regions& regions, const std::vector<ImportLine>& lines) {
      const Variants variants(run.call, headings, lines);
      Json prices = Json::array();
      for (const auto& line : lines) append_prices(prices, headings, line, variants.of(headings, line), regions);
      try {
        run.call.attempt([&] { run.call.db().batch(pricing::put_prices(run.call, list.as_string(), prices)); });
      } catch (const Error& failure) {
        if (failure.type == base::ErrorType::unavailable) throw;
        throw wrong_line(run, headings, regions, variants, lines, list.as_string(), failure);
      }
      done += static_cast<std::int64_t>(lines.size());
      run.result.set("advancement_count", done);
    });
    run.result.set("advancement_count", run.result["count"]);
    run.used_up.push_back(ImportFile::key(run));
  }

 private:
  template<class Put> static void read(BatchJobRun& run, Put put) {
    const Regions regions(run.call);
    std::optional<Headings> headings;
    ImportFile file(run, [&](const auto& cells) { headings.emplace(cells); });
    file.read([&](auto& lines) {
      put(*headings, regions, lines);
      run.tell();
    });
  }

  // Of a page that was refused: what 1.20 says of the first line that is.
  static Error wrong_line(BatchJobRun& run, const Headings& headings, const Regions& regions, const Variants& variants,
                          const std::vector<ImportLine>& lines, const std::string& list, const Error& failure) {
    for (const auto& line : lines) {
      Json prices = Json::array();
      append_prices(prices, headings, line, variants.of(headings, line), regions);
      try {
        run.call.attempt([&] { run.call.db().batch(pricing::put_prices(run.call, list, prices)); });
      } catch (const Error& why) {
        return headings.wrong(line, why.what());
      }
    }
    return headings.wrong(lines.front(), failure.what());
  }
};

} // namespace

std::unique_ptr<ports::BatchJobStrategy> price_list_import() { return std::make_unique<PriceListImport>(); }

} // namespace commerce::batch_job
