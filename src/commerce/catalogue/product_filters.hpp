// What the product lists of store and admin share: columns and conditions. Owns nothing. Called by both sides' Resource
// rows and their hooks, on the request's fiber.
#pragma once
#include "query/filters.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace commerce::catalogue {

// The columns that are shown by default.
extern const std::vector<std::string> kProductFields;

// Medusa 1.20: ProductRepository.getFreeTextSearchResultsAndCount. For query::add_sql. Each part goes by an index of its own,
// which one condition over all these tables could not.
inline constexpr std::string_view kProductSearch =
    "t.id IN (SELECT p.id FROM product p WHERE $hidden(p) AND (p.description ILIKE $? OR p.title ILIKE $?) UNION ALL "
    "SELECT v.product_id FROM product_variant v WHERE v.deleted_at IS NULL AND (v.title ILIKE $? OR v.sku ILIKE $?) "
    "UNION ALL SELECT p.id FROM product_collection c JOIN product p ON p.collection_id = c.id WHERE $hidden(p) AND "
    "c.deleted_at IS NULL AND c.title ILIKE $?)";
// A text[] literal stands behind each $?.
inline constexpr std::string_view kInSalesChannels =
    "EXISTS (SELECT 1 FROM product_sales_channel psc JOIN sales_channel sc ON sc.id = psc.sales_channel_id AND "
    "sc.deleted_at IS NULL WHERE psc.product_id = t.id AND psc.sales_channel_id = ANY($?::text[]))";
inline constexpr std::string_view kWithTags =
    "EXISTS (SELECT 1 FROM product_tags pt WHERE pt.product_id = t.id AND pt.product_tag_id = ANY($?::text[]))";

// The filters of both sides, between those that each has for itself.
std::vector<query::Filter> product_filters(std::vector<query::Filter> ahead, const std::vector<query::Filter>& behind);

// Those of the admin's list.
const std::vector<query::Filter>& admin_product_filters();

// Which categories count.
enum class Categories { all, only_public };
// What `category_id` and `include_category_children` of the query ask.
void by_category(const base::Json& query, Categories which, query::Read& read);

} // namespace commerce::catalogue
