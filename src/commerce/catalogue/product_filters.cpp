#include "commerce/catalogue/product_filters.hpp"
#include "base/json_text.hpp"
#include "commerce/catalogue/states.hpp"

namespace commerce::catalogue {
namespace {

constexpr std::string_view kWithPriceLists =
    "EXISTS (SELECT 1 FROM product_variant v JOIN product_variant_money_amount x ON x.variant_id = v.id JOIN money_amount m ON "
    "m.id = x.money_amount_id AND m.deleted_at IS NULL WHERE v.product_id = t.id AND v.deleted_at IS NULL AND "
    "m.price_list_id = ANY($?::text[]))";
constexpr std::string_view kOfCondition =
    "EXISTS (SELECT 1 FROM discount_condition_product d WHERE d.product_id = t.id AND d.condition_id = $?)";

} // namespace

const std::vector<std::string> kProductFields{
    "id",       "title",       "subtitle",     "status",     "external_id",   "description",
    "handle",   "is_giftcard", "discountable", "thumbnail",  "collection_id", "type_id",
    "weight",   "length",      "height",       "width",      "hs_code",       "origin_country",
    "mid_code", "material",    "created_at",   "updated_at", "deleted_at",    "metadata"};

std::vector<query::Filter> product_filters(std::vector<query::Filter> ahead, const std::vector<query::Filter>& behind) {
  using query::By;
  for (const auto& filter : std::vector<query::Filter>{{"collection_id", By::list},
                                                       {"tags", By::list, kWithTags},
                                                       {"title"},
                                                       {"description"},
                                                       {"handle"},
                                                       {"is_giftcard", By::boolean},
                                                       {"type_id", By::list},
                                                       {"sales_channel_id", By::list, kInSalesChannels}})
    ahead.push_back(filter);
  ahead.insert(ahead.end(), behind.begin(), behind.end());
  ahead.push_back({"created_at", By::date});
  ahead.push_back({"updated_at", By::date});
  return ahead;
}

const std::vector<query::Filter>& admin_product_filters() {
  using query::By;
  static const auto filters =
      product_filters({{"id", By::text_or_list},
                       {.name = "status", .by = By::enumeration, .values = values_of(kProductStatuses)},
                       {"price_list_id", By::list, kWithPriceLists}},
                      {{"discount_condition_id", By::text, kOfCondition}, {"deleted_at", By::date}});
  return filters;
}

void by_category(const base::Json& query, Categories which, query::Read& read) {
  const auto& asked = query["category_id"];
  if (!asked.is_array()) return;
  std::vector<std::string> ids;
  for (const auto& id : asked.as_array()) ids.push_back(base::spelled(id));
  const auto list = db::array_literal(ids);
  std::string sql = "EXISTS (SELECT 1 FROM product_category_product pcp JOIN product_category c ON c.id = "
                    "pcp.product_category_id WHERE pcp.product_id = t.id AND ";
  if (which == Categories::only_public) sql += "c.is_active AND NOT c.is_internal AND ";
  sql += "(c.id = ANY($?::text[])";
  std::vector<std::string> values{list};
  if (query["include_category_children"].truthy()) {
    sql += " OR EXISTS (SELECT 1 FROM product_category p WHERE p.id = ANY($?::text[]) AND c.mpath LIKE p.mpath || '%')";
    values.push_back(list);
  }
  read.where.push_back({sql + "))", query::Operator::sql, std::move(values)});
}

} // namespace commerce::catalogue
