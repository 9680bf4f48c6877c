#include "commerce/discount/admin.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "commerce/discount/edit.hpp"
#include "commerce/product_profiles.hpp"
#include "http/resource.hpp"

namespace commerce::discount {
namespace {

using http::By;
using http::Context;
using http::Is;
using enum http::Presence;

// --- what is shown -------------------------------------------------------------------------------------------------

const query::Grammar kDiscount{.fields = {"id", "code", "is_dynamic", "is_disabled", "rule_id", "parent_discount_id",
                                          "usage_limit", "usage_count", "starts_at", "ends_at", "created_at",
                                          "updated_at", "deleted_at", "metadata", "valid_duration"},
                               .relations = {"parent_discount", "regions", "rule.conditions"}};
const query::Grammar kCondition{.fields = {"id", "type", "operator", "discount_rule_id", "created_at", "updated_at"},
                                .relations = {"discount_rule"}};

query::Selection wanted(const Context& context) {
  return query::resolve(schema::get("Discount"), context.call.flags, kDiscount, context.query(), query::Many::no)
      .selection;
}
// What routes that don't look at the query show.
query::Selection whole(const Context& context) {
  return query::resolve(schema::get("Discount"), context.call.flags, kDiscount, base::Json::object(), query::Many::no)
      .selection;
}

void answer(Context& context, const query::Tree& tree) {
  show_profiles(tree);
  context.json(http::one_json("discount", *tree.first()));
}

const std::string& discount_id(const Context& context) { return context.param("discount_id"); }
const std::string& condition_id(const Context& context) { return context.param("condition_id"); }

// --- rules ---------------------------------------------------------------------------------------------------------

const http::Rules kFind{{{"expand", Is::string, optional}, {"fields", Is::string, optional}}};
const http::Rules kRuleFilter{{{"type", Is::enumeration, optional, nullptr, {"fixed", "percentage", "free_shipping"}},
                               {"allocation", Is::enumeration, optional, nullptr, {"total", "item"}}}};

constexpr std::string_view kWrongType =
    "Invalid rule type, must be one of \"fixed\", \"percentage\" or \"free_shipping\"";
constexpr std::string_view kWrongAllocation = "Invalid allocation type, must be one of \"total\" or \"item\"";

// Medusa 1.20: AdminUpsertConditionsReq. Each kind of resources is refused beside any other.
std::vector<http::Rule> resource_rules() {
  const auto list = [](std::string_view name, std::vector<std::string_view> others) {
    return http::Rule{.name = name, .is = Is::string_array, .presence = optional, .instead_of = std::move(others)};
  };
  return {list("products", {"product_collections", "product_types", "product_tags", "customer_groups"}),
          list("product_collections", {"products", "product_types", "product_tags", "customer_groups"}),
          list("product_types", {"product_collections", "products", "product_tags", "customer_groups"}),
          list("product_tags", {"product_collections", "product_types", "products", "customer_groups"}),
          list("customer_groups", {"product_collections", "product_types", "products", "product_tags"})};
}
http::Rules with_resources(std::vector<http::Rule> rows) {
  for (auto& rule : resource_rules()) rows.push_back(std::move(rule));
  return {std::move(rows)};
}

const http::Rules kResources = with_resources({});
const http::Rules kNewCondition = with_resources({{"operator", Is::string}});
const http::Rules kAnyCondition = with_resources({{"id", Is::string, optional}, {"operator", Is::string, optional}});

const http::Rules kNewRule{
    .rows = {{"description", Is::string, optional},
             {"type", Is::enumeration, required, nullptr, {"fixed", "percentage", "free_shipping"}, kWrongType},
             {"value", Is::number},
             {"allocation", Is::enumeration, required, nullptr, {"total", "item"}, kWrongAllocation},
             {"conditions", Is::array, optional, &kNewCondition}},
    .of = "DiscountRule"};
const http::Rules kCreate{.rows = {{"code", Is::string, not_empty_first},
                                   {"rule", Is::nested, not_empty, &kNewRule},
                                   {"is_dynamic", Is::boolean, optional},
                                   {"is_disabled", Is::boolean, optional},
                                   {"starts_at", Is::date, optional},
                                   {.name = "ends_at", .is = Is::date, .presence = optional, .after = "starts_at"},
                                   {"valid_duration", Is::duration, optional},
                                   {"usage_limit", Is::positive_number, optional},
                                   {"regions", Is::string_array},
                                   {"metadata", Is::object, optional}},
                          .of = "Discount"};

const http::Rules kRule{
    .rows = {{"id", Is::string, not_empty_first},
             {"description", Is::string, optional},
             {"value", Is::number, optional},
             {"allocation", Is::enumeration, optional, nullptr, {"total", "item"}, kWrongAllocation},
             {"conditions", Is::array, optional, &kAnyCondition}},
    .of = "DiscountRule"};
const http::Rules kUpdate{.rows = {{"code", Is::string, optional},
                                   {"rule", Is::nested, optional, &kRule},
                                   {"is_disabled", Is::boolean, optional},
                                   {"starts_at", Is::date, optional},
                                   {.name = "ends_at", .is = Is::date, .presence = optional, .after = "starts_at"},
                                   {"valid_duration", Is::duration, optional},
                                   {"usage_limit", Is::positive_number, optional},
                                   {"regions", Is::string_array, optional},
                                   {"metadata", Is::object, optional}},
                          .of = "Discount"};

const http::Rules kDynamicCode{.rows = {{"code", Is::string, not_empty_first},
                                        {"usage_limit", Is::number, optional},
                                        {"metadata", Is::object, optional}},
                               .of = "Discount"};
const http::Rules kBatch{{{"resources", Is::array}}};

// --- reads ---------------------------------------------------------------------------------------------------------

void filter_by_rule(Context& context, const query::Wanted&, query::Read& read) {
  const auto& rule = context.query()["rule"];
  for (const std::string_view column : {"type", "allocation"})
    if (rule[column].is_string())
      read.where.push_back(
          {"EXISTS (SELECT 1 FROM discount_rule r WHERE r.id = t.rule_id AND r.deleted_at IS NULL AND r." +
               std::string(column) + "::text = $?)",
           query::Operator::sql,
           {rule[column].as_string()}});
}

void show_profiles_of_list(Context&, const query::Wanted&, const query::Tree& tree) { show_profiles(tree); }

http::Resource discounts() {
  return http::Resource{.path = "/admin/discounts",
                        .entity = "Discount",
                        .one = {},
                        .many = "discounts",
                        .read = kDiscount,
                        .filters = {{"is_dynamic", By::boolean},
                                    {"is_disabled", By::boolean},
                                    {"created_at", By::date},
                                    {"updated_at", By::date}},
                        .search = "t.code ILIKE $?",
                        .unfiltered = {{"rule", Is::nested, optional, &kRuleFilter}},
                        .limit = 20,
                        .auth = http::Auth::admin,
                        .prepare = filter_by_rule,
                        .decorate = show_profiles_of_list}
      .list();
}

void show(Context& context) { answer(context, retrieve(context.call, discount_id(context), wanted(context))); }

void show_by_code(Context& context) {
  const auto& code = context.param("code");
  const auto tree =
      query::read(context.call.db(), context.call.flags,
                  {.entity = &schema::get("Discount"),
                   .selection = wanted(context),
                   .where = {{"code", query::Operator::equal, {std::string(base::trim(base::upper(code)))}}}});
  if (!tree.first()) throw base::Error::not_found("Discounts with code " + code + " was not found");
  answer(context, tree);
}

// Medusa 1.20: doesConditionBelongToDiscount, which stands ahead of everything else.
void refuse_foreign_condition(Context& context) {
  condition_type(context.call, discount_id(context), condition_id(context));
}

void show_condition(Context& context) {
  const auto& entity = schema::get("DiscountCondition");
  const auto shown = query::resolve(entity, context.call.flags, kCondition, context.query(), query::Many::no);
  const auto tree = query::read_one(context.call.db(), context.call.flags,
                                    {.entity = &entity, .selection = shown.selection}, condition_id(context));
  if (!tree.first())
    throw base::Error::not_found("DiscountCondition with id " + condition_id(context) + " was not found");
  show_profiles(tree);
  context.json(http::one_json("discount_condition", *tree.first()));
}

// --- writes --------------------------------------------------------------------------------------------------------

void create_discount(Context& context) { answer(context, create(context.call, context.body(), wanted(context))); }

void update_discount(Context& context) {
  answer(context, update(context.call, discount_id(context), context.body(), wanted(context)));
}

std::string deleted(const std::string& id, std::string_view object) {
  return base::Json(base::JsonObject{{"id", id}, {"object", object}, {"deleted", true}}).dump();
}

void delete_discount(Context& context) {
  remove(context.call, discount_id(context));
  context.json(deleted(discount_id(context), "discount"));
}

void add_dynamic_code(Context& context) {
  answer(context, create_dynamic_code(context.call, discount_id(context), context.body(), whole(context)));
}

void remove_dynamic_code(Context& context) {
  answer(context, delete_dynamic_code(context.call, discount_id(context), context.param("code"), whole(context)));
}

void add_one_region(Context& context) {
  answer(context, add_region(context.call, discount_id(context), context.param("region_id"), whole(context)));
}

void remove_one_region(Context& context) {
  answer(context, remove_region(context.call, discount_id(context), context.param("region_id"), whole(context)));
}

void add_condition(Context& context) {
  answer(context, create_condition(context.call, discount_id(context), context.body(), wanted(context)));
}

void change_condition(Context& context) {
  answer(context,
         update_condition(context.call, discount_id(context), condition_id(context), context.body(), wanted(context)));
}

void remove_condition(Context& context) {
  const auto tree = delete_condition(context.call, discount_id(context), condition_id(context), wanted(context));
  show_profiles(tree);
  std::string json = deleted(condition_id(context), "discount-condition");
  json.back() = ',';
  context.json(json + R"("discount":)" + query::row_json(*tree.first()) + "}");
}

template<Resources how> void change_batch(Context& context) {
  answer(context, change_resources(context.call, discount_id(context), condition_id(context),
                                   context.body()["resources"], how, wanted(context)));
}

} // namespace

http::Routes admin_routes() {
  using enum http::Method;
  constexpr auto admin = http::Auth::admin;
  http::Routes routes = discounts().routes();
  const http::Routes more{
      {get, "/admin/discounts/:discount_id", show, admin, &kFind},
      {get, "/admin/discounts/code/:code", show_by_code, admin, &kFind},
      {post, "/admin/discounts", create_discount, admin, &kFind, &kCreate},
      {post, "/admin/discounts/:discount_id", update_discount, admin, &kFind, &kUpdate},
      {del, "/admin/discounts/:discount_id", delete_discount, admin},
      {post, "/admin/discounts/:discount_id/dynamic-codes", add_dynamic_code, admin, nullptr, &kDynamicCode},
      {del, "/admin/discounts/:discount_id/dynamic-codes/:code", remove_dynamic_code, admin},
      {post, "/admin/discounts/:discount_id/regions/:region_id", add_one_region, admin},
      {del, "/admin/discounts/:discount_id/regions/:region_id", remove_one_region, admin},
      {post, "/admin/discounts/:discount_id/conditions", add_condition, admin, &kFind, &kNewCondition},
      {del, "/admin/discounts/:discount_id/conditions/:condition_id", remove_condition, admin, &kFind}};
  routes.insert(routes.end(), more.begin(), more.end());
  http::Routes of_condition{
      {get, "/admin/discounts/:discount_id/conditions/:condition_id", show_condition, admin, &kFind},
      {post, "/admin/discounts/:discount_id/conditions/:condition_id", change_condition, admin, &kFind, &kResources},
      {post, "/admin/discounts/:discount_id/conditions/:condition_id/batch", change_batch<Resources::added>, admin,
       &kFind, &kBatch},
      {del, "/admin/discounts/:discount_id/conditions/:condition_id/batch", change_batch<Resources::removed>, admin,
       &kFind, &kBatch}};
  for (auto& route : of_condition) {
    route.first = refuse_foreign_condition;
    routes.push_back(std::move(route));
  }
  return routes;
}

} // namespace commerce::discount
