// Medusa 1.20: strategies/batch-jobs/product/import
#include "commerce/catalogue/product_import.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "commerce/batch_job/export_file.hpp"
#include "commerce/batch_job/product_lines.hpp"
#include "commerce/batch_job/strategies.hpp"
#include "db/batch.hpp"
#include "query/query.hpp"
#include <algorithm>
#include <optional>
#include <unordered_set>

namespace commerce::batch_job {
namespace {

using base::Error;
using base::Json;
using ports::BatchJobRun;
using ports::Call;

// Which handles have come by. Of many products the hashes suffice.
class Seen {
 public:
  bool is_new(std::string_view handle) { return hashes_.insert(std::hash<std::string_view>{}(handle)).second; }

 private:
  std::unordered_set<std::size_t> hashes_;
};

// What the lines of one page name that was there before them, found in one round trip.
class Lookups {
 public:
  Lookups(Call& call, const ProductHeadings& headings, const std::vector<ImportLine>& lines) {
    static const db::Statement channels(
        "SELECT id, name FROM sales_channel WHERE (id = ANY($1) OR name = ANY($1)) AND deleted_at IS NULL ORDER BY "
        "created_at, id");
    static const db::Statement collections(
        "SELECT id, handle FROM product_collection WHERE handle = ANY($1) AND deleted_at IS NULL");
    static const db::Statement categories("SELECT id, handle FROM product_category WHERE handle = ANY($1)");
    static const db::Statement products("SELECT id, handle FROM product WHERE handle = ANY($1) AND deleted_at IS NULL");
    std::vector<std::string> handles, of_channels, of_collections, of_categories;
    const auto add = [](std::vector<std::string>& all, std::vector<std::string> names) {
      all.insert(all.end(), std::make_move_iterator(names.begin()), std::make_move_iterator(names.end()));
    };
    for (const auto& line : lines) {
      handles.push_back(headings.handle(line));
      add(of_channels, headings.sales_channels(line).names);
      add(of_collections, headings.collection(line).names);
      add(of_categories, headings.categories(line).names);
    }
    db::Batch batch;
    const auto known_channels = batch.add({channels, db::Params::of(of_channels)});
    const auto known_collections = batch.add({collections, db::Params::of(of_collections)});
    const auto known_categories = batch.add({categories, db::Params::of(of_categories)});
    const auto known_products = batch.add({products, db::Params::of(handles)});
    batch.run(call.db());
    keep(*known_channels, channels_);
    for (int row = 0; row < known_channels->rows(); ++row)
      channels_.emplace(known_channels->text(row, 0), known_channels->text(row, 0)); // by id, too
    keep(*known_collections, collections_);
    keep(*known_categories, categories_);
    keep(*known_products, products_);
  }

  std::optional<std::string> product(std::string_view handle) const { return of(products_, handle); }
  std::optional<std::string> channel(std::string_view name) const { return of(channels_, name); }
  std::string collection(const std::string& handle) const {
    if (const auto id = of(collections_, handle)) return *id;
    throw Error::not_found("Product collection with handle: " + handle + " was not found");
  }
  std::string category(const std::string& handle) const {
    if (const auto id = of(categories_, handle)) return *id;
    throw Error::not_found("ProductCategory with handle: " + handle + " was not found");
  }

