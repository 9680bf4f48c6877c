#include "commerce/batch_job/product_lines.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace commerce::batch_job {
namespace {

using base::Error;
using base::Json;

// The number in a heading of many: "Option 2 Name" is 2 between "Option" and "Name".
std::optional<int> number_between(std::string_view heading, std::string_view kind, std::string_view what) {
  if (heading.size() < kind.size() + what.size() + 3 || !heading.starts_with(kind) || !heading.ends_with(what))
    return std::nullopt;
  const auto middle = heading.substr(kind.size(), heading.size() - kind.size() - what.size());
  int number = 0;
  const auto [end, fault] = std::from_chars(middle.data() + 1, middle.data() + middle.size() - 1, number);
  constexpr int kMost = 4096; // columns that a table may have
  if (fault != std::errc() || end != middle.data() + middle.size() - 1 || number < 1 || number > kMost ||
      !middle.starts_with(' ') || !middle.ends_with(' '))
    return std::nullopt;
  return number;
}

bool is_shop_status(std::string_view status) {
  return status == "draft" || status == "proposed" || status == "published" || status == "rejected";
}

Json value_of(const PlainColumn& column, const std::string& cell) {
  switch (column.kind) {
  case Kind::integer: {
    const double number = number_in(column.heading, cell);
    if (number != std::floor(number) || std::abs(number) > std::numeric_limits<std::int32_t>::max())
      throw Error::invalid_data(std::string(column.heading) + " must be a whole number: " + cell.substr(0, 50));
    if (number < 0 && column.column != "inventory_quantity")
      throw Error::invalid_data(std::string(column.heading) + " must not be less than 0");
    return static_cast<std::int64_t>(number);
  }
  case Kind::boolean: {
    // Spreadsheets write them in capitals.
    const auto text = base::lower(base::trim(cell));
    if (text != "true" && text != "false")
      throw Error::invalid_data(std::string(column.heading) + " must be true or false: " + cell.substr(0, 50));
    return text == "true";
  }
  default: break;
  }
  if (column.column == "status" && !is_shop_status(cell))
    throw Error::invalid_data("Product Status must be one of draft, proposed, published, rejected: " +
                              cell.substr(0, 50));
  return cell;
}

} // namespace

ProductHeadings::ProductHeadings(const ImportFile::Cells& headings, const schema::Flags& flags) {
  for (const auto& given : headings) {
    headings_.emplace_back(base::trim(given));
    if (!resolve(headings_.back(), headings_.size() - 1, flags))
      throw Error::invalid_data("Unable to treat column " + given +
                                " from the csv file. No target column found in the provided schema");
  }
  if (plain_.find("Product Handle") == plain_.end())
    throw Error::invalid_data("Missing column(s) \"Product Handle\" from the given csv file");
}

bool ProductHeadings::resolve(std::string_view heading, std::size_t column, const schema::Flags& flags) {
  const auto plain = plain_columns();
  if (std::any_of(plain.begin(), plain.end(), [&](const auto& one) { return one.heading == heading; })) {
    plain_[std::string(heading)] = column;
    return true;
  }
  // How many there are of a kind, and what stands in this column of it.
  const auto numbered = [&](std::string_view kind, std::string_view what, std::size_t& most) {
    const auto number = number_between(heading, kind, what);
    if (number) most = std::max(most, static_cast<std::size_t>(*number));
    return number;
  };
  if (const auto name = numbered("Option", "Name", shape_.options)) return options_[*name].name = column, true;
  if (const auto value = numbered("Option", "Value", shape_.options)) return options_[*value].value = column, true;
  if (auto price = price_heading(heading)) return prices_.push_back({column, std::move(*price)}), true;
  if (numbered("Image", "Url", shape_.images)) return images_.push_back(column), true;
  if (flags.on(schema::Flag::sales_channels)) {
    for (const char* what : {"Id", "Name"})
      if (numbered("Sales Channel", what, shape_.sales_channels)) return channels_.push_back(column), true;
    if (numbered("Sales Channel", "Description", shape_.sales_channels)) return true;
  }
  if (flags.on(schema::Flag::product_categories)) {
    if (numbered("Product Category", "Handle", shape_.categories)) return categories_.push_back(column), true;
    for (const char* what : {"Name", "Description"})
      if (numbered("Product Category", what, shape_.categories)) return true;
  }
  return false;
}

Shape ProductHeadings::shape(const Regions& regions) const {
  Shape shape = shape_;
  for (const auto& price : prices_) {
    PricePlace place{price.heading.currency_code};
    if (!price.heading.region_name.empty()) {
      const auto* region = regions.find(price.heading.region_name);
      if (!region) continue;
      place = {region->currency_code, region->id, price.heading.region_name, region->currency_code};
    }
    shape.prices.push_back(std::move(place));
  }
  return shape;
}

