#include "base/json_text.hpp"
#include "base/strings.hpp"
#include "commerce/shipping/options.hpp"
#include "commerce/shipping/tables.hpp"
#include "query/row_of.hpp"

namespace commerce::shipping {
namespace {

// Medusa 1.20: IsBooleanString knows these four texts.
void boolean_text(const base::Json& query, std::vector<std::string>& problems) {
  const base::Json& value = query["is_return"];
  if (value.is_undefined()) return;
  const std::string text = base::text_of(value);
  if (text != "true" && text != "false" && text != "1" && text != "0")
    problems.emplace_back("is_return must be a boolean string");
}

const http::Rules list_query{{{"product_ids", http::Is::string, http::Presence::optional},
                              {"region_id", http::Is::string, http::Presence::optional},
                              {"is_return", http::Is::any, http::Presence::optional}},
                             boolean_text};

// Medusa 1.20: GET /store/shipping-options
void list(http::Context& context) {
  const base::Json& asked = context.query();
  query::Read read{.entity = &schema::get("ShippingOption")};
  read.selection.with("requirements");
  if (asked.has("is_return"))
    read.where.push_back({"is_return", query::Operator::equal, {asked["is_return"] == base::Json("true") ? "t" : "f"}});
  if (asked["region_id"].truthy())
    read.where.push_back({"region_id", query::Operator::equal, {asked["region_id"].as_string()}});
  read.where.push_back({"admin_only", query::Operator::equal, {"f"}});
  if (asked["product_ids"].truthy())
    read.where.push_back({"t.profile_id IN (SELECT x.profile_id FROM product_shipping_profile x JOIN product p ON "
                          "p.id = x.product_id AND p.deleted_at IS NULL WHERE x.product_id = ANY($?::text[]))",
                          query::Operator::sql,
                          {db::array_literal(base::split(asked["product_ids"].as_string(), ','))}});
  const auto tree = query::read(context.call.db(), context.call.flags, read);
  add_prices(context.call, tree.rows<table::ShippingOption>());
  std::string body;
  base::JsonWriter writer(body);
  writer.open_object().key("shipping_options");
  query::write_rows(writer, tree.rows());
  writer.close_object();
  context.json(std::move(body));
}

} // namespace

http::Routes store_routes() {
  return {{.method = http::Method::get,
           .path = "/store/shipping-options",
           .handler = list,
           .auth = http::Auth::customer_optional,
           .query_rules = &list_query}};
}

} // namespace commerce::shipping
