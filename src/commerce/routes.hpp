// All routes of the shop. Called once at start by app, and by tests.
#pragma once
#include "http/http.hpp"
#include <span>
#include <string_view>

namespace commerce {

http::Routes all_routes();

// The tables that replies kept `while_catalogue_unchanged` are made of; those that the schema lacks are none.
std::span<const std::string_view> catalogue_tables();
// SQL: when such a reply changes by itself, because a price list begins or ends.
std::string_view next_catalogue_change();

} // namespace commerce
