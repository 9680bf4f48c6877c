// Medusa 1.20: strategies/batch-jobs/product/export
#include "commerce/batch_job/export_file.hpp"
#include "commerce/batch_job/export_pages.hpp"
#include "commerce/batch_job/product_table.hpp"
#include "commerce/batch_job/strategies.hpp"
#include "commerce/catalogue/product_filters.hpp"

namespace commerce::batch_job {
namespace {

using base::Json;
using ports::BatchJobRun;
using ports::Call;

constexpr std::string_view kOfCategories =
    "EXISTS (SELECT 1 FROM product_category_product c WHERE c.product_id = t.id AND c.product_category_id = ANY($?::text[]))";

const std::vector<query::Filter>& filters() {
  static const auto all = [] {
    auto filters = catalogue::admin_product_filters();
    filters.push_back({"q", query::By::ignored});
    filters.push_back({"category_id", query::By::list, kOfCategories});
    return filters;
  }();
  return all;
}

query::Read asked(const Call& call, const Json& context) {
  query::Read read{.entity = &schema::get("Product"), .selection = product_table_selection(call.flags)};
  const Json fields = filters_of(context, filters());
  query::add_conditions(filters(), fields, read);
  if (const Json& q = fields["q"]; q.truthy())
    query::add_sql(read, catalogue::kProductSearch, "%" + q.as_string() + "%");
  return read;
}

class ProductExport final : public ports::BatchJobStrategy {
 public:
  std::string_view id() const override { return "product-export"; }
  bool only_reads() const override { return true; }

  Json prepare(Call& call, Json job) const override {
    std::vector<std::string> relations{"variants", "variants.prices", "variants.options", "profiles",
                                       "images",   "options",         "options.values",   "tags",
                                       "type",     "collection"};
    if (call.on(schema::Flag::sales_channels)) relations.emplace_back("sales_channels");
    if (call.on(schema::Flag::product_categories)) relations.emplace_back("categories");
    relations.emplace_back("variants.prices.region");
    filters_of(job["context"], filters());
    job.set("context", list_context(job["context"], {}, relations));
    return job;
  }

  void pre_process(BatchJobRun& run) const override {
    ExportPages pages(run.call, asked(run.call, run.context), run.context);
    const auto count = pages.count();
    Shape shape;
    while (const auto page = pages.next()) {
      for (const auto& product : page->rows<table::Product>()) shape.see(product);
      run.tell();
    }
    run.context.set("shape", shape.json());
    describe_export(run, "product-export-count", "Product count to export",
                    "There will be " + std::to_string(count) + " products exported by this action");
  }

  void process(BatchJobRun& run) const override {
    ExportPages pages(run.call, asked(run.call, run.context), run.context);
    const ProductTable table(Shape::from(run.context["shape"]));
    std::string head;
    append_line(head, table.headings());
    ExportFile file(run, "exports/products/product-export", head, pages.count());
    while (const auto page = pages.next()) {
      std::string lines;
      for (const auto& product : page->rows<table::Product>())
        for (const auto& line : table.lines(product)) append_line(lines, line);
      file.write(lines, page->root->size());
    }
    file.finish();
  }
};

} // namespace

std::unique_ptr<ports::BatchJobStrategy> product_export() { return std::make_unique<ProductExport>(); }

} // namespace commerce::batch_job
