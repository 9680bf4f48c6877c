// Options of products: POST /admin/products/:id/options, POST and DELETE /admin/products/:id/options/:option_id.
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "commerce/catalogue/product_changes.hpp"
#include "commerce/catalogue/product_rules.hpp"
#include "commerce/catalogue/product_view.hpp"
#include "commerce/catalogue/products_admin.hpp"
#include "query/write.hpp"
#include <algorithm>
#include <map>

namespace commerce::catalogue {
namespace {

using base::Error;
using base::Json;
using http::Context;
using query::RowOf;

// 1.20 tells of the whole product when its options change.
void tell(ports::Call& call, const RowOf<table::Product>& product) {
  call.emit("product.updated", query::row_value(product));
}

void answer(Context& context, const std::string& id, std::vector<db::Command> writes) {
  context.json(R"({"product":)" + written_product(context.call, id, std::move(writes)) + "}");
}

// Medusa 1.20: ProductService.addOption. The variants that are there get a value that says nothing.
void add_option(Context& context) {
  const auto& id = context.param("id");
  const auto& title = context.body()["title"].as_string();
  context.call.atomic([&] {
    const auto locked = lock_product(context.call, id, Variants::changed);
    const auto product = locked.row();
    for (const auto& option : product.many<table::ProductOption>("options"))
      if (option.text("title") == title)
        throw Error::duplicate("An option with the title: " + title + " already exists");
    Json option = base::JsonObject{{"id", base::make_id("opt")}, {"title", title}, {"product_id", id}};
    base::JsonArray values;
    for (const auto& variant : product.many<table::ProductVariant>("variants"))
      values.push_back(
          base::JsonObject{{"value", "Default Value"}, {"option_id", option["id"]}, {"variant_id", variant.id()}});
    std::vector<db::Command> writes{query::insert(schema::get("ProductOption"), option)};
    if (!values.empty()) writes.push_back(query::insert(schema::get("ProductOptionValue"), values));
    tell(context.call, product);
    answer(context, id, std::move(writes));
  });
}

// Medusa 1.20: ProductService.updateOption
void rename_option(Context& context) {
  const auto& id = context.param("id");
  const auto& option_id = context.param("option_id");
  const auto& title = context.body()["title"].as_string();
  context.call.atomic([&] {
    const auto locked = lock_product(context.call, id, Variants::changed);
    const auto options = locked.row().many<table::ProductOption>("options");
    for (const auto& option : options)
      if (option.id() != option_id && base::upper(option.text("title")) == base::upper(title))
        throw Error::not_found("An option with title " + title + " already exists");
    if (std::none_of(options.begin(), options.end(), [&](const auto& option) { return option.id() == option_id; }))
      throw Error::not_found("Option with id: " + option_id + " does not exist");
    tell(context.call, locked.row());
    answer(context, id, {query::update(schema::get("ProductOption"), option_id, base::JsonObject{{"title", title}})});
  });
}

// Whether two variants that the option tells apart would be the same without it.
bool makes_twins(const RowOf<table::Product>& product, std::string_view option_id) {
  std::map<std::map<std::string, std::string>, std::string> seen; // the values of the other options, and of this one
  for (const auto& variant : product.many<table::ProductVariant>("variants")) {
    std::map<std::string, std::string> others;
    std::string own;
    for (const auto& value : variant.many<table::ProductOptionValue>("options")) {
      if (value.text("option_id") == option_id)
        own = value.str("value");
      else
        others.emplace(value.str("option_id"), value.str("value"));
    }
    const auto [first, is_new] = seen.emplace(std::move(others), own);
    if (!is_new && first->second != own) return true;
  }
  return false;
}

// Medusa 1.20: ProductService.deleteOption, which refuses wherever the values differ. What is not there is no error. Quirk: the answer shows prices as they are stored.
void delete_option(Context& context) {
  static const db::Statement values(
      "UPDATE product_option_value SET deleted_at = now() WHERE option_id = $1 AND deleted_at IS NULL");
  const auto& id = context.param("id");
  const auto& option_id = context.param("option_id");
  context.call.atomic([&] {
    const auto locked = lock_product(context.call, id, Variants::changed);
    const auto product = locked.row();
    std::vector<db::Command> writes;
    const auto options = product.many<table::ProductOption>("options");
    if (std::any_of(options.begin(), options.end(), [&](const auto& option) { return option.id() == option_id; })) {
      if (makes_twins(product, option_id))
        throw Error::invalid_data(
            "To delete an option, first delete all variants, such that when an option is deleted, no duplicate variants will exist.");
      writes = {{values, db::Params::of(option_id)}, query::remove(schema::get("ProductOption"), {option_id})};
      tell(context.call, product);
    }
    const auto shown = written_product(context.call, id, std::move(writes), Prices::stored);
    context.json(R"({"option_id":)" + Json(option_id).dump() + R"(,"object":"option","deleted":true,"product":)" +
                 shown + "}");
  });
}

} // namespace

http::Routes option_admin_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  return {{.method = post,
           .path = "/admin/products/:id/options",
           .handler = add_option,
           .auth = admin,
           .body_rules = &kOptionTitle,
           .described = shown_product()},
          {.method = post,
           .path = "/admin/products/:id/options/:option_id",
           .handler = rename_option,
           .auth = admin,
           .body_rules = &kOptionTitle,
           .described = shown_product()},
          {.method = del, .path = "/admin/products/:id/options/:option_id", .handler = delete_option, .auth = admin}};
}

} // namespace commerce::catalogue
