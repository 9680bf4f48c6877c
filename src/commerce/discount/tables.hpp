// What the rows of this domain hold: constants, for entities.cpp and for code of any domain that reads such rows
// (query/row_of.hpp).
// Columns stand in the order in which JSON shows them.
#pragma once
#include "schema/describe.hpp"

namespace commerce::table {

using namespace schema::describe;

struct Discount {
  static constexpr std::string_view name = "Discount";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"code", text},
      {"is_dynamic", boolean},
      {"rule_id", text, nullable},
      {"is_disabled", boolean},
      {"parent_discount_id", text, nullable},
      {"starts_at", timestamp},
      {"ends_at", timestamp, nullable},
      {"valid_duration", text, nullable},
      {"usage_limit", integer, nullable},
      {"usage_count", integer},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"rule", to_one, "DiscountRule", "rule_id"},
      {"parent_discount", to_one, "Discount", "parent_discount_id"},
      {"regions", many_to_many, "Region", "discount_id", "region_id", "discount_regions"},
  };
};

struct DiscountRule {
  static constexpr std::string_view name = "DiscountRule";
  static constexpr Column columns[] = {
      {"id", text},
      {"created_at", timestamp},
      {"updated_at", timestamp},
      {"deleted_at", timestamp, nullable},
      {"description", text, nullable},
      {"type", enumeration},
      {"value", integer},
      {"allocation", enumeration, nullable},
      {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"conditions", to_many, "DiscountCondition", "discount_rule_id"},
  };
};

struct DiscountCondition {
  static constexpr std::string_view name = "DiscountCondition";
  static constexpr Column columns[] = {
      {"id", text},          {"created_at", timestamp}, {"updated_at", timestamp},  {"deleted_at", timestamp, nullable},
      {"type", enumeration}, {"operator", enumeration}, {"discount_rule_id", text}, {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"discount_rule", to_one, "DiscountRule", "discount_rule_id"},
      {"products", many_to_many, "Product", "condition_id", "product_id", "discount_condition_product"},
      {"product_types", many_to_many, "ProductType", "condition_id", "product_type_id",
       "discount_condition_product_type"},
      {"product_tags", many_to_many, "ProductTag", "condition_id", "product_tag_id", "discount_condition_product_tag"},
      {"product_collections", many_to_many, "ProductCollection", "condition_id", "product_collection_id",
       "discount_condition_product_collection"},
      {"customer_groups", many_to_many, "CustomerGroup", "condition_id", "customer_group_id",
       "discount_condition_customer_group"},
  };
};

struct DiscountConditionCustomerGroup {
  static constexpr std::string_view name = "DiscountConditionCustomerGroup";
  static constexpr Column columns[] = {
      {"customer_group_id", text}, {"condition_id", text},       {"created_at", timestamp},
      {"updated_at", timestamp},   {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"customer_group", to_one, "CustomerGroup", "customer_group_id"},
      {"discount_condition", to_one, "DiscountCondition", "condition_id"},
  };
};

struct DiscountConditionProduct {
  static constexpr std::string_view name = "DiscountConditionProduct";
  static constexpr Column columns[] = {
      {"product_id", text},      {"condition_id", text},       {"created_at", timestamp},
      {"updated_at", timestamp}, {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"product", to_one, "Product", "product_id"},
      {"discount_condition", to_one, "DiscountCondition", "condition_id"},
  };
};

struct DiscountConditionProductCollection {
  static constexpr std::string_view name = "DiscountConditionProductCollection";
  static constexpr Column columns[] = {
      {"product_collection_id", text}, {"condition_id", text},       {"created_at", timestamp},
      {"updated_at", timestamp},       {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"product_collection", to_one, "ProductCollection", "product_collection_id"},
      {"discount_condition", to_one, "DiscountCondition", "condition_id"},
  };
};

struct DiscountConditionProductTag {
  static constexpr std::string_view name = "DiscountConditionProductTag";
  static constexpr Column columns[] = {
      {"product_tag_id", text},  {"condition_id", text},       {"created_at", timestamp},
      {"updated_at", timestamp}, {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"product_tag", to_one, "ProductTag", "product_tag_id"},
      {"discount_condition", to_one, "DiscountCondition", "condition_id"},
  };
};

struct DiscountConditionProductType {
  static constexpr std::string_view name = "DiscountConditionProductType";
  static constexpr Column columns[] = {
      {"product_type_id", text}, {"condition_id", text},       {"created_at", timestamp},
      {"updated_at", timestamp}, {"metadata", json, nullable},
  };
  static constexpr Relation relations[] = {
      {"product_type", to_one, "ProductType", "product_type_id"},
      {"discount_condition", to_one, "DiscountCondition", "condition_id"},
  };
};

} // namespace commerce::table
