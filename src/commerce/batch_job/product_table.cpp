#include "commerce/batch_job/product_table.hpp"
#include "base/csv.hpp"
#include "base/json_text.hpp"
#include "base/money.hpp"
#include "base/strings.hpp"
#include "commerce/pricing/tables.hpp"
#include "commerce/region/tables.hpp"
#include "commerce/sales_channel/tables.hpp"
#include "commerce/shipping/tables.hpp"
#include <algorithm>

namespace commerce::batch_job {
namespace {

using base::Json;
using query::Row;
using query::RowOf;

constexpr PlainColumn kColumns[] = {
    {"Product Id", Of::product, "id"},
    {"Product Handle", Of::product, "handle", Kind::text, Blank::unsaid},
    {"Product Title", Of::product, "title", Kind::text, Blank::unsaid},
    {"Product Subtitle", Of::product, "subtitle"},
    {"Product Description", Of::product, "description"},
    {"Product Status", Of::product, "status", Kind::text, Blank::unsaid},
    {"Product Thumbnail", Of::product, "thumbnail"},
    {"Product Weight", Of::product, "weight", Kind::integer},
    {"Product Length", Of::product, "length", Kind::integer},
    {"Product Width", Of::product, "width", Kind::integer},
    {"Product Height", Of::product, "height", Kind::integer},
    {"Product HS Code", Of::product, "hs_code"},
    {"Product Origin Country", Of::product, "origin_country"},
    {"Product MID Code", Of::product, "mid_code"},
    {"Product Material", Of::product, "material"},
    {"Product Collection Title", Of::product, {}},
    {"Product Collection Handle", Of::product, {}},
    {"Product Type", Of::product, {}},
    {"Product Tags", Of::product, {}},
    {"Product Discountable", Of::product, "discountable", Kind::boolean, Blank::unsaid},
    {"Product External Id", Of::product, "external_id"},
    {"Product Profile Name", Of::product, {}},
    {"Product Profile Type", Of::product, {}},
    {"Variant Id", Of::variant, "id"},
    {"Variant Title", Of::variant, "title", Kind::text, Blank::unsaid},
    {"Variant SKU", Of::variant, "sku"},
    {"Variant Barcode", Of::variant, "barcode"},
    {"Variant Inventory Quantity", Of::variant, "inventory_quantity", Kind::integer, Blank::unsaid},
    {"Variant Allow Backorder", Of::variant, "allow_backorder", Kind::boolean, Blank::unsaid},
    {"Variant Manage Inventory", Of::variant, "manage_inventory", Kind::boolean, Blank::unsaid},
    {"Variant Weight", Of::variant, "weight", Kind::integer},
    {"Variant Length", Of::variant, "length", Kind::integer},
    {"Variant Width", Of::variant, "width", Kind::integer},
    {"Variant Height", Of::variant, "height", Kind::integer},
    {"Variant HS Code", Of::variant, "hs_code"},
    {"Variant Origin Country", Of::variant, "origin_country"},
    {"Variant MID Code", Of::variant, "mid_code"},
    {"Variant Material", Of::variant, "material"},
};

// Medusa 1.20: zeroDecimalCurrencies. Quirk: currencies of three decimals are written with two.
constexpr std::string_view kWhole[] = {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga",
                                       "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"};
double divisor(std::string_view currency) {
  const auto code = base::lower(currency);
  return std::find(std::begin(kWhole), std::end(kWhole), code) == std::end(kWhole) ? 100 : 1;
}

template<class Table>
std::string text_of(const std::optional<RowOf<Table>>& row,
                    query::ColumnName<std::type_identity_t<Table>, query::is_text> column) {
  return row ? row->str(column) : "";
}
template<class Table> std::optional<RowOf<Table>> at(const std::vector<RowOf<Table>>& rows, std::size_t index) {
  return index < rows.size() ? std::optional(rows[index]) : std::nullopt;
}

constexpr bool is_there(const PlainColumn& column) {
  if (column.column.empty()) return true;
  return (column.of == Of::product ? query::place_of(table::Product::columns, column.column)
                                   : query::place_of(table::ProductVariant::columns, column.column)) >= 0;
}
static_assert(std::all_of(std::begin(kColumns), std::end(kColumns), is_there), "a table has no such column");

std::string plain(const Row& row, const PlainColumn& column) {
  if (column.kind == Kind::boolean && !row.is_null(column.column)) return row.boolean(column.column) ? "true" : "false";
  return row.str(column.column);
}

// What a product hangs on.
std::string hung_on(const RowOf<table::Product>& product, std::string_view heading) {
  if (heading == "Product Collection Title")
    return text_of(product.one<table::ProductCollection>("collection"), "title");
  if (heading == "Product Collection Handle")
    return text_of(product.one<table::ProductCollection>("collection"), "handle");
  if (heading == "Product Type") return text_of(product.one<table::ProductType>("type"), "value");
  if (heading == "Product Profile Name")
    return text_of(at(product.many<table::ShippingProfile>("profiles"), 0), "name");
  if (heading == "Product Profile Type")
    return text_of(at(product.many<table::ShippingProfile>("profiles"), 0), "type");
  std::string tags;
  for (const auto& tag : product.many<table::ProductTag>("tags")) tags += (tags.empty() ? "" : ",") + tag.str("value");
  return tags;
}

PricePlace place_of(const RowOf<table::MoneyAmount>& price) {
  PricePlace place{price.str("currency_code")};
  if (const auto region = price.one<table::Region>("region")) {
    place.region_id = region->str("id");
    place.region_name = region->str("name");
    place.region_currency = region->str("currency_code");
  }
  return place;
}

// The variant's own price there. 1.20 shows the first that it meets of the currency, be it a region's or a price list's, and
// leaves out what costs nothing.
std::string price_at(const RowOf<table::ProductVariant>& variant, const PricePlace& place) {
  for (const auto& price : variant.many<table::MoneyAmount>("prices"))
    if (price.text("region_id") == place.region_id &&
        (!place.region_id.empty() || price.text("currency_code") == place.currency_code))
      return base::number_text(humane(price.integer("amount"), place.currency_code));
  return {};
}

} // namespace

std::span<const PlainColumn> plain_columns() { return kColumns; }

double humane(std::int64_t amount, std::string_view currency) {
  return static_cast<double>(amount) / divisor(currency);
}
std::int64_t minor_units(double amount, std::string_view currency) {
  return static_cast<std::int64_t>(base::js_round(amount * divisor(currency)));
}

std::string heading(const PricePlace& place) {
  if (place.region_id.empty()) return "Price " + base::upper(place.currency_code);
  return "Price " + place.region_name + " [" + base::upper(place.region_currency) + "]";
}

void Shape::see(const RowOf<table::Product>& product) {
  options = std::max(options, product.many<table::ProductOption>("options").size());
  images = std::max(images, product.many<table::Image>("images").size());
  sales_channels = std::max(sales_channels, product.many_if_loaded<table::SalesChannel>("sales_channels").size());
  categories = std::max(categories, product.many_if_loaded<table::ProductCategory>("categories").size());
  for (const auto& variant : product.many<table::ProductVariant>("variants"))
    for (const auto& price : variant.many<table::MoneyAmount>("prices")) {
      auto place = place_of(price);
      if (std::find(prices.begin(), prices.end(), place) == prices.end()) prices.push_back(std::move(place));
    }
}

Json Shape::json() const {
  Json list = Json::array();
  for (const auto& place : prices) {
    Json region(nullptr);
    if (!place.region_id.empty())
      region = base::JsonObject{
          {"currency_code", place.region_currency}, {"name", place.region_name}, {"id", place.region_id}};
    list.push_back(base::JsonObject{{"currency_code", place.currency_code}, {"region", std::move(region)}});
  }
  return base::JsonObject{{"dynamicImageColumnCount", images},
                          {"dynamicOptionColumnCount", options},
                          {"dynamicSalesChannelsColumnCount", sales_channels},
                          {"dynamicProductCategoriesColumnCount", categories},
                          {"prices", std::move(list)}};
}

Shape Shape::from(const Json& json) {
  constexpr std::int64_t kMost = 1000; // of columns of one kind
  const auto count = [&](std::string_view name) {
    return json[name].is_integer() ? static_cast<std::size_t>(std::clamp<std::int64_t>(json[name].as_int(), 0, kMost))
                                   : 0;
  };
  Shape shape{count("dynamicOptionColumnCount"), count("dynamicImageColumnCount"),
              count("dynamicSalesChannelsColumnCount"), count("dynamicProductCategoriesColumnCount")};
  if (json["prices"].is_array())
    for (const auto& price : json["prices"].as_array()) {
      const Json& region = price["region"];
      PricePlace place{base::text_of(price["currency_code"]), base::text_of(region["id"]),
                       base::text_of(region["name"]), base::text_of(region["currency_code"])};
      if (std::find(shape.prices.begin(), shape.prices.end(), place) == shape.prices.end())
        shape.prices.push_back(std::move(place));
    }
  return shape;
}

query::Selection product_table_selection(const schema::Flags& flags) {
  constexpr const char* kOldestFirst = "t.created_at ASC, t.id ASC";
  query::Selection product;
  for (const char* relation : {"variants", "options", "images", "tags", "type", "collection", "profiles"})
    product.with(relation);
  if (flags.on(schema::Flag::sales_channels)) product.with("sales_channels");
  if (flags.on(schema::Flag::product_categories)) product.with("categories");
  auto& variants = product.with("variants");
  variants.with("options");
  variants.with("prices").with("region");
  variants.child("prices")->where = "t.price_list_id IS NULL";
  variants.child("prices")->order_by = kOldestFirst;
  product.child("variants")->order_by = "t.variant_rank ASC, t.created_at ASC, t.id ASC";
  // In the order in which they were written, which is what 1.20 shows: rows of one transaction have one time.
  product.child("options")->order_by = "t.ctid";
  for (const char* relation : {"tags", "sales_channels", "categories"})
    if (auto* child = product.child(relation)) child->order_by = "j.ctid";
  return product;
}

// Each price's currency has a column, and its region one behind that. Medusa 1.20: appendMoneyAmountDescriptors.
ProductTable::ProductTable(Shape shape) : shape_(std::move(shape)) {
  const auto add = [&](PricePlace column) {
    const bool known = std::any_of(price_columns_.begin(), price_columns_.end(),
                                   [&](const auto& one) { return heading(one) == heading(column); });
    if (!known) price_columns_.push_back(std::move(column));
  };
  for (const auto& place : shape_.prices) {
    add({place.currency_code});
    if (!place.region_id.empty())
      add({place.region_currency, place.region_id, place.region_name, place.region_currency});
  }
  const auto add_numbered = [&](std::string_view kind, std::size_t count, std::initializer_list<const char*> whats) {
    for (std::size_t i = 0; i < count; ++i)
      for (const char* what : whats) headings_.push_back(std::string(kind) + " " + std::to_string(i + 1) + " " + what);
  };
  for (const auto& column : kColumns) headings_.emplace_back(column.heading);
  for (const auto& place : price_columns_) headings_.push_back(heading(place));
  add_numbered("Option", shape_.options, {"Name", "Value"});
  add_numbered("Image", shape_.images, {"Url"});
  add_numbered("Sales Channel", shape_.sales_channels, {"Id", "Name", "Description"});
  add_numbered("Product Category", shape_.categories, {"Handle", "Name", "Description"});
}

std::vector<ProductTable::Cells> ProductTable::lines(const RowOf<table::Product>& product) const {
  const auto options = product.many<table::ProductOption>("options");
  const auto images = product.many<table::Image>("images");
  const auto channels = product.many_if_loaded<table::SalesChannel>("sales_channels");
  const auto categories = product.many_if_loaded<table::ProductCategory>("categories");
  std::vector<Cells> lines;
  for (const auto& variant : product.many<table::ProductVariant>("variants")) {
    Cells& line = lines.emplace_back();
    for (const auto& column : kColumns)
      line.push_back(column.column.empty()      ? hung_on(product, column.heading)
                     : column.of == Of::product ? plain(product, column)
                                                : plain(variant, column));
    for (const auto& place : price_columns_) line.push_back(price_at(variant, place));
    // Values stand in the order of the product's options.
    const auto values = variant.many<table::ProductOptionValue>("options");
    for (std::size_t i = 0; i < shape_.options; ++i) {
      const auto option = at(options, i);
      line.push_back(text_of(option, "title"));
      const auto value = std::find_if(values.begin(), values.end(),
                                      [&](const auto& one) { return option && one.text("option_id") == option->id(); });
      line.emplace_back(value == values.end() ? "" : value->text("value"));
    }
    for (std::size_t i = 0; i < shape_.images; ++i) line.push_back(text_of(at(images, i), "url"));
    for (std::size_t i = 0; i < shape_.sales_channels; ++i) {
      const auto channel = at(channels, i);
      line.insert(line.end(), {text_of(channel, "id"), text_of(channel, "name"), text_of(channel, "description")});
    }
    for (std::size_t i = 0; i < shape_.categories; ++i) {
      const auto category = at(categories, i);
      line.insert(line.end(),
                  {text_of(category, "handle"), text_of(category, "name"), text_of(category, "description")});
    }
  }
  return lines;
}

void append_line(std::string& out, const ProductTable::Cells& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ';';
    base::append_csv_cell(out, cells[i]);
  }
  out += "\r\n";
}

} // namespace commerce::batch_job