std::string ProductHeadings::cell(const ImportLine& line, std::string_view heading) const {
  const auto column = plain_.find(heading);
  return column == plain_.end() ? std::string() : line.cells[column->second];
}

std::string ProductHeadings::handle(const ImportLine& line) const {
  auto handle = cell(line, "Product Handle");
  if (handle.empty())
    throw Error::invalid_data("No value found for target column \"Product Handle\" in line " +
                              std::to_string(line.number) + " of the given csv file");
  return handle;
}

std::string ProductHeadings::describe(const ImportLine& line, std::string_view why) const {
  const auto said = [&](std::string_view heading) {
    if (plain_.find(heading) == plain_.end()) return std::string("undefined");
    const auto text = cell(line, heading);
    return text.empty() ? std::string("null") : text;
  };
  return "Error while processing row with\n      [(product id: " + said("Product Id") +
         "),\n      (product handle: " + said("Product Handle") + "),\n      (variant id: " + said("Variant Id") +
         "),\n      (variant sku: " + said("Variant SKU") + ")]: \n      " + std::string(why);
}

Json ProductHeadings::columns_of(const ImportLine& line, Of of) const {
  Json body = Json::object();
  for (const auto& column : plain_columns()) {
    if (column.of != of || column.column.empty() || column.column == "id") continue;
    const auto at = plain_.find(column.heading);
    if (at == plain_.end()) continue;
    const auto& cell = line.cells[at->second];
    if (!cell.empty())
      body.set(column.column, value_of(column, cell));
    else if (column.blank == Blank::null)
      body.set(column.column, nullptr);
  }
  return body;
}

Json ProductHeadings::product(const ImportLine& line) const {
  Json body = columns_of(line, Of::product);
  const auto list = [](const std::vector<std::string>& texts, std::string_view member) {
    Json values = Json::array();
    for (const auto& text : texts) values.push_back(base::JsonObject{{std::string(member), text}});
    return values;
  };
  // Quirk: an empty cell leaves the type and the tags as they are.
  if (const auto type = cell(line, "Product Type"); !type.empty()) body.set("type", base::JsonObject{{"value", type}});
  if (const auto tags = cell(line, "Product Tags"); !tags.empty())
    body.set("tags", list(base::split(tags, ','), "value"));
  if (!images_.empty()) {
    Json images = Json::array();
    for (const auto column : images_)
      if (!line.cells[column].empty()) images.push_back(line.cells[column]);
    body.set("images", std::move(images));
  }
  std::vector<std::string> titles;
  for (const auto& [number, option] : options_)
    if (option.name != kNone && !line.cells[option.name].empty()) titles.push_back(line.cells[option.name]);
  body.set("options", list(titles, "title"));
  return body;
}

Json ProductHeadings::variant(const ImportLine& line, const Regions& regions) const {
  Json body = columns_of(line, Of::variant);
  if (const auto id = cell(line, "Variant Id"); !id.empty()) body.set("id", id);
  Json options = Json::array();
  for (const auto& [number, option] : options_) {
    if (option.value == kNone || line.cells[option.value].empty()) continue;
    const auto title = option.name == kNone ? std::string() : line.cells[option.name];
    options.push_back(base::JsonObject{{"title", title}, {"value", line.cells[option.value]}});
  }
  body.set("options", std::move(options));
  if (prices_.empty()) return body;
  Json prices = Json::array();
  for (const auto& price : prices_)
    if (const auto& cell = line.cells[price.column]; !cell.empty())
      prices.push_back(price_of(price.heading, headings_[price.column], cell, regions));
  body.set("prices", std::move(prices));
  return body;
}

void ProductHeadings::refuse_unknown_regions(const ImportLine& line, const Regions& regions) const {
  for (const auto& price : prices_)
    if (!price.heading.region_name.empty() && !line.cells[price.column].empty()) regions.get(price.heading.region_name);
}

ProductHeadings::Named ProductHeadings::named(const ImportLine& line, const std::vector<std::size_t>& columns) const {
  Named found{!columns.empty(), {}};
  for (const auto column : columns)
    if (!line.cells[column].empty()) found.names.push_back(line.cells[column]);
  return found;
}

ProductHeadings::Named ProductHeadings::collection(const ImportLine& line) const {
  const auto column = plain_.find("Product Collection Handle");
  if (column == plain_.end()) return {};
  return named(line, {column->second});
}
ProductHeadings::Named ProductHeadings::sales_channels(const ImportLine& line) const { return named(line, channels_); }
ProductHeadings::Named ProductHeadings::categories(const ImportLine& line) const { return named(line, categories_); }

} // namespace commerce::batch_job
