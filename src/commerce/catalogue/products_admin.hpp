// The catalogue as an admin sees and changes it: products with their options and variants. Called once at start, to
// collect the routes.
#pragma once
#include "http/described.hpp"
#include "http/http.hpp"

namespace commerce::catalogue {

http::Routes product_admin_routes(); // reading products, types and tags
http::Routes product_write_routes(); // creating, changing and deleting products
http::Routes price_list_product_routes();
http::Routes option_admin_routes();
http::Routes variant_admin_routes();

// What the answers to writes of products are, in words.
http::DescribedPtr shown_product();

} // namespace commerce::catalogue