 private:
  using Ids = base::StringMap<std::string>;
  static void keep(const db::Result& rows, Ids& ids) {
    for (int row = 0; row < rows.rows(); ++row) ids.emplace(rows.text(row, 1), rows.text(row, 0));
  }
  static std::optional<std::string> of(const Ids& ids, std::string_view name) {
    const auto at = ids.find(name);
    return at == ids.end() ? std::nullopt : std::optional(at->second);
  }
  Ids channels_, collections_, categories_, products_;
};

Json list_of_ids(const std::vector<std::string>& ids) {
  Json list = Json::array();
  for (const auto& id : ids) list.push_back(base::JsonObject{{"id", id}});
  return list;
}

// What a line says of its product, whole.
Json body_of(const ProductHeadings& headings, const ImportLine& line, const Lookups& lookups) {
  Json body = headings.product(line);
  if (const auto collection = headings.collection(line); collection.said)
    body.set("collection_id",
             collection.names.empty() ? Json(nullptr) : Json(lookups.collection(collection.names.front())));
  if (const auto channels = headings.sales_channels(line); channels.said) {
    // Quirk: a channel that is not there is overlooked. One that is named by its id and its name counts once.
    std::vector<std::string> ids;
    for (const auto& name : channels.names)
      if (const auto id = lookups.channel(name); id && std::find(ids.begin(), ids.end(), *id) == ids.end())
        ids.push_back(*id);
    body.set("sales_channels", list_of_ids(ids));
  }
  if (const auto categories = headings.categories(line); categories.said) {
    std::vector<std::string> ids;
    for (const auto& handle : categories.names) ids.push_back(lookups.category(handle));
    body.set("categories", list_of_ids(ids));
  }
  return body;
}

// The lines of one product within a page, by their places.
struct Group {
  std::string handle;
  bool first; // of the file: it says what the product is
  std::vector<std::size_t> lines;
  // As 1.20 counts them.
  std::int64_t operations() const { return static_cast<std::int64_t>(lines.size()) + (first ? 1 : 0); }
};

// Compares lines with what is there: a product that would be exported as its lines stand is left alone, unlocked and unsaid. Who
// exports a shop, changes two cells and imports it again changes two products.
class Comparison {
 public:
  Comparison(const ProductHeadings& headings, const Regions& regions) : table_(headings.shape(regions)) {
    const auto& known = table_.headings();
    for (const auto& heading : headings.headings()) {
      const auto at = std::find(known.begin(), known.end(), heading);
      if (at == known.end()) {
        columns_.clear();
        return;
      }
      columns_.push_back(static_cast<std::size_t>(at - known.begin()));
    }
    id_ = static_cast<std::size_t>(std::find(known.begin(), known.end(), "Variant Id") - known.begin());
  }

  // Reads the products of a page.
  void look(Call& call, const std::vector<std::string>& products) {
    lines_.clear();
    if (columns_.empty() || products.empty()) return;
    const auto tree = query::read(call.db(), call.flags,
                                  {.entity = &schema::get("Product"),
                                   .selection = product_table_selection(call.flags),
                                   .where = {{"id", query::Operator::in, products}}});
    for (const auto& product : tree.rows<table::Product>())
      for (auto& cells : table_.lines(product)) {
        auto id = cells[id_];
        lines_.emplace(std::move(id), std::move(cells));
      }
  }
  bool stands_there(const ImportLine& line, const std::string& variant) const {
    const auto found = lines_.find(variant);
    if (found == lines_.end()) return false;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (found->second[columns_[i]] != line.cells[i]) return false;
    return true;
  }

 private:
  const ProductTable table_;
  std::vector<std::size_t>
      columns_; // of the table, by the file's; empty: not all of them are columns that are exported
  std::size_t id_ = 0;
  base::StringMap<ProductTable::Cells> lines_; // by variant
};

class Import {
 public:
  Import(BatchJobRun& run) : run_(run), regions_(run.call) {}

  void process() {
    ImportFile file(run_, [&](const auto& cells) {
      headings_.emplace(cells, run_.call.flags);
      comparison_.emplace(*headings_, regions_);
    });
    file.read([&](auto& lines) { put(lines); });
  }

 private:
  void put(const std::vector<ImportLine>& lines) {
    const Lookups lookups(run_.call, *headings_, lines);
    std::vector<Group> groups;
    base::StringMap<std::size_t> at;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      auto handle = headings_->handle(lines[i]);
      const auto [known, is_new] = at.emplace(handle, groups.size());
      if (is_new) groups.push_back({handle, seen_.is_new(handle), {}});
      groups[known->second].lines.push_back(i);
    }
    leave_alone(groups, lines);
    std::size_t done = 0;
    try {
      run_.call.attempt([&] {
        for (; done < groups.size(); ++done) put(lookups, lines, groups[done]);
      });
    } catch (const Error& failure) {
      if (failure.type == base::ErrorType::unavailable) throw;
      throw Error::invalid_data(headings_->describe(lines[wrong_line(lookups, lines, groups, done)], failure.what()));
    }
    for (const auto& group : groups) done_ += group.operations();
    run_.result.set("advancement_count", done_);
    run_.tell();
  }

  // Takes the groups away that stand in the shop as they are.
  void leave_alone(std::vector<Group>& groups, const std::vector<ImportLine>& lines) {
    std::vector<std::string> ids;
    for (const auto& group : groups)
      if (group.first) ids.push_back(headings_->cell(lines[group.lines.front()], "Product Id"));
    comparison_->look(run_.call, ids);
    std::erase_if(groups, [&](const Group& group) {
      const bool same = group.first && std::all_of(group.lines.begin(), group.lines.end(), [&](std::size_t at) {
                          return comparison_->stands_there(lines[at], headings_->cell(lines[at], "Variant Id"));
                        });
      if (same) done_ += group.operations();
      return same;
    });
  }

