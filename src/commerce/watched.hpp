// What is kept in the process and until when: the tables of which replies kept `while_catalogue_unchanged` may be made, whose
// changes db::ChangeLog is told of, and those whose rows db::KeptRows may keep.
// Called by app at start, and by the rows of commerce's routes on the request's fiber.
#pragma once
#include "db/row_log.hpp"
#include "http/http.hpp"
#include "query/query.hpp"
#include <span>
#include <string_view>

namespace commerce {

// Those that the schema lacks are none.
std::span<const std::string_view> watched_tables();
// SQL: when such a reply changes by itself, because a price list begins or ends.
std::string_view next_watched_change();

// The shop's own tables: their rows are the same for everybody, and read far more often than they change. With the columns by
// which relations lead to them. Those that the schema lacks are none.
std::span<const db::LoggedTable> kept_tables();

// A Resource's `keepable`: whether all that the read shows comes from these tables, and none of it is chosen by a
// discount's condition.
bool shows_watched(const http::Context& context, const query::Read& read);

} // namespace commerce
