// What is kept in the process and until when: the tables of which replies kept `while_catalogue_unchanged` may be made, whose
// changes db::ChangeLog is told of, and those whose rows db::KeptRows may keep.
// Called by app at start, and by the rows of commerce's routes on the request's fiber.
#pragma once
#include "db/row_log.hpp"
#include "http/http.hpp"
#include "query/query.hpp"
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace commerce {

// Those that the schema lacks are none.
std::span<const std::string_view> watched_tables();
// SQL: when such a reply changes by itself, because a price list begins or ends.
std::string_view next_watched_change();

// The shop's own tables: their rows are the same for everybody, and read far more often than they change. With the columns by
// which relations lead to them. Those that the schema lacks are none.
std::span<const db::LoggedTable> kept_tables();

// The one of them that each order changes: of its changes a kept reply is told by product.
std::string_view sold_table();
std::string_view sold_column();

// A Resource's `sales_leave_count`: no row of that table decides which rows are read.
bool chosen_apart_from_sales(const query::Read& read);
// A Resource's `shown_products`: those whose rows of that table the reply shows, and by none of which its rows are chosen;
// nullopt: it can't be told.
std::optional<std::vector<std::string>> shown_products(const query::Read& read, const query::Tree& tree);

// A Resource's `keepable`: whether all that the read shows comes from these tables, and none of it is chosen by a
// discount's condition.
bool shows_watched(const http::Context& context, const query::Read& read);

} // namespace commerce
