// What replies kept `while_catalogue_unchanged` may be made of: the tables whose changes db::ChangeLog is told of.
// Called by app at start, and by the rows of commerce's routes on the request's fiber.
#pragma once
#include "http/http.hpp"
#include "query/query.hpp"
#include <span>
#include <string_view>

namespace commerce {

// Those that the schema lacks are none.
std::span<const std::string_view> watched_tables();
// SQL: when such a reply changes by itself, because a price list begins or ends.
std::string_view next_watched_change();

// A Resource's `keepable`: whether all that the read shows comes from these tables, and none of it is chosen by a
// discount's condition.
bool shows_watched(const http::Context& context, const query::Read& read);

} // namespace commerce