  void put(const Lookups& lookups, const std::vector<ImportLine>& lines, const Group& group) {
    const auto& line = lines[group.lines.front()];
    catalogue::ImportedProduct product;
    if (group.first) {
      product.id = headings_->cell(line, "Product Id");
      product.body = body_of(*headings_, line, lookups);
    } else {
      product.id = known_product(group.handle, lookups);
    }
    for (const auto at : group.lines) product.variants.push_back(headings_->variant(lines[at], regions_));
    catalogue::import_product(run_.call, product);
  }

  // The product of lines that say nothing of it themselves.
  static std::string known_product(const std::string& handle, const Lookups& lookups) {
    if (const auto id = lookups.product(handle)) return *id;
    throw Error::not_found("Product with handle: " + handle + " was not found");
  }

  // Which line of a group that failed it was: they are tried again, one more at a time, after what went well ahead of them.
  std::size_t wrong_line(const Lookups& lookups, const std::vector<ImportLine>& lines, const std::vector<Group>& groups,
                         std::size_t failed) {
    const auto& group = groups[failed];
    for (std::size_t most = 1; most < group.lines.size(); ++most) {
      auto part = group;
      part.lines.resize(most);
      try {
        run_.call.attempt([&] {
          for (std::size_t i = 0; i < failed; ++i) put(lookups, lines, groups[i]);
          put(lookups, lines, part);
          throw Tried{};
        });
      } catch (const Tried&) {
        continue;
      } catch (const Error&) {
        return group.lines[most - 1];
      }
    }
    return group.lines.back();
  }
  struct Tried {};

  BatchJobRun& run_;
  const Regions regions_;
  std::optional<ProductHeadings> headings_;
  std::optional<Comparison> comparison_;
  Seen seen_;
  std::int64_t done_ = 0;
};

class ProductImport final : public ports::BatchJobStrategy {
 public:
  std::string_view id() const override { return "product-import"; }
  bool only_reads() const override { return false; }

  // 1.20 keeps its plan in further files, whose keys it tells; here the table is read again.
  void pre_process(BatchJobRun& run) const override {
    std::int64_t products_made = 0, products_changed = 0, variants_made = 0, variants_changed = 0;
    const Regions regions(run.call);
    std::optional<ProductHeadings> headings;
    Seen seen;
    ImportFile file(run, [&](const auto& cells) { headings.emplace(cells, run.call.flags); });
    file.read([&](auto& lines) {
      for (const auto& line : lines) {
        if (seen.is_new(handle_in(*headings, line)))
          (headings->cell(line, "Product Id").empty() ? products_made : products_changed)++;
        (headings->cell(line, "Variant Id").empty() ? variants_made : variants_changed)++;
        headings->refuse_unknown_regions(line, regions);
      }
      run.tell();
    });
    run.result.set("advancement_count", 0);
    run.result.set("count", products_made + products_changed + variants_made + variants_changed);
    run.result.set("operations", base::JsonObject{{"PRODUCT_CREATE", products_made},
                                                  {"VARIANT_CREATE", variants_made},
                                                  {"PRODUCT_UPDATE", products_changed},
                                                  {"VARIANT_UPDATE", variants_changed}});
    describe_export(run, "product-import-count", "Products/variants to import",
                    "There will be " + std::to_string(products_made) + " products created (" +
                        std::to_string(products_changed) + "  updated).\n             " +
                        std::to_string(variants_made) + " variants will be created and " +
                        std::to_string(variants_changed) + " updated");
  }

  void process(BatchJobRun& run) const override {
    Import(run).process();
    run.result.set("advancement_count", run.result["count"]);
    run.used_up.push_back(ImportFile::key(run));
  }

 private:
  static std::string handle_in(const ProductHeadings& headings, const ImportLine& line) {
    try {
      return headings.handle(line);
    } catch (const Error& fault) {
      throw parsing_failed(fault.what());
    }
  }
};

} // namespace

std::unique_ptr<ports::BatchJobStrategy> product_import() { return std::make_unique<ProductImport>(); }

} // namespace commerce::batch_job
